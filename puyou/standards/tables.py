"""How lists of rules look."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.core.tables import Column, Empty, Table
from puyou.standards import seeds
from puyou.standards.models import RuleVersion
from puyou.standards.queries import CurrentRule


def value_of(version: RuleVersion | None) -> str:
    """A version's value and unit in words."""
    if version is None:
        return "未设"
    if version.value in seeds.OPTIONS:
        return seeds.OPTIONS[version.value]
    return f"{version.value} {seeds.UNITS.get(version.unit, version.unit)}"


def area_of(version: RuleVersion | None) -> str:
    """The area class in words."""
    return seeds.AREA_CLASSES.get(version.area_class, "不分") if version else "不分"


def place_of(version: RuleVersion | None) -> str:
    """Where a version applies."""
    return version.place.name if version and version.place else "全国"


def badge(version: RuleVersion | None) -> SafeString:
    """未经核实 or 已核实 as a mark with its word."""
    if version is None:
        return SafeString("–")
    mark = "met" if version.verification == RuleVersion.Verification.VERIFIED else "pending"
    return format_html('<span class="badge {}">{}</span>', mark, version.get_verification_display())


def _verify_address(version: Any) -> str | None:
    if version.verification == RuleVersion.Verification.VERIFIED:
        return None
    return reverse("rule_version_verify", args=[version.pk])


RULES = Table(
    code="rules",
    title="准则",
    counter="项",
    page_size=200,
    columns=(
        Column("准则", "rule.name", head=True, link=lambda row: reverse("rule", args=[row.rule.code])),
        Column("区域类别", lambda row: area_of(row.version)),
        Column("适用范围", lambda row: place_of(row.version)),
        Column("数值", lambda row: value_of(row.version)),
        Column("生效日期", "version.valid_from", format="day"),
        Column(
            "核实",
            lambda row: row.version.get_verification_display() if row.version else "–",
            show=lambda row: badge(row.version),
        ),
        Column("依据", "version.source", minor=True),
    ),
    empty=Empty("还没有任何准则。", "初始化之后，法定频次与产品默认值会出现在这里。"),
)

VERSIONS = Table(
    code="versions",
    title="历次版本",
    counter="个版本",
    page_size=200,
    columns=(
        Column("数值", value_of, head=True),
        Column("区域类别", area_of),
        Column("适用范围", place_of),
        Column("生效日期", "valid_from", format="day"),
        Column("失效日期", lambda row: row.valid_to, format="day"),
        Column("核实", "get_verification_display", show=badge, link=_verify_address),
        Column("核实人", "verified_by.name"),
        Column("依据", "source", minor=True),
        Column("发布时间", "published_at", format="moment", minor=True),
    ),
    empty=Empty("这项准则还没有版本。", "发布一个版本之后，它从生效日期起用于判定。"),
)

__all__ = ["RULES", "VERSIONS", "CurrentRule", "value_of"]
