"""Reading values out: what was reported as it was reported, and indicators as the engine computes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.indicators import problems, queries
from puyou.indicators.engine import Reader
from puyou.indicators.exchange import calendar
from puyou.indicators.models import Indicator, ReportedValue, ReturnItem
from puyou.indicators.periods import Period
from puyou.places import queries as places
from puyou.places.models import Place

MOST = 10_000  # values in one answer
ELEMENTS = 50


@dataclass(frozen=True)
class DataValue:
    """One value as DHIS2 spells it; ``value`` is a decimal number in text."""

    dataElement: str
    period: str
    orgUnit: str
    value: str
    storedBy: str = ""
    created: str = ""
    lastUpdated: str = ""
    comment: str = ""
    categoryOptionCombo: str = "default"
    attributeOptionCombo: str = "default"
    followup: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is asked for: codes, places (``children``: with all below), periods by name or by a span of days."""

    elements: Sequence[str]
    places: Sequence[Place]
    children: bool = False
    periods: Sequence[Period] = field(default_factory=list)
    since: date | None = None
    until: date | None = None


def send(scope: Scope, wanted: Wanted) -> list[DataValue]:
    """The values in scope. Problems: unknown code; an indicator without a period; more than 10,000 values."""
    for place in wanted.places:
        scope.require(place.path)
    known = {item.code: item for item in ReturnItem.objects.filter(code__in=wanted.elements)}
    items = [known[code] for code in wanted.elements if code in known]
    indicators = [queries.get_indicator(scope, code) for code in wanted.elements if code not in known]
    found: list[DataValue] = []
    for value in (*_reported(scope, wanted, items), *_computed(scope, wanted, indicators)):
        found.append(value)
        if len(found) > MOST:
            raise problems.TOO_MANY_VALUES(limit=MOST)
    return found


def _reported(scope: Scope, wanted: Wanted, items: Sequence[ReturnItem]) -> Iterator[DataValue]:
    rows = queries.list_reported(scope).filter(superseded_at=None, item__in=items)
    if wanted.periods:
        rows = rows.filter(period__in=[each.name for each in wanted.periods])
    if wanted.since:
        rows = rows.filter(first_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(last_on__lte=wanted.until)
    for place in wanted.places:
        here = (
            {"place__path__gte": place.path, "place__path__lt": place.path + "{"}
            if wanted.children
            else {"place": place}
        )
        yield from filter(None, map(_as_sent, rows.filter(**here)[: MOST + 1]))


def _as_sent(row: ReportedValue) -> DataValue | None:
    period = calendar.written(row.when)
    if period is None:
        return None
    moment = _moment(row.recorded_at)
    said = "；".join(part for part in (row.qualifier, row.source, row.note) if part)
    return DataValue(
        row.item.code, period, row.place.code, _plain(row.value), row.recorded_by, moment, moment, said
    )


def _computed(scope: Scope, wanted: Wanted, indicators: Sequence[Indicator]) -> Iterator[DataValue]:
    if indicators and not wanted.periods:
        raise problems.NEEDS_PERIOD()
    reader = Reader(scope, clock.today())
    for period in wanted.periods:
        name = calendar.written(period)
        for place in _units(scope, wanted) if name and indicators else ():
            for value in queries.values_of(reader, indicators, place, period):
                if value.value is not None and not value.suppressed:
                    yield DataValue(
                        value.indicator.code,
                        str(name),
                        place.code,
                        _plain(value.value),
                        comment=value.qualifier,
                    )


def _units(scope: Scope, wanted: Wanted) -> list[Place]:
    """The places that indicators are computed for: those named, and with ``children`` those right below."""
    below = [child for place in wanted.places for child in places.list_children(scope, place)]
    return [*wanted.places, *(below if wanted.children else [])]


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: datetime) -> str:
    return value.astimezone(clock.now().tzinfo).isoformat(timespec="milliseconds")
