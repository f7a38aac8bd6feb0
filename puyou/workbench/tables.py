"""The desk's lists as declared: what changed, and what stands still."""

from typing import Any

from django.utils.html import format_html

from puyou.cases.models import CaseEvent
from puyou.cases.tables import state_name
from puyou.core.tables import Column, Empty, Table
from puyou.workbench import stuck
from puyou.workbench.channels import CHANNELS
from puyou.workbench.models import ChannelSetting, Delivery


def actor_text(event: CaseEvent) -> str:
    """Who acted, as an office and a role: names stand on the case's own page."""
    return f"{event.organisation} {event.role}".strip()


CHANGES = Table(
    code="changes",
    title="昨天以来的变化",
    counter="项",
    columns=(
        Column("案件", "case.title", link=lambda event: f"/cases/{event.case_id}/", head=True),
        Column("办理事项", "name"),
        Column("办理人", actor_text),
        Column("案号", "case.number", minor=True),
        Column("时间", "at", format="moment"),
    ),
    empty=Empty("昨天以来没有变化。", "他人办理您的、您所在机构的或您关注的案件后，会出现在这里。"),
)
STUCK = Table(
    code="stuck",
    title="停滞案件",
    counter="件",
    columns=(
        Column("案件", "case.title", link=lambda row: f"/cases/{row.case_id}/", head=True),
        Column("状态", lambda row: state_name(row.case)),
        Column("为什么", stuck.why),
        Column("怎么办", stuck.remedy),
        Column("主管部门", "case.office.name", minor=True),
        Column("案号", "case.number", minor=True),
        Column("发现", "found_at", format="moment", sort="found_at"),
    ),
    empty=Empty("没有停滞的案件。", "每小时检查一次：没有人可以办理、也没有期限在计算的案件会列在这里。"),
)
BADGES = {"waiting": "pending", "sent": "met", "failed": "danger", "dropped": "quiet"}


def _channel(row: ChannelSetting | Delivery) -> str:
    return CHANNELS[row.channel].name if row.channel in CHANNELS else row.channel


def _receiver(row: Delivery) -> str:
    """The group's office, or the person; a person's address is shown in part only."""
    if row.user is None:
        return row.setting.organisation.name if row.setting else ""
    return f"{row.user.name} {row.sent_to}".strip()


def _status(row: Delivery) -> Any:
    return format_html('<span class="badge {}">{}</span>', BADGES[row.status], row.get_status_display())


_SENT = (
    Column("时间", "created_at", format="moment", head=True),
    Column("类别", "get_kind_display"),
    Column("渠道", _channel),
    Column("发给", _receiver),
    Column("结果", "status", show=_status),
    Column("尝试", "attempts", unit="次", format="count", minor=True),
    Column("原因", "error"),
)
DELIVERIES = Table(
    code="deliveries",
    title="发送记录",
    columns=_SENT,
    most_counted=10_000,
    empty=Empty("还没有发送记录。", "有人要求接收通知或摘要、渠道已设置之后，会出现在这里。"),
)
OWN_DELIVERIES = Table(
    code="deliveries",
    title="发给我的",
    columns=_SENT,
    page_size=20,
    empty=Empty("还没有发给您的消息。", "勾选即时发送或每日摘要、机构启用渠道之后，会出现在这里。"),
)
CHANNELS_SET = Table(
    code="channels",
    title="通知渠道",
    columns=(
        Column(
            "机构",
            "organisation.name",
            head=True,
            link=lambda row: f"/system/channels/{row.organisation_id}/{row.channel}/",
        ),
        Column("渠道", _channel),
        Column("是否启用", lambda row: "启用" if row.enabled else "停用"),
        Column("更改", "changed_at", format="moment"),
        Column("更改人", "changed_by.name", minor=True),
    ),
    empty=Empty("还没有设置通知渠道。", "设置之后，本机构和下级机构的人员可以选择另用邮件或短信接收通知。"),
)
