"""Measures of ledgers: data themselves, offered without code for any kind."""

from collections.abc import Iterator

from puyou.accounts.scopes import Scope
from puyou.indicators.names import Measure, Plain, Read, offer_family
from puyou.indicators.periods import Period
from puyou.indicators.units import Unit
from puyou.ledgers import measures as ledgers
from puyou.places.models import Place

TEN_THOUSAND = "万"  # formulas reckon in yuan and pieces


def of_ledgers() -> Iterator[Measure]:
    """Every measure of every kind of ledger whose unit formulas understand."""
    for each in ledgers.list_measures(Scope.public()):
        if _understood(each.unit):
            yield Measure(
                each.code,
                each.name,
                each.unit.removeprefix(TEN_THOUSAND),
                each.nature,
                _reader(each),
                note=each.told,
            )


def _reader(measure: ledgers.LedgerMeasure) -> Read:
    times = 10_000 if measure.unit.startswith(TEN_THOUSAND) else 1

    def read(scope: Scope, place: Place, period: Period) -> Plain:
        found = ledgers.measure_value(scope, measure, place, period.first, period.last)
        return None if found.value is None else found.value * times, None, found.rows

    return read


def _understood(unit: str) -> bool:
    try:
        Unit.parse(unit.removeprefix(TEN_THOUSAND))
    except ValueError:
        return False
    return True


def offer_all() -> None:
    """Enter the family of ledgers."""
    offer_family(of_ledgers)
