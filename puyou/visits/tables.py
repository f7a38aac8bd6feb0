"""The lists of visits as declared: their columns and their filters."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import F, QuerySet

from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table
from puyou.visits import rules
from puyou.visits.models import Review, Source, Visit

ANY = "any"
FINDING_CHOICES = [("", "不限"), (ANY, "有任一疑点"), *((each.code, each.name) for each in rules.FINDINGS)]
WAITING = "waiting"
REVIEW_CHOICES = [("", "不限"), (WAITING, "待审核"), ("none", "未审核"), *Review.Decision.choices]
COUNTING_CHOICES = [("", "不限"), ("yes", "计入"), ("no", "不计入")]


def address_of(visit: Visit) -> str:
    """The page of one visit."""
    return f"/visits/{visit.pk}/"


def decision_of(visit: Any) -> str:
    """The latest decision about a visit in words."""
    return str(Review.Decision(visit.decision).label) if visit.decision else "未审核"


class VisitFilters(Filters):
    """By finding, by whether it counts, by review, by source; place and week stand in the address."""

    finding = forms.ChoiceField(label="疑点", choices=FINDING_CHOICES, required=False)
    counting = forms.ChoiceField(label="是否计入", choices=COUNTING_CHOICES, required=False)
    review = forms.ChoiceField(label="审核", choices=REVIEW_CHOICES, required=False)
    source = forms.ChoiceField(label="来源", choices=[("", "不限"), *Source.choices], required=False)
    lookups = {"source": "source"}

    def narrow(self, rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
        rows = super().narrow(rows, values)
        if values.get("counting"):
            rows = rows.filter(counting=values["counting"] == "yes")
        review = values.get("review")
        if review and review != WAITING:  # whoever asks for what waits gets those rows to begin with
            rows = rows.filter(decision=None if review == "none" else review)
        finding = values.get("finding")
        if finding == ANY:
            return rows.exclude(findings=0)
        if finding:
            rows = rows.annotate(sought=F("findings").bitand(rules.MASK[finding])).filter(sought__gt=0)
        return rows


VISITS = Table(
    code="visits",
    title="到村投递",
    columns=(
        Column("时间", "happened_at", format="moment", link=address_of, head=True),
        Column("村", "place_name"),
        Column("区划代码", "place_code", minor=True),
        Column("投递员", "courier_name"),
        Column("来源", "get_source_display", minor=True),
        Column("距村点", "distance_m", format="metres"),
        Column("是否计入", "standing"),
        Column("疑点", "finding_names", show=lambda visit: visit.marked_names),
        Column("审核", decision_of),
        Column("设备", "device_name", minor=True),
        Column("收到时间", "received_at", format="moment", minor=True),
    ),
    keyset=("-day", "-happened_at", "-id"),
    empty=Empty(
        "所选地区、这一周没有符合条件的到村打卡。",
        "投递员用手机打卡或企业导入后会出现在这里；也可放宽筛选、换一周再看。",
    ),
)
DESK = replace(
    VISITS,
    title="待审核的到村打卡",
    keyset=("-gravity", "-day", "-happened_at", "-id"),
    empty=Empty(
        "没有待审核的到村打卡。",
        "有不计入或可疑的疑点、又还没有人审核的打卡会出现在这里；也可放宽筛选、换一周再看。",
    ),
)
