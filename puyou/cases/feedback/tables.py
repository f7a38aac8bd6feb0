"""The list of reports and the table of figures as declared: columns, filters, and the list behind every number."""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q
from django.utils.html import format_html

from puyou.accounts.scopes import Scope
from puyou.cases import relations, tables
from puyou.cases.feedback import figures, measures, queries
from puyou.cases.feedback.measures import MEASURES
from puyou.cases.feedback.models import Report
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.core import clock
from puyou.core.cells import Column
from puyou.core.filters import Filters
from puyou.core.tables import Empty, Table
from puyou.places import queries as places

LIST = "/cases/feedback/"


def day_field(label: str) -> forms.DateField:
    """A day to choose."""
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


def category_choices() -> list[tuple[str, str]]:
    """Every category, ended ones too, for narrowing a list."""
    return [("", "全部"), *queries.list_categories(Scope.public()).values_list("code", "name")]


class ReportFilters(Filters):
    """By words, category, place, and by the measure that a figure counts."""

    q = forms.CharField(label="查找", max_length=60, required=False)
    category = forms.ChoiceField(label="类别", required=False)
    measure = forms.ChoiceField(
        label="范围",
        required=False,
        choices=[("", "全部"), *((one.code, one.name) for one in MEASURES.values())],
    )
    since = day_field("自")
    until = day_field("至")
    place = forms.CharField(label="地点代码", max_length=12, required=False)
    open = forms.BooleanField(label="只看未办结", required=False)
    exact = forms.BooleanField(label="仅本级", required=False, widget=forms.HiddenInput)
    operator = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput, max_value=2**31)
    cause = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    source = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    lookups: ClassVar[dict[str, str]] = {"category": "category__code"}

    def __init__(self, asked: Any, actor: Actor | None = None) -> None:
        super().__init__(asked)
        self.actor = actor
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("since") and values.get("until") and values["until"] < values["since"]:
            self.add_error("until", "不能早于起始日期")
        return values

    def narrow(self, rows: Any, values: Any) -> Any:
        rows, today = super().narrow(rows, values), clock.today()
        since, until = values.get("since"), values.get("until")
        asked = figures.asked_on(figures.Period(since or today, until or today), today)
        rows = measures.narrowed(rows, values.get("measure") or "filed", asked, since, until)
        if values.get("place"):
            rows = rows.filter(_in_place(values["place"], exact=values.get("exact", False)))
        if values.get("operator") is not None:
            rows = rows.filter(case__operator=values["operator"] or None)
        if values.get("cause"):
            rows = rows.filter(cause="" if values["cause"] == "unknown" else values["cause"])
        if values.get("source") and self.actor and queries.handles(self.actor.scope):
            rows = rows.filter(source=values["source"])
        if values.get("open"):
            rows = rows.filter(case__closed_at=None).order_by(F("case__due_on").asc(nulls_last=True), "id")
        return rows.filter(self._said(values["q"])) if values.get("q") else rows

    def _said(self, text: str) -> Q:
        """Words that the reader may read: what reporters wrote is searched for offices alone."""
        found = Q(told__contains=text) | Q(case__number__contains=text) | Q(case__title__contains=text)
        if self.actor is None:
            return found
        inside = Case.objects.filter(relations.within(self.actor, relations.HANDLE)).values("pk")
        return found | Q(text__contains=text, case__in=inside) | Q(tracking=text.upper(), case__in=inside)


def _in_place(code: str, *, exact: bool) -> Q:
    place = places.get_place(code)
    return (
        Q(case__path=place.path) if exact else Q(case__path__gte=place.path, case__path__lt=place.path + "{")
    )


def address_of(report: Report) -> str:
    """The page of a report's case."""
    return tables.address_of(report.case)


def _state(report: Report) -> Any:
    text = tables.state_name(report.case)
    return format_html('{} <span class="badge danger">重复发生</span>', text) if report.repeats_id else text


REPORTS = Table(
    code="reports",
    title="社会监督反映",
    counter="件",
    most_counted=tables.MOST_COUNTED,
    columns=(
        Column("事项", "case.title", link=address_of, head=True),
        Column("类别", "category.name", minor=True),
        Column("地点", "place.name", minor=True),
        Column("区划代码", "place.code", minor=True),
        Column("状态", lambda one: tables.state_name(one.case), show=_state),
        Column("反映时间", "filed_at", format="moment", sort="filed_at"),
        Column("到期", "case.due_on", format="day", show=lambda one: tables.due_text(one.case)),
        Column("办结", "case.closed_at", format="day", minor=True),
        Column("企业", "case.operator.name", minor=True),
        Column("重复发生", lambda one: "是" if one.repeats_id else "", minor=True),
        Column("根本原因", "get_cause_display", minor=True),
        Column("案号", "case.number", minor=True),
    ),
    empty=Empty("没有符合条件的反映。", "监督员、公众的反映和监管人员登记的反映，会出现在这里。"),
)


def _counted(code: str, label: str, base: dict[str, str], **more: Any) -> Column:
    return Column(
        label, lambda row: row.counts.get(code, 0), unit="件", format="count", sort=f"n_{code}",
        link=_opener(code, base), **more,
    )  # fmt: skip


def _opener(code: str, base: dict[str, str]) -> Callable[[Any], str | None]:
    return lambda row: (
        f"{LIST}?{urlencode(base | row.link | {'measure': code})}" if row.counts.get(code) else None
    )


def figures_table(by: str, since: date, until: date, narrowed: dict[str, str]) -> Table:
    """Figures by a group; every number opens its list."""
    base = {"since": str(since), "until": str(until)} | narrowed
    return Table(
        code="feedback_figures",
        title=f"按{figures.GROUPS[by]}",
        counter="组",
        page_size=200,
        columns=(
            Column(figures.GROUPS[by], "name", head=True, sort="name"),
            _counted("filed", "反映", base),
            _counted("accepted", "受理", base),
            Column("受理率", "accepted_rate", format="rate", sort="accepted_rate", minor=True),
            _counted("due", "应答复", base, minor=True),
            _counted("on_time", "按时答复", base, minor=True),
            Column("按时答复率", "on_time_rate", format="rate", sort="on_time_rate"),
            _counted("settled", "办结", base),
            _counted("denominator", "分母", base),
            _counted("verified", "已整改并核实", base),
            Column("核实整改率", "verified_rate", format="rate", sort="verified_rate"),
            _counted("claimed", "企业称已整改", base, minor=True),
            _counted("refuted", "查无实据", base, minor=True),
            _counted("not_established", "无法核实", base, minor=True),
            _counted("other_body", "属其他部门", base, minor=True),
            _counted("merged", "已并入", base, minor=True),
            _counted("withdrawn", "已撤回", base, minor=True),
            Column("办结用时中位数", "median", unit="天", format="points", sort="median"),
            _counted("repeats", "重复发生", base, minor=True),
            _counted("reopened", "重新办理", base, minor=True),
        ),
        empty=Empty("这一时期没有反映。", "换一个时期或地区再看。"),
    )


def list_query(since: date, until: date, narrowed: dict[str, str]) -> str:
    """The part of an address that narrows the list to a period and place."""
    return urlencode({"since": str(since), "until": str(until)} | narrowed)
