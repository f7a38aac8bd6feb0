"""The lists of this room as declared: draws, items to check, strata, provinces."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.audits import frames, whiskers
from puyou.audits.models import AuditResult
from puyou.core import formats
from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table

TOO_FEW = "样本不足"
OUTCOMES = dict(AuditResult.Outcome.choices)
METHODS = dict(AuditResult.Method.choices)
MARKS = {"confirmed": "met", "refuted": "missed", "not_established": "pending", "unreachable": "excused"}


def address_of(draw: Any) -> str:
    """The page of a draw."""
    return reverse("audit_draw", args=[draw.pk])


def item_address(item: Any) -> str:
    """The page on which an item's result is recorded."""
    return reverse("audit_item", args=[item.pk])


DRAWS = Table(
    code="audit_draws",
    title="抽核批次",
    counter="批",
    columns=(
        Column("批次", lambda row: f"第 {row.pk} 号", link=address_of, head=True),
        Column("地区", "place.name"),
        Column("起", "first_day", format="day"),
        Column("止", "last_day", format="day"),
        Column("抽样框", "frame_rows", unit="次", format="count"),
        Column("抽取", "items_count", unit="件", format="count"),
        Column("已核", "checked", unit="件", format="count"),
        Column("状态", lambda row: "已抽取" if row.seed else "已固定抽样框，待种子"),
        Column("抽样框摘要", "frame_digest", show=lambda row: f"{row.frame_digest[:12]}…", minor=True),
        Column("再次抽取的理由", "reason", minor=True),
    ),
    empty=Empty("还没有抽核批次。", "省级以上可以新建：先固定抽样框、公布摘要，再定种子、抽取。"),
)


class ItemFilters(Filters):
    """By result, by draw, by courier."""

    outcome = forms.ChoiceField(
        label="结果",
        required=False,
        choices=[("", "不限"), ("waiting", "待核"), *AuditResult.Outcome.choices],
    )
    draw = forms.IntegerField(label="批次", required=False, min_value=1, max_value=2**31 - 1)
    courier = forms.CharField(label="投递员", required=False, max_length=60)
    stratum = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    lookups = {"draw": "draw_id", "courier": "courier__name__contains", "stratum": "stratum__startswith"}

    def narrow(self, rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
        rows, outcome = super().narrow(rows, values), values.get("outcome")
        if outcome == "waiting":
            return rows.filter(outcome=None)
        return rows.filter(outcome=outcome) if outcome else rows


def outcome_of(item: Any) -> str:
    """The result that holds, in a word."""
    return OUTCOMES.get(item.outcome, "待核")


def _outcome(item: Any) -> SafeString:
    return format_html(
        '<span class="badge {}">{}</span>', MARKS.get(item.outcome, "provisional"), outcome_of(item)
    )


ITEMS = Table(
    code="audit_items",
    title="抽核件",
    counter="件",
    columns=(
        Column("村", "place.name", link=item_address, head=True),
        Column("区划代码", "place.code", minor=True),
        Column("打卡日期", "day", format="day"),
        Column("投递员", lambda row: row.courier.name if row.courier else "未登记"),
        Column("批次", lambda row: f"第 {row.draw_id} 号"),
        Column("结果", outcome_of, show=_outcome),
        Column("方式", lambda row: METHODS.get(row.method, "")),
        Column("核查日期", "checked_on", format="day"),
    ),
    empty=Empty("没有需要核查的抽核件。", "抽核批次抽取之后，辖区内被抽中的到村打卡会出现在这里。"),
)


def share_of(row: Any) -> str:
    """The estimated share, or that there is too little."""
    return formats.rate(row.estimate.share) if row.estimate.enough else TOO_FEW


def interval_of(pair: Any) -> str:
    """Two limits in words."""
    return f"{formats.rate(pair[0])}—{formats.rate(pair[1])}" if pair else TOO_FEW


def provinces(draw: Any, right: float) -> Table:
    """Estimates by province; every figure leads to its items. ``right``: the largest limit, for the drawing."""

    def items(row: Any, outcome: str = "") -> str:
        asked = f"?draw={draw.pk}" + (f"&stratum={row.code}-" if row.code else "")
        return reverse("audit_items") + asked + (f"&outcome={outcome}" if outcome else "")

    return Table(
        code="audit_provinces",
        title="分省估计",
        counter="省",
        columns=(
            Column("地区", "name", link=items, head=True),
            Column("抽样框", "estimate.population", unit="次", format="count"),
            Column("抽取", "estimate.sample", unit="件", format="count", link=items),
            Column("已查明", "estimate.resolved", unit="件", format="count", link=items),
            Column(
                "不属实",
                "estimate.refuted",
                unit="件",
                format="count",
                link=lambda row: items(row, "refuted"),
            ),
            Column("不属实占比", share_of, show=_share),
            Column("置信区间", lambda row: interval_of(row.estimate.interval)),
            Column(
                "图示", lambda row: "", show=lambda row: whiskers.draw(row.estimate, right), exported=False
            ),
            Column("未查明全属实—全不属实", lambda row: interval_of(row.estimate.bounds)),
            Column("最宽区间", lambda row: interval_of(row.estimate.outer), minor=True),
        ),
        exports=True,
        empty=Empty("还没有抽取。", "固定抽样框、给出种子之后，这里按省给出估计。"),
    )


def _share(row: Any) -> SafeString:
    if row.estimate.enough:
        return format_html("<strong>{}</strong>", share_of(row))
    return format_html('<span class="quiet">{}</span>', TOO_FEW)


def strata(draw: Any, names: Mapping[str, str]) -> Table:
    """What each stratum holds, gave, and was found to be."""

    def items(row: Any) -> str:
        return f"{reverse('audit_items')}?draw={draw.pk}&stratum={row.name}"

    return Table(
        code="audit_strata",
        title="分层",
        counter="层",
        columns=(
            Column("省", lambda row: names.get(row.name[:2], row.name[:2]), head=True),
            Column("分值·区域", lambda row: frames.told(row.name), link=items),
            Column("抽样框", "population", unit="次", format="count"),
            Column("抽取", "sample", unit="件", format="count", link=items),
            Column("属实", "confirmed", unit="件", format="count"),
            Column("不属实", "refuted", unit="件", format="count"),
            Column("未查明", "unresolved", unit="件", format="count"),
            Column("层内不属实占比", "share", format="rate"),
        ),
        empty=Empty("没有分层。"),
    )
