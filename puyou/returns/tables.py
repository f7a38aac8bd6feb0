"""Lists of returns and forms: columns and filters."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from puyou.core import clock
from puyou.core.filters import Filters
from puyou.core.periods import day_of
from puyou.core.tables import Column, Empty, Table
from puyou.indicators.periods import Period
from puyou.places import queries as places
from puyou.returns import queries, rules
from puyou.returns.definition import LEVEL_NAMES
from puyou.returns.models import DueReturn, ReturnForm

MARKS = {
    rules.OPEN: "pending", rules.SIGNING: "provisional", rules.WAITING: "provisional", rules.RETURNED: "danger",
    rules.APPROVED: "met", rules.RESTATING: "pending",
}  # fmt: skip
TIMELY = {rules.UNSENT: "danger", rules.LATE: "danger", rules.PUNCTUAL: "met", rules.AHEAD: "pending"}


def address(due: Any) -> str:
    """The page of a return."""
    return reverse("return", args=[due.pk])


def state(due: DueReturn) -> str:
    """The state in words: of one that waits, for whom."""
    if due.status == rules.WAITING and due.level is not None:
        return f"待{LEVEL_NAMES[due.level]}审核"
    return rules.NAMES[due.status]


def punctuality(due: DueReturn) -> str:
    """Whether it came in time."""
    signed = day_of(due.first_signed_at) if due.first_signed_at else None
    return rules.punctuality(due.due_on, signed, clock.today())


def badge(due: DueReturn) -> SafeString:
    """The state as a mark and a word."""
    return format_html('<span class="badge {}">{}</span>', MARKS[due.status], state(due))


def timely(due: DueReturn) -> SafeString:
    """Punctuality as a mark and a word."""
    told = punctuality(due)
    return format_html('<span class="badge {}">{}</span>', TIMELY[told], rules.PUNCTUALITY[told])


def period(due: DueReturn) -> str:
    """The period for people."""
    return Period.parse(due.period).label


RETURNS = Table(
    code="due_returns", title="填报任务", counter="份",
    columns=(
        Column("填报表", "form.name", head=True, sort="form__name", link=address),
        Column("时期", period, sort="last_on"),
        Column("填报单位", "filler.name", sort="filler__name"),
        Column("地区", "place.name", sort="place__path", minor=True),
        Column("期限", "due_on", format="day", sort="due_on"),
        Column("状态", state, show=badge, sort="status"),
        Column("时限", lambda row: rules.PUNCTUALITY[punctuality(row)], show=timely),
        Column("签发", "first_signed_at", format="moment", sort="first_signed_at", minor=True),
    ),
    order="-last_on", key="pk",
    empty=Empty("没有符合条件的填报任务。", "时期结束后自动下达；也可以在“填报表式”里选一张表下达。"),
)  # fmt: skip


class ReturnFilters(Filters):
    """Which returns."""

    mine = forms.ChoiceField(
        label="待办", required=False, choices=[("", "全部"), ("fill", "待我填报"), ("check", "待我审核")]
    )
    form = forms.ModelChoiceField(
        ReturnForm.objects.order_by("name"), label="填报表", required=False, empty_label="全部"
    )
    period = forms.CharField(
        label="时期", required=False, max_length=24, help_text="如 2026-10、2026-Q3、2025"
    )
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *rules.NAMES.items()])
    late = forms.ChoiceField(label="时限", required=False, choices=[("", "全部"), *rules.PUNCTUALITY.items()])
    place = forms.CharField(label="地区代码", required=False, max_length=12)
    lookups = {"form": "form", "status": "status"}
    further = ("place",)

    def clean_period(self) -> str:
        text = str(self.cleaned_data["period"]).strip()
        try:
            return Period.parse(text).name if text else ""
        except ValueError:
            raise forms.ValidationError("时期应形如 2026-10、2026-Q3 或 2025") from None

    def narrow(self, rows: Any, values: Any) -> Any:
        rows = super().narrow(rows, values)
        if values["period"]:
            rows = rows.filter(period=values["period"])
        if values["late"]:
            rows = rows.filter(queries.late(values["late"], clock.today()))
        if values["place"]:
            path = places.get_place(values["place"]).path
            rows = rows.filter(place__path__gte=path, place__path__lt=path + "{")
        return rows


FORMS = Table(
    code="return_forms", title="填报表式", counter="张", exports=False,
    columns=(
        Column("填报表", lambda row: row[2].name, head=True,
               link=lambda row: reverse("return_form", args=[row[0].code])),
        Column("表号", lambda row: row[2].number or "—"),
        Column("制定机关", lambda row: row[2].issuer),
        Column("批准文号", lambda row: row[2].approval or "—", minor=True),
        Column("周期", lambda row: {"month": "月报", "quarter": "季报", "year": "年报"}[row[2].period]),
        Column("填报单位", lambda row: fillers(row[2])),
        Column("期限", lambda row: f"期后 {row[2].due_days} 个工作日"),
        Column("版本", lambda row: row[1].number, format="count"),
    ),
    empty=Empty("还没有填报表式。", "运行 puyou load_forms 装载随附的表式。"),
)  # fmt: skip


def fillers(form: Any) -> str:
    """Who fills a form, in words."""
    side = {"regulator": "邮政管理部门", "operator": "邮政企业"}[form.side]
    return "、".join(("全国", "省级", "市级", "县级", "乡级")[level] for level in form.levels) + side
