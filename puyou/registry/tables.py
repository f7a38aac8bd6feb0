"""How the registry's lists look."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from puyou.core.tables import Column, Empty, Table
from puyou.registry.models import AreaClass, VillagePoint

PERIODS = {"day": "每日", "week": "每周"}
NONE_YET = "没有记录。"
SPAN = (
    Column("开始日期", "valid_from", format="day", sort="valid_from"),
    Column("截止日期", lambda row: row.valid_to, format="day", sort="valid_to"),
)


def duty_text(times: int | None, period: str | None) -> str:
    """``每周 3 次``; without a duty, so."""
    return f"{PERIODS.get(period or '', period)} {times} 次" if times else "无"


def _area(row: Any) -> str:
    return str(AreaClass(row.duty_class).label) if row.duty_class else "–"


def _standing(row: Any) -> str:
    return str(VillagePoint.Standing(row.point_standing).label) if row.point_standing else "无村点"


def _finding(below: bool | None) -> str:
    return "低于下限" if below else ""


def _finding_badge(below: bool | None) -> Any:
    return format_html('<span class="badge missed">{}</span>', _finding(below)) if below else ""


def _village(row: Any) -> str:
    return reverse("registry_village", args=[row.place.code])


def _round(row: Any) -> str | None:
    return reverse("registry_round", args=[row.round_id]) if row.round_id else None


def _days_of_week(row: Any) -> str:
    if row.weekdays == 127:
        return "每天"
    return "周" + "、".join("一二三四五六日"[bit] for bit in range(7) if row.weekdays >> bit & 1)


VILLAGE = (
    Column("村", "place.name", sort="place__name", link=_village, head=True),
    Column("代码", "place.code", sort="place__path"),
    Column("所属", "place.parent.name", minor=True),
)
VILLAGES = Table(
    code="villages",
    title="建制村名录",
    counter="个村",
    order="place__path",
    columns=(
        *VILLAGE,
        Column("区域类别", _area, sort="duty_class"),
        Column("投递频次", lambda row: duty_text(row.duty_times, row.duty_period), sort="duty_times"),
        Column("疑点", lambda row: _finding(row.duty_below), show=lambda row: _finding_badge(row.duty_below)),
        Column("村点", _standing, sort="point_standing"),
        Column("投递段", "round_number", sort="round_number", link=_round),
        Column("投递员", "courier_name", sort="courier_name"),
    ),
    empty=Empty("这里还没有承担投递频次的村。", "载入投递频次之后，村会出现在这里；也可放宽筛选条件。"),
)


def _duty_address(row: Any) -> str:
    return reverse("registry_duty", args=[row.pk])


DUTIES = Table(
    code="duties",
    title="投递频次",
    order="-valid_from",
    columns=(
        Column("频次", lambda row: duty_text(row.times, row.period), head=True, link=_duty_address),
        Column("区域类别", "get_area_class_display"),
        Column(
            "疑点", lambda row: _finding(row.below_floor), show=lambda row: _finding_badge(row.below_floor)
        ),
        Column("承担企业", lambda row: row.operator.name if row.operator else "中国邮政"),
        *SPAN,
    ),
    empty=Empty("这个村没有投递频次。", "载入投递频次之后会出现在这里。"),
)
POINTS = Table(
    code="points",
    title="村点",
    order="-valid_from",
    columns=(
        Column("认定", "get_standing_display", head=True),
        Column("经度", "lon"),
        Column("纬度", "lat"),
        Column("依据", "source"),
        *SPAN,
    ),
    empty=Empty("这个村还没有村点。", "确认村点之后，距离过远的打卡不再计入投递次数。"),
)
VILLAGE_ROUNDS = Table(
    code="village_rounds",
    title="所在投递段",
    order="-valid_from",
    columns=(
        Column("投递段", "round.number", link=_round, head=True),
        Column("名称", "round.name"),
        Column("班期", _days_of_week),
        *SPAN,
    ),
    empty=Empty("这个村不在任何投递段上。", "编入投递段并派员之后会出现在这里。"),
)
VILLAGE_DELIVERY_POINTS = Table(
    code="village_delivery_points",
    title="接转点",
    order="-valid_from",
    columns=(
        Column(
            "接转点",
            "point.name",
            link=lambda row: reverse("registry_delivery_point", args=[row.point_id]),
            head=True,
        ),
        Column("类型", "point.get_kind_display"),
        *SPAN,
    ),
    empty=Empty("这个村不经接转点投递。", "登记接转点服务村之后会出现在这里。"),
)
COURIERS = Table(
    code="couriers",
    title="投递员",
    counter="人",
    order="number",
    columns=(
        Column(
            "工号",
            "number",
            sort="number",
            head=True,
            link=lambda row: reverse("registry_courier", args=[row.pk]),
        ),
        Column("姓名", "name", sort="name"),
        Column("企业", lambda row: row.organisation.name if row.organisation else "中国邮政"),
        Column("投递段", "round_number", sort="round_number"),
        Column("设备", "device_identifier", sort="device_identifier", minor=True),
        *SPAN,
    ),
    empty=Empty("您的管辖范围内还没有投递员。", "由企业登记投递员之后会出现在这里。"),
)
DEVICES = Table(
    code="devices",
    title="设备",
    counter="台",
    order="identifier",
    columns=(
        Column(
            "设备标识",
            "identifier",
            sort="identifier",
            head=True,
            link=lambda row: reverse("registry_device", args=[row.pk]),
        ),
        Column(
            "领用人",
            "courier_name",
            sort="courier_name",
            link=lambda row: reverse("registry_courier", args=[row.courier_id]) if row.courier_id else None,
        ),
        Column("登记时间", "enrolled_at", format="moment", sort="enrolled_at"),
    ),
    empty=Empty("您的管辖范围内还没有设备。", "设备由投递员领用之后会出现在这里。"),
)
BINDINGS = Table(
    code="bindings",
    title="设备领用",
    order="-valid_from",
    columns=(
        Column(
            "设备标识",
            "device.identifier",
            head=True,
            link=lambda row: reverse("registry_device", args=[row.device_id]),
        ),
        Column("领用人", "courier.name", link=lambda row: reverse("registry_courier", args=[row.courier_id])),
        *SPAN,
    ),
    empty=Empty(NONE_YET, "领用设备之后会出现在这里；没有设备的村按未接入计。"),
)
ROUNDS = Table(
    code="rounds",
    title="投递段",
    counter="段",
    order="number",
    columns=(
        Column(
            "编号",
            "number",
            sort="number",
            head=True,
            link=lambda row: reverse("registry_round", args=[row.pk]),
        ),
        Column("名称", "name", sort="name"),
        Column("投递员", "courier_name", sort="courier_name"),
        Column("村数", "village_count", unit="个", format="count", sort="village_count"),
        Column("企业", lambda row: row.organisation.name if row.organisation else "中国邮政", minor=True),
    ),
    empty=Empty("您的管辖范围内还没有投递段。", "设立投递段并编入村之后会出现在这里。"),
)
ROUND_VILLAGES = Table(
    code="round_villages",
    title="投递段上的村",
    counter="个村",
    order="place__path",
    columns=(
        *VILLAGE,
        Column("班期", _days_of_week),
        *SPAN,
    ),
)
ROUND_COURIERS = Table(
    code="round_couriers",
    title="派员",
    order="-valid_from",
    columns=(
        Column(
            "投递员",
            "courier.name",
            head=True,
            link=lambda row: reverse("registry_courier", args=[row.courier_id]),
        ),
        Column("投递段", "round.number", link=_round),
        Column("性质", lambda row: "代班" if row.substitute else "固定"),
        *SPAN,
    ),
    empty=Empty(NONE_YET, "派员之后会出现在这里。"),
)
DELIVERY_POINTS = Table(
    code="delivery_points",
    title="接转点名录",
    counter="处",
    order="code",
    columns=(
        Column("编号", "code", sort="code"),
        Column(
            "名称",
            "name",
            sort="name",
            head=True,
            link=lambda row: reverse("registry_delivery_point", args=[row.pk]),
        ),
        Column("类型", "get_kind_display", sort="kind"),
        Column("服务村数", "village_count", unit="个", format="count", sort="village_count"),
    ),
    empty=Empty("您的管辖范围内还没有接转点。", "登记村委会、村邮站等接转点之后会出现在这里。"),
)
POINT_VILLAGES = Table(
    code="point_villages",
    title="服务的村",
    counter="个村",
    order="place__path",
    columns=(
        *VILLAGE,
        *SPAN,
    ),
)
