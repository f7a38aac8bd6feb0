"""The list of closed cases with how long each is kept and whether it was archived."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases import queries
from puyou.cases.archive import standing
from puyou.cases.models import Case
from puyou.cases.tables import MOST_COUNTED, address_of, state_name
from puyou.core import clock, formats
from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table

STANDINGS = {"archived": "已归档", "waiting": "未归档", "stale": "需再次归档"}


def list_closed(scope: Scope, user: User | None) -> QuerySet[Any]:
    """Closed cases in sight, the latest closed first, each with its latest archive."""
    held = queries.list_cases(scope, user).exclude(closed_at=None)
    return standing.marked(held).order_by("-closed_at", "-id")


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ArchiveFilters(Filters):
    """By standing, number or title, closing and end of keeping."""

    q = forms.CharField(label="案号或事项", required=False, max_length=60)
    standing = forms.ChoiceField(label="归档", required=False, choices=[("", "全部"), *STANDINGS.items()])
    kept_from = _day("保存至（自）")
    kept_to = _day("保存至（到）")
    closed_from = _day("办结自")
    closed_to = _day("办结至")
    lookups = {
        "kept_from": "retain_until__gte",
        "kept_to": "retain_until__lte",
        "closed_from": "closed_at__date__gte",
        "closed_to": "closed_at__date__lte",
    }
    further = ("closed_from", "closed_to")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for first, last in (("kept_from", "kept_to"), ("closed_from", "closed_to")):
            if values.get(first) and values.get(last) and values[last] < values[first]:
                self.add_error(last, "不能早于起始日期")
        return values

    def narrow(self, rows: Any, values: Any) -> Any:
        rows = super().narrow(rows, values)
        if text := values.get("q", "").strip():
            rows = rows.filter(Q(number__contains=text) | Q(title__contains=text))
        if chosen := values.get("standing"):
            rows = (
                rows.filter(stale=True)
                if chosen == "stale"
                else rows.filter(archived_at__isnull=chosen == "waiting")
            )
        return rows


def _kept(case: Case) -> Any:
    text = formats.day(case.retain_until)
    over = case.retain_until is not None and case.retain_until < clock.today()
    return format_html('{} <span class="badge provisional">保存期满</span>', text) if over else text


def _archived(case: Any) -> Any:
    if not case.archived_at:
        return "未归档"
    text = formats.moment(case.archived_at)
    return format_html('{} <span class="badge provisional">需再次归档</span>', text) if case.stale else text


ARCHIVES = Table(
    code="archives",
    title="归档案件",
    counter="件",
    most_counted=MOST_COUNTED,
    columns=(
        Column("事项", "title", link=lambda case: f"{address_of(case)}#archive", head=True),
        Column("案号", "number", minor=True),
        Column("程序", "version.procedure.name", minor=True),
        Column("地点", "place.name", minor=True),
        Column("结果", state_name),
        Column("办结", "closed_at", format="moment", sort="closed_at", minor=True),
        Column(
            "归档",
            lambda case: formats.moment(case.archived_at) if case.archived_at else "未归档",
            show=_archived,
        ),
        Column("保存至", "retain_until", format="day", sort="retain_until", show=_kept),
        Column("目录 SHA-256", lambda case: case.archived or "", minor=True),
    ),
    empty=Empty("没有符合条件的案件。", "案件办结后会出现在这里；归档后可以取出整卷，并核验是否完好。"),
)
