"""From a layout, a place and a period to everything that a card says, as plain values that can be frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from puyou.core import notices
from puyou.core.periods import SHANGHAI
from puyou.indicators import cards
from puyou.indicators.asking import series
from puyou.indicators.cards import Figure
from puyou.indicators.engine import Reader, Value
from puyou.indicators.models import FigureLine, Indicator
from puyou.indicators.periods import MONTH, Period
from puyou.places.models import Place
from puyou.reports.layout import COMPARISONS, Layout, Section, Tile, is_period
from puyou.reports.models import Card


@dataclass(frozen=True)
class Asked:
    """What a card is read for. ``own``: its own period, so that tiles keep theirs."""

    place: Place
    period: Period
    own: bool


def own_period(card: Card, today: date) -> Period:
    """The card's period; the month before this one where it has none."""
    if card.period:
        return Period.parse(card.period)
    before = Period.of(MONTH, today).previous()
    assert before is not None  # only spans have none
    return before


def asked_of(card: Card, place: Place | None, period: Period | None, today: date) -> Asked:
    """The place and period asked for, else the card's own."""
    own = own_period(card, today)
    return Asked(place or card.place, period or own, period in (None, own))


def compose(reader: Reader, card: Card, layout: Layout, asked: Asked, now: datetime) -> dict[str, Any]:
    """All that the card says, in JSON's own kinds of values; numbers as text, so that nothing is rounded on the way.

    What a layout being written does not yet say rightly (``layout.examine``) is left out.
    """
    known = _known(layout)
    reader.prepare(known.values())
    return {
        "card": card.code,
        "title": card.title,
        "place": {"code": asked.place.code, "name": asked.place.name},
        "period": {"name": asked.period.name, "label": asked.period.label},
        "source": card.source,
        "as_of": now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "notices": notices.current(),
        "sections": [_section(reader, section, known, asked) for section in layout],
    }


def _known(layout: Layout) -> dict[str, Indicator]:
    codes = {
        code for section in layout for tile in section.tiles for code in (tile.indicator, tile.by) if code
    }
    return {each.code: each for each in Indicator.objects.filter(code__in=codes)}


def _section(reader: Reader, section: Section, known: dict[str, Indicator], asked: Asked) -> dict[str, Any]:
    tiles = [tile for tile in section.tiles if tile.indicator in known]
    lines = [_line(section, tile, known) for tile in tiles]
    found = cards.read_lines(reader, lines, asked.place, asked.period, own=asked.own)
    said = [_tile(reader, tile, figure) for tile, figure in zip(tiles, found, strict=True)]
    return {"title": section.title, "judgement": section.judgement, "tiles": said}


def _line(section: Section, tile: Tile, known: dict[str, Indicator]) -> FigureLine:
    return FigureLine(
        section=section.title, indicator=known[tile.indicator], compared_by=known.get(tile.by),
        comparison=tile.comparison if tile.comparison in COMPARISONS else "",
        period=tile.period if is_period(tile.period) else "",
    )  # fmt: skip


def _tile(reader: Reader, tile: Tile, figure: Figure) -> dict[str, Any]:
    value = figure.value
    version = value.version
    return cards.as_json(figure) | {
        "compared": figure.compared,
        "note": tile.note,
        "source": version.source if version else "",
        "verification": version.verification if version else "",
        "period_label": value.period.label,
        "chart": _chart(reader, value) if tile.chart else [],
    }


def _chart(reader: Reader, value: Value) -> list[dict[str, Any]]:
    """The figure over its periods, oldest first; nothing with fewer than two known values."""
    found = [reader.value(value.indicator, value.place, period) for period in series(value.period)]
    known = [at for at, each in enumerate(found) if each.exact is not None]
    if len(known) < 2:
        return []
    return [
        {"label": each.period.short, "value": cards.number(each.value), "shown": each.shown}
        for each in found[known[0] :]
    ]


def figures(content: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """Section and tile of every figure that a frozen card says."""
    return ((section["title"], tile) for section in content["sections"] for tile in section["tiles"])
