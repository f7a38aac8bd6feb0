"""How the desk's lists look."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from puyou.core import clock
from puyou.core.tables import Column, Empty, Table
from puyou.fieldwork.devices import STANDINGS, worries

BADGES = {
    "uncovered": "danger",
    "silent": "provisional",
    "waiting": "pending",
    "absent": "missed",
    "out": "quiet",
    "part": "provisional",
    "done": "met",
}
STOP_BADGES = {"未到": "pending", "已到": "met", "今日无邮件，已到": "met", "已到，不计入": "provisional"}


def hour(value: Any) -> str:
    """``09:42`` in Asia/Shanghai."""
    return "" if value is None else f"{value.astimezone(clock.SHANGHAI):%H:%M}"


def badge(code: str, text: str) -> Any:
    """Text with a mark; plain when the code has none."""
    return format_html('<span class="badge {}">{}</span>', code, text) if code != "quiet" else text


def _round(row: Any) -> str:
    address = reverse("fieldwork_round", args=[row.round_id])
    return address if row.on == clock.today() else f"{address}?day={row.on}"


def _courier(row: Any) -> str | None:
    return reverse("fieldwork_courier", args=[row.courier_id]) if row.courier_id else None


def _name(row: Any) -> str:
    return f"{row.courier_name}（代班）" if row.substitute else str(row.courier_name)


def _moment(value: datetime) -> str:
    """``09:42`` of today, else ``11月25日 09:42``."""
    local = value.astimezone(clock.SHANGHAI)
    return (
        f"{local:%H:%M}" if local.date() == clock.today() else f"{local.month}月{local.day}日 {local:%H:%M}"
    )


def _heard(row: Any) -> str:
    if row.courier_id is None:
        return ""
    if row.heard_at is None:
        return "从未联系"
    return _moment(row.heard_at)


def _visit(row: Any) -> str | None:
    return f"/visits/{row.visits[0].pk}/" if row.visits else None


BOARD = Table(
    code="board",
    title="班务",
    counter="段",
    page_size=200,
    columns=(
        Column("投递段", lambda row: row.round_name or row.round_number, head=True, link=_round),
        Column("投递员", _name, link=_courier),
        Column("状态", "told", show=lambda row: badge(BADGES[row.state], row.told)),
        Column("应到", "planned", unit="村", format="count"),
        Column("已到", "visited", unit="村", format="count"),
        Column("未到", "left", unit="村", format="count"),
        Column("计划外", lambda row: f"{row.extra} 村" if row.extra else "", minor=True),
        Column("出班", lambda row: hour(row.started_at), minor=True),
        Column("首次到村", lambda row: hour(row.first_at)),
        Column("末次到村", lambda row: hour(row.last_at)),
        Column("收班", lambda row: hour(row.ended_at), minor=True),
        Column("手机最近联系", _heard),
        Column("提示", "hint"),
    ),
    empty=Empty("没有符合条件的投递段。", "排定班期并派员之后会出现在这里；也可放宽筛选条件。"),
    key=lambda row: f"{row.round_id}-{row.courier_id or 0}",
)
COVERAGE = Table(
    code="coverage",
    title="各地班务",
    counter="个地区",
    page_size=200,
    order="place.code",
    columns=(
        Column(
            "地区",
            "place.name",
            sort="place.name",
            head=True,
            link=lambda row: f"{reverse('fieldwork')}?place={row.place.code}",
        ),
        Column("应出班", "rounds", unit="段", format="count", sort="rounds"),
        Column("已有到村", "begun", unit="段", format="count", sort="begun"),
        Column("应到", "planned", unit="村", format="count", sort="planned"),
        Column("已到", "visited", unit="村", format="count", sort="visited"),
        Column("未到", "left", unit="村", format="count", sort="left"),
        Column("已到占比", "share", format="rate", sort="share"),
    ),
    empty=Empty("这一天没有应出班的投递段。", "排定班期之后会出现在这里。"),
    key="place.code",
)
STOPS = Table(
    code="stops",
    title="当日各村",
    counter="个村",
    page_size=200,
    columns=(
        Column("次序", "order", format="count"),
        Column("村", "name", head=True, link=lambda row: f"/atlas/{row.code}/"),
        Column("乡镇", "township", minor=True),
        Column("应到的人", "expected"),
        Column("状态", "state", show=lambda row: badge(STOP_BADGES[row.state], row.state)),
        Column("到村", lambda row: hour(row.visited_at), link=_visit),
        Column("疑点", "findings"),
        Column("频次", "duty", minor=True),
        Column("本周已投／应投", "week"),
        Column("上次投递", lambda row: row.due.served_on if row.due else None, format="day", minor=True),
    ),
    empty=Empty("这个投递段这一天没有班。", "班期在名录的投递段页面查看。"),
    key="code",
)


def _tag_end(row: Any) -> str | None:
    return reverse("fieldwork_tag_end", args=[row.pk]) if row.valid_to is None else None


TAGS = Table(
    code="tags",
    title="村码",
    counter="张",
    order="place__code",
    columns=(
        Column(
            "村", "place.name", sort="place__code", head=True, link=lambda row: f"/atlas/{row.place.code}/"
        ),
        Column("村代码", "code", minor=True),
        Column("编号", "number", format="count"),
        Column("类型", "get_kind_display", sort="kind"),
        Column("启用", "valid_from", format="day", sort="valid_from"),
        Column("停用", "valid_to", format="day", sort="valid_to"),
        Column("停用原因", "ground", minor=True),
        Column("办理", lambda row: "停用" if row.valid_to is None else "", link=_tag_end, exported=False),
    ),
    empty=Empty("这里还没有村码。", "发出村码、打印并张贴在接转点之后，会出现在这里。"),
)


def _device(row: Any) -> str:
    return reverse("fieldwork_device", args=[row.pk])


def _contact(row: Any) -> str:
    return "" if row.contact_at is None else _moment(row.contact_at)


STANDING_BADGES = {"active": "met", "suspended": "provisional", "revoked": "danger"}
FLEET = Table(
    code="fleet",
    title="设备",
    counter="台",
    order="courier_number",
    columns=(
        Column("设备", lambda row: row.label or row.identifier, head=True, link=_device),
        Column(
            "领用人",
            lambda row: row.courier_name or "无人领用",
            sort="courier_name",
            link=_courier,
        ),
        Column("工号", "courier_number", sort="courier_number", minor=True),
        Column(
            "状态",
            lambda row: STANDINGS[row.standing],
            show=lambda row: badge(STANDING_BADGES[row.standing], STANDINGS[row.standing]),
        ),
        Column(
            "值得一看",
            lambda row: "；".join(worries(row)),
            show=lambda row: badge("provisional", "；".join(worries(row))) if any(worries(row)) else "",
        ),
        Column("最近联系", "contact_at", format="moment", sort="contact_at", show=_contact),
        Column("应用版本", lambda row: row.app or "", minor=True),
    ),
    empty=Empty("您的管辖范围内还没有设备。", "为投递员发开通码，手机开通之后会出现在这里。"),
    key="identifier",
)
CODES = Table(
    code="codes",
    title="开通码",
    counter="个",
    columns=(
        Column("投递员", "courier.name", head=True, link=_courier),
        Column("工号", "courier.number", minor=True),
        Column("发放", "issued_at", format="moment"),
        Column("失效", "expires_at", format="moment"),
        Column("状态", lambda row: "可用" if row.is_open else "已用" if row.used_at else "已失效"),
    ),
    page_size=10,
    empty=Empty("还没有发过开通码。", "新手机、换手机都从发开通码开始。"),
    exports=False,
)
STANDINGS_OF_DEVICE = Table(
    code="standings",
    title="状态变化",
    columns=(
        Column("时间", "at", format="moment", head=True),
        Column("状态", "get_standing_display"),
        Column("原因", "ground"),
    ),
    empty=Empty("没有暂停或收回过。", "暂停、恢复、收回之后会出现在这里。"),
    exports=False,
)
KEYS = Table(
    code="keys",
    title="密钥",
    columns=(
        Column("开通", "enrolled_at", format="moment", head=True),
        Column("投递员", "courier.name", link=_courier),
        Column("手机", "label"),
        Column("密钥指纹", lambda row: row.key_id[:12], minor=True),
        Column("停用", "ended_at", format="moment"),
    ),
    empty=Empty("这台设备还没有密钥。", "用开通码开通之后会出现在这里。"),
    exports=False,
)


SLIPS = Table(
    code="slips",
    title="近来补录的交接单",
    page_size=20,
    columns=(
        Column("村", "place_name", head=True, link=lambda row: f"/visits/{row.pk}/"),
        Column("交接日期", "day", format="day"),
        Column("投递员", "courier_name", link=_courier),
        Column("录入", "received_at", format="moment", minor=True),
        Column("计次", "standing"),
    ),
    empty=Empty("还没有补录过交接单。", "补录之后会出现在这里，也列入到村投递，来源为纸质补录。"),
)
