"""The list of reviews of couriers without positions, as declared."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.core import formats
from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table
from puyou.standards.models import RuleVersion
from puyou.visits.models import PositionReview

OPEN, CLOSED = "open", "closed"
STATE_CHOICES = [("", "不限"), (OPEN, "待结"), (CLOSED, "已结")]


def address_of(review: PositionReview) -> str:
    """The page of one review."""
    return reverse("position_review", args=[review.pk])


def state_of(review: PositionReview) -> str:
    """Whether it is closed, in a word."""
    return "待结" if review.closed_at is None else "已结"


def limit_of(review: Any) -> SafeString:
    """The rule's value, with its standing unless somebody verified it."""
    shown = formats.rate(review.limit, 0)
    if review.limit_standing != RuleVersion.Verification.UNVERIFIED:
        return format_html("{}", shown)
    return format_html('{} <span class="badge pending">未经核实</span>', shown)


def _state(review: PositionReview) -> SafeString:
    mark = "provisional" if review.closed_at is None else "met"
    return format_html('<span class="badge {}">{}</span>', mark, state_of(review))


class PositionReviewFilters(Filters):
    """By state, by the courier's name."""

    state = forms.ChoiceField(label="状态", choices=STATE_CHOICES, required=False)
    name = forms.CharField(label="投递员", required=False, max_length=60)
    lookups = {"name": "courier__name__contains"}

    def narrow(self, rows: QuerySet[PositionReview], values: Any) -> QuerySet[PositionReview]:
        rows = super().narrow(rows, values)
        return rows.filter(closed_at__isnull=values["state"] == OPEN) if values.get("state") else rows


POSITION_REVIEWS = Table(
    code="position_reviews",
    title="无定位占比",
    order="-share_found",
    columns=(
        Column("投递员", "courier.name", sort="courier__name", link=address_of, head=True),
        Column("工号", "courier.number", minor=True),
        Column("所在地区", "place.name", sort="place__path"),
        Column("起", "first_day", format="day", minor=True),
        Column("止", "last_day", format="day", sort="last_day"),
        Column("到村", "visits", unit="次", format="count", sort="visits"),
        Column("无定位", "without", unit="次", format="count", sort="without"),
        Column("占比", "share_found", format="rate", sort="share_found"),
        Column("准则上限", "limit", format="rate", show=limit_of),
        Column("状态", state_of, show=_state),
        Column("理由", "ground", minor=True),
    ),
    empty=Empty(
        "管辖范围内没有无定位占比超过准则的投递员。",
        "每天查看近 28 天的到村打卡；没有位置的占比超过准则的投递员会出现在这里。",
    ),
)
