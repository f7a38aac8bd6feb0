"""The desk's lists as declared: what changed, and what stands still."""

from puyou.cases.models import CaseEvent
from puyou.cases.tables import state_name
from puyou.core.tables import Column, Empty, Table
from puyou.workbench import stuck


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
