"""The tables of this room: indicators with their values, a series, parts, comparisons, versions, returns."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html

from puyou.core.tables import Column, Empty, Table

UNVERIFIED = "未经核实"
MISSING = "—"


def _address(row: Any) -> str:
    asked = urlencode({"place": row["value"].place.code, "period": row["value"].period.name})
    return f"/indicators/{row['value'].indicator.code}/?{asked}"


def _place_address(row: Any) -> str:
    return _address(row)


def _said(name: str) -> Callable[[Any], Any]:
    return lambda row: row[name]


def _value(row: Any) -> Any:
    value = row["value"]
    if value.exact is not None:
        return value.shown
    return format_html('<span class="quiet" title="{}">—</span>', value.missing)


def _note(row: Any) -> str:
    value = row["value"]
    if value.missing:
        return str(value.missing)
    return UNVERIFIED if value.version and value.version.verification == "unverified" else ""


def _missing(row: Any) -> str:
    return str(row["value"].missing)


VALUE = Column("数值", lambda row: row["value"].value, format="count", show=_value)
UNIT = Column("单位", lambda row: row["value"].unit.text, minor=True)

INDICATORS = Table(
    code="indicators",
    title="指标",
    counter="项",
    columns=(
        Column("类别", _said("group"), minor=True),
        Column("指标", lambda row: row["value"].indicator.name, link=_address, head=True),
        VALUE,
        UNIT,
        Column("比上期", _said("previous")),
        Column("比上年同期", _said("year_on_year")),
        Column("性质", lambda row: row["value"].indicator.get_nature_display(), minor=True),
        Column("说明", _note, minor=True),
    ),
    page_size=100,
    empty=Empty("这一地区和时期没有可以显示的指标。", "换一个时期，或选择“全部指标”。"),
)

SERIES = Table(
    code="series",
    title="历期数值",
    counter="期",
    columns=(
        Column("时期", lambda row: row["value"].period.label, link=_address, head=True),
        VALUE,
        UNIT,
        Column("比上期", _said("previous")),
        Column(
            "口径", lambda row: f"第 {row['value'].version.number} 版" if row["value"].version else MISSING
        ),
        Column("说明", _missing),
    ),
    page_size=40,
)

PLACES = Table(
    code="places",
    title="下级地区",
    counter="个地区",
    columns=(
        Column("地区", lambda row: row["value"].place.name, link=_place_address, head=True),
        VALUE,
        UNIT,
        Column("分子", _said("numerator"), minor=True),
        Column("分母", _said("denominator"), minor=True),
        Column("说明", _missing, minor=True),
    ),
    page_size=100,
    empty=Empty("没有下级地区。", ""),
)

PARTS = Table(
    code="parts",
    title="算式各项",
    counter="项",
    columns=(
        Column("项", "name", head=True),
        Column("来源", "kind_name"),
        Column("时期", lambda part: part.period.label),
        Column("数值", lambda part: _amount(part.amount)),
        Column("说明", lambda part: part.amount.missing or part.source),
        Column(
            "明细", lambda part: "查看明细" if part.link else MISSING, link=lambda part: part.link or None
        ),
    ),
    empty=Empty("没有可以列出的项。", "数值缺失或样本不足时不列各项。"),
)

COMPARISONS = Table(
    code="comparisons",
    title="比较",
    counter="项",
    columns=(
        Column("比较", "name", head=True),
        Column("对象", "against"),
        Column("算法", lambda row: row.arithmetic or row.missing),
        Column("注意", "caution"),
    ),
    empty=Empty("没有可以比较的时期或目标。", ""),
)

VERSIONS = Table(
    code="versions",
    title="口径版本",
    counter="版",
    columns=(
        Column("版", "number", head=True),
        Column("算式", "formula"),
        Column("启用", "valid_from", format="day"),
        Column("停用", "valid_to", format="day"),
        Column("出处", "source"),
        Column("核实", lambda row: row.get_verification_display()),
        Column("范围与说明", lambda row: "；".join(filter(None, (row.sample_scope, row.note)))),
    ),
)


def _remarks(row: Any) -> str:
    return "；".join(filter(None, (row.note, row.ground and f"更正：{row.ground}")))


RETURNS = Table(
    code="returns",
    title="填报值",
    counter="条",
    columns=(
        Column("填报项", "item.name", head=True),
        Column("地区", "place.name"),
        Column("时期", lambda row: row.when.label),
        Column("企业", lambda row: row.operator.name if row.operator else MISSING, minor=True),
        Column("数值", lambda row: f"{row.qualifier if row.qualifier == '约' else ''}{row.value.normalize():,f}"
               f"{row.qualifier if row.qualifier == '多' else ''}"),
        Column("单位", "item.unit"),
        Column("出处", "source", link=lambda row: row.address or None),
        Column("说明", _remarks, minor=True),
        Column("录入", "recorded_at", format="moment", minor=True),
        Column("状态", lambda row: "有效" if row.superseded_at is None else "已被更正"),
    ),
    empty=Empty("还没有填报值。", "填报表审核通过后，或装载公布的数字后，会出现在这里。"),
)  # fmt: skip


def _amount(amount: Any) -> str:
    if amount.value is None:
        return MISSING
    return f"{amount.value.normalize():,f}{amount.qualifier and f'（{amount.qualifier}）'} {amount.unit.text}".strip()
