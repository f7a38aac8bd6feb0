"""审计日志: what the people of one's offices looked at, took away and changed in powers; never what cases hold."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.accounts import events as accounts
from puyou.accounts.models import User
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import trail
from puyou.core import events
from puyou.core.filters import Filters
from puyou.core.models import Event
from puyou.core.periods import SHANGHAI
from puyou.core.tables import Column, Empty, Table, list_page
from puyou.evidence.events import FILE_VIEWED

PERMISSION = "audit.see"
KINDS = {kind: name for kind, name in events.declared().items() if kind in vars(accounts).values()}
KINDS[FILE_VIEWED] = events.declared()[FILE_VIEWED]


class AuditFilters(Filters):
    """By person, kind, days and page."""

    person = forms.CharField(label="姓名或用户名", required=False, max_length=60)
    kind = forms.ChoiceField(label="事项", required=False, choices=[("", "全部"), *KINDS.items()])
    first = forms.DateField(label="自", required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="至", required=False, widget=forms.DateInput({"type": "date"}))
    text = forms.CharField(label="对象", required=False, max_length=60)
    lookups = {"kind": "kind"}

    def narrow(self, rows: Any, values: Any) -> Any:
        rows = super().narrow(rows, values)
        if values.get("text"):
            rows = rows.filter(Q(subject__contains=values["text"]) | Q(data__what__icontains=values["text"]))
        if values.get("first"):
            rows = rows.filter(at__gte=_midnight(values["first"]))
        if values.get("last"):
            rows = rows.filter(at__lt=_midnight(values["last"] + timedelta(days=1)))
        if values.get("person"):
            named = Q(name__contains=values["person"]) | Q(username__contains=values["person"])
            found = User.objects.filter(named).values_list("pk", flat=True)
            rows = rows.filter(actor__in=[f"user:{pk}" for pk in found])
        return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def looks(people: dict[str, str]) -> QuerySet[Event]:
    """What these people (by their names in the log) looked at, took away, and changed in powers."""
    rows = Event.objects.filter(actor__startswith="user:", actor__in=list(people), kind__in=list(KINDS))
    return rows.order_by("-id")


def people_under(scope: Any) -> dict[str, str]:
    """Whom one audits: the people of the offices within one's places, as the log calls them and as people do."""
    inside = User.objects.filter(scope.q("organisation__place__path", PERMISSION))
    rows = inside.values_list("pk", "name", "organisation__name")
    return {f"user:{pk}": f"{name}（{office}）" for pk, name, office in rows}


def _table(people: dict[str, str]) -> Table:
    return Table(
        code="audit",
        title="审计日志",
        columns=(
            Column("时间", "at", format="moment", head=True),
            Column("人员", lambda row: people.get(row.actor, row.actor)),
            Column("事项", lambda row: KINDS.get(row.kind, row.kind)),
            Column("内容", _what),
            Column("条件", _filters, minor=True),
            Column("对象", "subject", minor=True),
        ),
        keyset=("-id",),
        empty=Empty("没有符合条件的记录。", "有人登录、查看个人信息或导出清单后，会出现在这里。"),
    )


def _what(row: Event) -> str:
    said = row.data.get("what") or row.data.get("path") or row.data.get("purpose") or ""
    return str(said)


def _filters(row: Event) -> str:
    chosen = row.data.get("filters")
    return "；".join(f"{name}={value}" for name, value in chosen.items()) if isinstance(chosen, dict) else ""


@officer_required(PERMISSION)
def audit_trail(request: HttpRequest) -> HttpResponseBase:
    """Search by person, kind, span and page; export."""
    people = people_under(cast(OfficerRequest, request).scope)
    sentence = "只列本辖区机构人员的登录、授权、查看与导出，不含案件内容。"
    context = {"crumbs": trail("审计日志"), "sentence": sentence}
    return list_page(request, _table(people), looks(people), filters=AuditFilters, context=context)
