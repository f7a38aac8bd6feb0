"""What a card consists of: sections with a person's sentence, and tiles each naming an indicator. Pure.

A layout is kept as a list of sections; an edit takes one layout and gives another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from puyou.indicators.periods import Period

TITLE, SENTENCE, NOTE = 40, 300, 120
MOST_SECTIONS, MOST_TILES = 30, 60
Item = TypeVar("Item")
COMPARISONS = {
    "": "不比较",
    "previous": "比上期",
    "year_on_year": "比上年同期",
    "ranks_up": "位次前进",
    "in_a_row": "连续提升",
}


class LayoutError(ValueError):
    """``where`` and ``reason`` in Chinese."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}：{reason}")
        self.where, self.reason = where, reason


@dataclass(frozen=True)
class Tile:
    """One figure: whose ``period`` may be its own; ``by`` is the indicator that tells the comparison where one does."""

    indicator: str = ""
    comparison: str = ""
    by: str = ""
    period: str = ""
    note: str = ""
    chart: bool = False


@dataclass(frozen=True)
class Section:
    """A heading, what a person says about it, and its figures."""

    title: str = ""
    judgement: str = ""
    tiles: tuple[Tile, ...] = field(default=())


Layout = tuple[Section, ...]


def read(said: Iterable[Mapping[str, Any]]) -> Layout:
    """A layout from what was kept."""
    return tuple(
        Section(each["title"], each["judgement"], tuple(Tile(**tile) for tile in each["tiles"]))
        for each in said
    )


def kept(layout: Layout) -> list[dict[str, Any]]:
    """A layout as it is kept."""
    return [asdict(section) | {"tiles": [asdict(tile) for tile in section.tiles]} for section in layout]


def examine(layout: Layout, codes: Iterable[str]) -> None:
    """LayoutError at the first thing that is not right; ``codes``: the indicators that there are."""
    known = set(codes)
    if len(layout) > MOST_SECTIONS:
        raise LayoutError("成绩单", f"最多 {MOST_SECTIONS} 节")
    for number, section in enumerate(layout, 1):
        _examine_section(f"第 {number} 节", section)
        for place, tile in enumerate(section.tiles, 1):
            _examine_tile(f"第 {number} 节第 {place} 项", tile, known)


def _examine_section(where: str, section: Section) -> None:
    if not section.title:
        raise LayoutError(where, "请写标题")
    if len(section.title) > TITLE:
        raise LayoutError(where, f"标题最多 {TITLE} 字")
    if len(section.judgement) > SENTENCE:
        raise LayoutError(where, f"评语最多 {SENTENCE} 字")
    if len(section.tiles) > MOST_TILES:
        raise LayoutError(where, f"一节最多 {MOST_TILES} 项")


def _examine_tile(where: str, tile: Tile, known: set[str]) -> None:
    if not tile.indicator:
        raise LayoutError(where, "请选择指标")
    for code in filter(None, (tile.indicator, tile.by)):
        if code not in known:
            raise LayoutError(where, f"没有指标“{code[:40]}”")
    if tile.comparison not in COMPARISONS:
        raise LayoutError(where, "没有这种比较")
    if tile.by and not tile.comparison:
        raise LayoutError(where, "写了用来比较的指标，请选择比较的方式")
    if not is_period(tile.period):
        raise LayoutError(where, f"时期“{tile.period[:24]}”应写作 2019、2026-Q3、2026-10 或 2017..2019")
    if len(tile.note) > NOTE:
        raise LayoutError(where, f"说明最多 {NOTE} 字")


def is_period(name: str) -> bool:
    """Whether a tile's own period is one; none is fine."""
    try:
        return not name or bool(Period.parse(name))
    except ValueError:
        return False


def edited(layout: Layout, change: str) -> Layout:
    """The layout after ``add``, ``add:S``, ``up:S``, ``down:S``, ``remove:S`` or the last three with ``:T``.

    What a stale page asks of a section or tile that is not there changes nothing.
    """
    verb, *rest = change.split(":")
    at = [int(each) for each in rest if each.isdigit()]
    if verb == "add":
        return _added(layout, at)
    if not at or at[0] >= len(layout) or verb not in ("up", "down", "remove"):
        return layout
    if len(at) == 1:
        return tuple(_moved(layout, verb, at[0]))
    section = layout[at[0]]
    if at[1] >= len(section.tiles):
        return layout
    return _with(layout, at[0], replace(section, tiles=tuple(_moved(section.tiles, verb, at[1]))))


def _added(layout: Layout, at: Sequence[int]) -> Layout:
    if not at:
        return (*layout, Section())
    if at[0] >= len(layout):
        return layout
    section = layout[at[0]]
    return _with(layout, at[0], replace(section, tiles=(*section.tiles, Tile())))


def _with(layout: Layout, at: int, section: Section) -> Layout:
    return (*layout[:at], section, *layout[at + 1 :])


def _moved(items: Sequence[Item], verb: str, at: int) -> list[Item]:
    found = list(items)
    taken = found.pop(at)
    if verb != "remove":
        found.insert(max(0, at - 1 if verb == "up" else at + 1), taken)
    return found
