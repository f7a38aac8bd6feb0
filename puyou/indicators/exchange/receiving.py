"""Taking values in: each is judged alone, what is well is reported, what is not is told with its place in the list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.db import transaction

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.core.problems import Problem
from puyou.indicators import actions, problems, queries
from puyou.indicators.exchange import calendar
from puyou.indicators.models import Indicator, ReportedValue, ReturnItem
from puyou.indicators.periods import Period
from puyou.places import queries as places
from puyou.places.models import Place

MOST = 10_000
REPORT = "indicators.report"
STRATEGIES = ("CREATE_AND_UPDATE", "CREATE", "UPDATE")


class Received(NamedTuple):
    """One value as it was sent; ``row`` counts from 1. Empty parts were not said."""

    row: int
    element: str
    period: str
    unit: str
    value: str
    comment: str


@dataclass(frozen=True)
class Conflict:
    """A value that was not taken: what it was about, why, and which problem that is."""

    row: int
    element: str
    message: str
    code: str


@dataclass
class Summary:
    """What became of an import. ``ignored`` counts the refused; ``same`` what already stood so."""

    imported: int = 0
    updated: int = 0
    same: int = 0
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def ignored(self) -> int:
        return len(self.conflicts)

    @property
    def status(self) -> str:
        taken = self.imported + self.updated + self.same
        return "SUCCESS" if not self.conflicts else "WARNING" if taken else "ERROR"


class Meant(NamedTuple):
    """A value understood."""

    item: ReturnItem
    place: Place
    period: Period
    value: Decimal
    operator: Organisation | None


@dataclass(frozen=True)
class Import:
    """Who imports, how, and when; ``source`` is said of every value."""

    scope: Scope
    source: str
    strategy: str
    now: datetime


class _NotKept(Exception):
    """Takes a trial back."""


def receive(sent: Sequence[Received], how: Import, *, dry_run: bool = False) -> Summary:
    """Report every value that is well, in one transaction; tried only with ``dry_run``. The same again changes nothing.

    Problems: too many values; an unknown strategy. Everything else is a conflict of its value.
    """
    if len(sent) > MOST:
        raise problems.TOO_MANY_VALUES(limit=MOST)
    if how.strategy not in STRATEGIES:
        raise problems.BAD_STRATEGY(text=how.strategy[:30])
    summary = Summary()
    try:
        with transaction.atomic():
            _take_all(sent, how, summary)
            if dry_run:
                raise _NotKept
    except _NotKept:
        pass
    return summary


def _take_all(sent: Sequence[Received], how: Import, summary: Summary) -> None:
    seen: dict[tuple[int, int, str], Decimal] = {}
    for each in sent:
        try:
            meant = _understood(each, how.scope)
            key = (meant.item.pk, meant.place.pk, meant.period.name)
            if seen.setdefault(key, meant.value) != meant.value:
                raise problems.TWICE(item=meant.item.name, period=meant.period.label)
            with transaction.atomic():
                _take(meant, each.comment, how, summary)
        except Problem as problem:
            said = f"第 {each.row} 个值：{problem.message}"
            summary.conflicts.append(Conflict(each.row, each.element, said, problem.code))


def _understood(each: Received, scope: Scope) -> Meant:
    for name, text in (("dataElement", each.element), ("period", each.period), ("orgUnit", each.unit)):
        if not text:
            raise problems.MISSING_PART(name=name)
    item = _item(each.element)
    place = places.get_place(each.unit)
    scope.require(place.path, REPORT)
    return Meant(item, place, _period(each.period), _number(each.value), _operator(scope, place))


def _item(code: str) -> ReturnItem:
    item = ReturnItem.objects.filter(code=code).first()
    if item is None and Indicator.objects.filter(code=code).exists():
        raise problems.NOT_REPORTED_BUT_COMPUTED(code=code[:60])
    return item or queries.get_item(Scope.public(), code)


def _period(text: str) -> Period:
    try:
        return calendar.read(text)
    except ValueError:
        raise problems.BAD_EXCHANGE_PERIOD(text=text[:30]) from None


def _number(text: str) -> Decimal:
    """A plain decimal number: no grouping, no unit, no full-width digits, so that nothing is guessed."""
    try:
        if not text.isascii():
            raise InvalidOperation
        return Decimal(text.strip())
    except InvalidOperation:
        raise problems.BAD_VALUE(text=text[:30]) from None


def _operator(scope: Scope, place: Place) -> Organisation | None:
    """The company whose value it is: that of a company's person, none of an office's."""
    held = scope.operators(place.path, REPORT)
    return None if held is None else Organisation.objects.get(pk=min(held))


def _take(meant: Meant, comment: str, how: Import, summary: Summary) -> None:
    standing = next(_standing(meant), None)
    shown = {"item": meant.item.name, "period": meant.period.label}
    if standing is not None and standing.value == meant.value:
        summary.same += 1
        return
    if standing is not None and how.strategy == "CREATE":
        raise problems.EXISTS(**shown)
    if standing is None and how.strategy == "UPDATE":
        raise problems.NOTHING_TO_UPDATE(**shown)
    actions.report_value(
        item=meant.item,
        place=meant.place,
        period=meant.period,
        value=meant.value,
        source=how.source,
        ground=comment[:300] if standing is not None else "",
        note="" if standing is not None else comment[:300],
        operator=meant.operator,
        by=how.scope.name,
        now=how.now,
    )
    summary.imported += standing is None
    summary.updated += standing is not None


def _standing(meant: Meant) -> Iterator[ReportedValue]:
    yield from ReportedValue.objects.filter(
        item=meant.item,
        place=meant.place,
        period=meant.period.name,
        operator=meant.operator,
        superseded_at=None,
    )
