"""What formulas may name: measures, offered by whoever has the facts. Nobody below needs to know this room.

A measure is a plain function ``(scope, place, period) → (numerator, denominator, link)``: ``period`` has ``first``
and ``last`` (days, both included) and ``weeks()``; ``denominator`` None for plain values; ``numerator`` None when
there is nothing to say; ``link`` leads to the very rows. A function that knows why there is no value, or that the
value is only about right, returns a ``Reading``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from puyou.accounts.scopes import Scope
from puyou.indicators.checking import NATURES, RATIO
from puyou.indicators.units import Unit
from puyou.places.models import Place

ALL_LEVELS = (0, 1, 2, 3, 4, 5)
Number = Decimal | int | float
Plain = tuple[Number | None, Number | None, str]


@dataclass(frozen=True)
class Reading:
    """A measure's answer in full."""

    numerator: Number | None
    denominator: Number | None = None
    link: str = ""
    missing: str = ""
    qualifier: str = ""
    note: str = ""


Read = Callable[[Scope, Place, Any], "Plain | Reading"]


@dataclass(frozen=True)
class Measure:
    """A measure as offered; ``note`` says what exactly is counted, for the page of lineage."""

    code: str
    name: str
    unit: str
    nature: str
    read: Read
    levels: tuple[int, ...] = ALL_LEVELS
    note: str = ""


Family = Callable[[], Iterable[Measure]]  # measures that are data themselves, such as those of ledgers

_measures: dict[str, Measure] = {}
_families: list[Family] = []


def offer(
    code: str,
    name: str,
    unit: str,
    nature: str,
    read: Read,
    levels: Iterable[int] = ALL_LEVELS,
    note: str = "",
) -> None:
    """Enter a measure; offering the same again changes nothing, another one under its code is refused."""
    Unit.parse(unit)
    if nature not in NATURES:
        raise ValueError(f"measure {code}: no nature {nature}")
    known = _measures.get(code)
    if known is not None and known.read is not read:
        raise ValueError(f"measure {code} is offered twice")
    _measures[code] = Measure(code, name, unit, nature, read, tuple(levels), note)


def offer_family(family: Family) -> None:
    """Enter measures that come and go as data do."""
    if family not in _families:
        _families.append(family)


def find(code: str) -> Measure | None:
    """The measure of a code."""
    known = _measures.get(code)
    return known or next((each for family in _families for each in family() if each.code == code), None)


def offered() -> dict[str, Measure]:
    """Every measure by its code."""
    return dict(_measures) | {each.code: each for family in _families for each in family()}


def read(measure: Measure, scope: Scope, place: Place, period: Any) -> Reading:
    """What a measure says of a place and period, as a ``Reading``; inside the scope only."""
    scope.require(place.path)
    if place.level not in measure.levels:
        return Reading(None, missing=f"{measure.name}不统计到这一级")
    said = measure.read(scope, place, period)
    found = said if isinstance(said, Reading) else Reading(said[0], said[1], said[2])
    if found.denominator is not None and measure.nature != RATIO:
        raise ValueError(f"measure {measure.code} has a denominator and is no ratio")
    return found
