"""A list of indicators as read: every figure with its comparison and where its parts came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from puyou.indicators import queries
from puyou.indicators.comparing import LAST_YEAR, PREVIOUS, Comparison, change_words, compare
from puyou.indicators.engine import Part, Reader, Value
from puyou.indicators.models import FigureLine, FigureList
from puyou.indicators.periods import Period
from puyou.places.models import Place

WORDS = {"year_on_year": "比上年", "ranks_up": "前进", "in_a_row": "连续提升", PREVIOUS: "比上期"}


@dataclass(frozen=True)
class Figure:
    """One line of a card as read. ``against``: the reported or computed indicator that compares it, if it has one."""

    line: FigureLine
    value: Value
    against: Value | None
    comparison: Comparison | None

    @property
    def compared(self) -> str:
        """The comparison in words: computed where both years are known, else as it was reported."""
        if self.comparison is not None:
            return ("比上期" if self.comparison.kind == PREVIOUS else "比上年") + change_words(
                self.comparison
            )
        if self.against is not None and self.against.exact is not None:
            return f"{WORDS[self.line.comparison]} {self.against.shown}"
        return ""


def read_card(
    reader: Reader, figure_list: FigureList, place: Place | None = None, period: Period | None = None
) -> list[Figure]:
    """The figures of a list in their order, of its own place and period or of others."""
    lines = list(queries.list_lines(reader.scope, figure_list))
    whole = period or Period.parse(figure_list.period)
    return read_lines(reader, lines, place or figure_list.place, whole, own=period is None)


def read_lines(
    reader: Reader, lines: list[FigureLine], place: Place, whole: Period, *, own: bool
) -> list[Figure]:
    """The figures of lines; ``own``: a line with a period of its own is read for that one."""
    reader.prepare(
        [each for line in lines for each in (line.indicator, line.compared_by) if each is not None]
    )
    return list(_figures(reader, lines, place, whole, own=own))


def _figures(
    reader: Reader, lines: list[FigureLine], place: Place, whole: Period, *, own: bool
) -> Iterator[Figure]:
    for line in lines:
        of = Period.parse(line.period) if line.period and own else whole
        value = reader.value(line.indicator, place, of)
        against = reader.value(line.compared_by, place, of) if line.compared_by else None
        yield Figure(
            line, value, against, _computed(reader, value, line.comparison) if line.comparison else None
        )


def _computed(reader: Reader, value: Value, asked: str) -> Comparison | None:
    """The comparison with the period before where that is asked and is not the year before, else with the year before.

    None unless both values are known.
    """
    found = {each.kind: each for each in compare(reader, value) if each.difference is not None}
    return (found.get(PREVIOUS) if asked == PREVIOUS else None) or found.get(LAST_YEAR)


def as_json(figure: Figure) -> dict[str, Any]:
    """A figure for machines: numbers as text, so that nothing is rounded on the way."""
    return {"section": figure.line.section} | value_json(figure.value) | {"comparison": _comparison(figure)}


def value_json(value: Value) -> dict[str, Any]:
    """A value with its definition and all its parts."""
    version = value.version
    return {
        "code": value.indicator.code,
        "name": value.indicator.name,
        "place": value.place.code,
        "period": value.period.name,
        "value": number(value.value),
        "unit": value.unit.text,
        "qualifier": value.qualifier,
        "shown": value.shown,
        "missing": value.missing,
        "nature": value.indicator.nature,
        "definition": None
        if version is None
        else {
            "version": version.number,
            "formula": version.formula,
            "source": version.source,
            "verification": version.verification,
            "sample_scope": version.sample_scope,
            "note": version.note,
        },
        "parts": [part_json(part) for part in value.parts],
    }


def part_json(part: Part) -> dict[str, Any]:
    """Where one part of a formula came from."""
    return {
        "code": part.code,
        "name": part.name,
        "kind": part.kind,
        "period": part.period.name,
        "value": number(part.amount.value),
        "unit": part.amount.unit.text,
        "qualifier": part.amount.qualifier,
        "missing": part.amount.missing,
        "source": part.source,
        "rows": part.link,
    }


def comparison_json(each: Comparison) -> dict[str, Any]:
    """A comparison for machines."""
    return {
        "kind": each.kind,
        "against": each.against,
        "base": number(each.base),
        "difference": number(each.difference),
        "growth": number(each.growth),
        "arithmetic": each.arithmetic,
        "missing": each.missing,
        "caution": each.caution,
    }


def _comparison(figure: Figure) -> dict[str, Any] | None:
    if figure.comparison is not None:
        return comparison_json(figure.comparison) | {"kind": figure.line.comparison, "computed": True}
    if figure.against is None:
        return None
    return {"kind": figure.line.comparison, "computed": False} | value_json(figure.against)


def number(value: Decimal | None) -> str | None:
    """A number as text, without idle noughts."""
    return None if value is None else f"{value.normalize():f}"
