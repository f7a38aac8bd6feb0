"""Figures counted from entries, as definitions name them; an indicator engine asks here, without code for any kind."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DecimalField, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Substr
from django.urls import reverse

from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.ledgers import powers, problems, queries, rules
from puyou.ledgers.definition import NATURE_NAMES, Definition, Measure
from puyou.ledgers.models import LedgerEntry, LedgerKind
from puyou.ledgers.queries import Kind
from puyou.places.models import Place

PREFIX = "ledger"


@dataclass(frozen=True)
class LedgerMeasure:
    """A measure with the kind it is counted from; ``code`` is ``ledger.<kind>.<measure>``."""

    code: str
    name: str
    unit: str
    nature: str
    kind: LedgerKind
    definition: Definition
    measure: Measure

    @property
    def nature_name(self) -> str:
        return NATURE_NAMES[self.nature]

    @property
    def told(self) -> str:
        """How it is counted, in words."""
        return told(self.definition, self.measure)


@dataclass(frozen=True)
class Reading:
    """A figure: None where nobody ever filled the ledger; ``entries`` were counted, ``rows`` lists these very ones."""

    value: Decimal | None
    entries: int
    rows: str


def list_measures(scope: Scope) -> list[LedgerMeasure]:
    """Every measure of every kind's latest version."""
    return [measure for kind in queries.list_kinds(scope) for measure in of_kind(kind)]


def of_kind(kind: Kind) -> list[LedgerMeasure]:
    """The measures of one kind."""
    return [
        LedgerMeasure(
            f"{PREFIX}.{kind.row.code}.{each.code}",
            each.name,
            each.unit,
            each.nature,
            kind.row,
            kind.definition,
            each,
        )
        for each in kind.definition.measures
    ]


def get_measure(code: str) -> LedgerMeasure:
    """A measure by its code; problem ledgers.no_measure."""
    parts = code.split(".")
    if len(parts) == 3 and parts[0] == PREFIX and LedgerKind.objects.filter(code=parts[1]).exists():
        for measure in of_kind(queries.get_kind(parts[1])):
            if measure.code == code:
                return measure
    raise problems.NO_MEASURE(code=code[:80])


def measure_value(scope: Scope, measure: LedgerMeasure, place: Place, first: date, last: date) -> Reading:
    """The figure of a place for ``[first, last]``, both days included: a stock is that of the last day.

    Only for places that lie in the scope whole: a part of a province is not the province. A company's counts its own.
    """
    scope.require(place.path)
    if first > last:
        raise problems.BAD_PERIOD(first=first, last=last)
    rows = counted(scope, measure, place, first, last)
    entries = rows.count()
    address = rows_address(measure, place, first, last)
    if entries == 0 and not _ever_filled(scope, measure, place):
        return Reading(None, 0, address)
    return Reading(_figure(rows, measure.measure, entries), entries, address)


def counted(
    scope: Scope, measure: LedgerMeasure, place: Place, first: date, last: date
) -> QuerySet[LedgerEntry]:
    """The very entries that a figure counts: confirmed, at the place or below, in the period, as the measure says."""
    rows = _confirmed(scope, measure, place)
    return rows.filter(_in_period(measure.measure, first, last), *_conditions(measure))


def _confirmed(scope: Scope, measure: LedgerMeasure, place: Place) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(
        powers.visible(scope), kind=measure.kind, status=rules.CONFIRMED, place__path__gte=place.path,
        place__path__lt=place.path + "{",
    )  # fmt: skip


def _ever_filled(scope: Scope, measure: LedgerMeasure, place: Place) -> bool:
    return _confirmed(scope, measure, place).exists()


def _in_period(measure: Measure, first: date, last: date) -> Q:
    """ISO dates are ordered as text."""
    begun = Q(**{f"data__{measure.date}__lte": last.isoformat()})
    if measure.nature == "flow":
        return begun & Q(**{f"data__{measure.date}__gte": first.isoformat()})
    if measure.nature == "stock" and measure.until is not None:
        open_ended = Q(**{f"data__{measure.until}__isnull": True})
        return begun & (open_ended | Q(**{f"data__{measure.until}__gt": last.isoformat()}))
    return begun


def _conditions(measure: LedgerMeasure) -> list[Q]:
    found = []
    for code, values in measure.measure.where.items():
        field = measure.definition.field(code)
        wanted: list[Any] = list(values)
        if field is not None and field.type == "yes_no":
            wanted = [value == "yes" for value in values]
        found.append(Q(**{f"data__{code}__in": wanted}))
    return found


def _figure(rows: QuerySet[LedgerEntry], measure: Measure, entries: int) -> Decimal:
    if measure.sums is not None:
        number = Cast(KeyTextTransform(measure.sums, "data"), DecimalField(max_digits=30, decimal_places=6))
        total = rows.aggregate(total=Sum(number))["total"]
        return Decimal(total or 0).normalize() + 0
    if measure.distinct is not None:
        rows = rows.filter(
            place__level__gte=rules.AREAS.get(measure.distinct, 0)
        )  # a province lies in no county
        return Decimal(rows.aggregate(found=Count(_what(measure.distinct), distinct=True))["found"])
    return Decimal(entries)


def _what(distinct: str) -> Any:
    if distinct in rules.AREAS:
        return Substr("place__path", 1, (rules.AREAS[distinct] + 1) * paths.STEP)
    return KeyTextTransform(distinct, "data")


def rows_address(measure: LedgerMeasure, place: Place, first: date, last: date) -> str:
    """The page that lists the very entries which a figure counts."""
    asked = {"place": place.code, "measure": measure.measure.code, "first": first, "last": last}
    return f"{reverse('ledger', args=[measure.kind.code])}?{urlencode(asked)}"


def told(found: Definition, measure: Measure) -> str:
    """How a measure is counted, in words."""
    names = {field.code: field.name for field in found.fields}
    if measure.sums:
        what = f"“{names[measure.sums]}”之和"
    elif measure.distinct:
        area = {"province": "省份", "city": "市（地）", "county": "县"}.get(measure.distinct)
        what = f"不同{area}的个数" if area else f"不同“{names[measure.distinct]}”的个数"
    else:
        what = "记录数"
    where = "；".join(_where(found, code, values) for code, values in measure.where.items())
    when = {
        "flow": f"“{names[measure.date]}”在期内",
        "cumulative": f"“{names[measure.date]}”不晚于期末",
        "stock": f"期末有效：“{names[measure.date]}”不晚于期末"
        + (f"，“{names[measure.until]}”为空或晚于期末" if measure.until else ""),
    }[measure.nature]
    return f"已确认记录的{what}；{when}" + (f"；{where}" if where else "") + "。" + measure.note


def _where(found: Definition, code: str, values: tuple[str, ...]) -> str:
    field = found.field(code)
    assert field is not None  # published definitions name their own fields
    names = [field.options.get(value, {"yes": "是", "no": "否"}.get(value, value)) for value in values]
    return f"{field.name}为{'、'.join(names)}"


def year_so_far(today: date) -> tuple[date, date]:
    """The period that pages show unasked: from New Year to today."""
    return date(today.year, 1, 1), today
