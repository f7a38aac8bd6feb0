"""The filter bar over cases: words, procedure, standing, place, offices, people, terms and outcomes."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.cases import queries, relations
from puyou.cases.models import Awaiting
from puyou.core.filters import Filters
from puyou.places import queries as places
from puyou.places.models import Place

STANDINGS = {"open": "办理中", "closed": "已办结"}
TERMS = {"some": "有期限", "none": "没有期限"}
MOST_NAMES = 200  # organisations, people or places that one word may mean


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class CaseFilters(Filters):
    """What narrows a list of cases; every choice stands in the address, so a bookmark keeps it."""

    q = forms.CharField(label="查找", max_length=60, required=False)
    procedure = forms.ChoiceField(label="程序", required=False)
    standing = forms.ChoiceField(label="进展", choices=[("", "全部"), *STANDINGS.items()], required=False)
    place = forms.CharField(label="地点（名称或代码）", max_length=60, required=False)
    office = forms.CharField(label="主管部门", max_length=60, required=False)
    operator = forms.CharField(label="企业", max_length=60, required=False)
    handler = forms.CharField(label="承办人", max_length=60, required=False)
    due_from = _day("到期自")
    due_to = _day("到期至")
    term = forms.ChoiceField(label="期限", choices=[("", "全部"), *TERMS.items()], required=False)
    outcome = forms.ChoiceField(label="办理结果", required=False)
    lookups: ClassVar[dict[str, str]] = {
        "procedure": "version__procedure__code",
        "due_from": "due_on__gte",
        "due_to": "due_on__lte",
        "outcome": "outcome",
    }
    further = ("place", "office", "operator", "handler", "due_from", "due_to", "term", "outcome")

    def __init__(self, asked: Any, awaiting: Sequence[Awaiting] | None = None) -> None:
        super().__init__(asked)
        known = queries.list_awaiting(Scope.public()) if awaiting is None else awaiting
        kinds = {row.version.procedure.code: row.version.procedure.name for row in known}
        ends = queries.outcomes({row.version_id for row in known})
        self._offer("procedure", sorted(kinds.items()))
        self._offer("outcome", sorted(ends.items(), key=lambda one: one[1]))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "全部"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("due_from"), values.get("due_to")
        if first and last and last < first:
            self.add_error("due_to", "不能早于“到期自”")
        return values

    def narrow(self, rows: Any, values: Any) -> Any:
        rows = super().narrow(rows, values)
        if values.get("standing"):
            rows = rows.filter(closed_at__isnull=values["standing"] == "open")
            rows = queries.by_due(rows) if values["standing"] == "open" else rows
        elif values.get("due_from") or values.get("due_to"):
            rows = queries.by_due(rows)
        if values.get("term"):
            rows = rows.filter(due_on__isnull=values["term"] == "none")
        for name, meant in _MEANT.items():
            if values.get(name):
                rows = rows.filter(meant(values[name].strip()))
        return queries.search(rows, values["q"]) if values.get("q") else rows


def _in_place(text: str) -> Q:
    """At the places that a name or a code means, and everywhere below them; a code may leave out its noughts."""
    if text.isascii() and text.isdecimal():
        found = Place.objects.filter(code=text.ljust(12, "0"), valid_to=None)
    else:
        pks = [one.place_id for one in places.search(text, MOST_NAMES) if text in one.name]
        found = Place.objects.filter(pk__in=pks)
    paths = found.values_list("path", flat=True)
    return reduce(or_, (relations.below(path) for path in paths), relations.NOBODY)


def _of_office(text: str) -> Q:
    return Q(office__in=_organisations(text, Organisation.Kind.REGULATOR))


def _of_operator(text: str) -> Q:
    return Q(operator__in=_organisations(text, Organisation.Kind.OPERATOR))


def _organisations(text: str, kind: str) -> list[int]:
    found = Organisation.objects.filter(kind=kind, name__contains=text).order_by("pk")
    return list(found.values_list("pk", flat=True)[:MOST_NAMES])


def _by_handler(text: str) -> Q:
    found = User.objects.filter(Q(name__contains=text) | Q(username=text)).order_by("pk")
    return Q(handler__in=list(found.values_list("pk", flat=True)[:MOST_NAMES]))


_MEANT = {"place": _in_place, "office": _of_office, "operator": _of_operator, "handler": _by_handler}
