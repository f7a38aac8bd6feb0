"""What a page was asked to show: week, filters and order, read from the address and written back into it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from puyou.compliance.rules import AREA_CLASSES
from puyou.core.periods import Week

BASES = ("live", "settled")
TREES = ("week", "current")
FESTIVALS = ("with", "without")


@dataclass(frozen=True)
class Weeks:
    """The weeks a page may show: ``first`` to ``running`` (today's); ``settled`` is the last settled one."""

    first: Week
    running: Week
    settled: Week

    @property
    def ended(self) -> Week:
        """The last week that is over."""
        return self.running.shift(-1)

    def last(self, basis: str) -> Week:
        return self.settled if basis == "settled" else self.running


@dataclass(frozen=True)
class Outlook:
    """A view that an address reproduces. ``notes``: what in the address could not be followed."""

    week: Week
    area: str = ""
    place_set: str = ""
    basis: str = "live"
    tree: str = "week"
    festivals: str = "with"
    level: int = 0
    sort: str = ""
    notes: tuple[str, ...] = ()

    @property
    def area_class(self) -> int | None:
        """Index of the area class, None for all."""
        return AREA_CLASSES.index(self.area) if self.area else None

    def filters(self) -> dict[str, str]:
        """What narrows or shifts the figures, without order; the week is always said."""
        said = {"week": self.week.name, "area": self.area, "set": self.place_set}
        said |= {"basis": self.basis if self.basis != "live" else ""}
        said |= {"tree": self.tree if self.tree != "week" else ""}
        return {name: value for name, value in said.items() if value}

    def query(self, **changes: object) -> str:
        """The view as a query string with ``changes``; an empty value leaves a part out."""
        said: dict[str, object] = {
            **self.filters(),
            "level": self.level or "",
            "festivals": self.festivals if self.festivals != "with" else "",
            "sort": self.sort,
        }
        said |= changes
        return urlencode({name: str(value) for name, value in said.items() if value not in ("", None)})


class Reader:
    """Reads an address part by part and notes what it could not follow, so that no address is an error."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.query = query
        self.notes: list[str] = []

    def text(self, name: str) -> str:
        return str(self.query.get(name, "")).strip()

    def choice(self, name: str, called: str, choices: tuple[str, ...], default: str) -> str:
        """One of ``choices``; anything else is noted and becomes ``default``."""
        said = self.text(name)
        if not said or said in choices:
            return said or default
        self.notes.append(f"无法识别的{called}“{said[:20]}”，已按默认显示")
        return default

    def number(self, name: str, called: str, lowest: int, highest: int, default: int) -> int:
        """A plain number in a range; anything else is noted and becomes ``default``."""
        said = self.text(name)
        if not said:
            return default
        if said.isascii() and said.isdigit() and len(said) < 10 and lowest <= int(said) <= highest:
            return int(said)
        self.notes.append(f"无法识别的{called}“{said[:20]}”，已按默认显示")
        return default

    def week(self, weeks: Weeks, basis: str, default: Week) -> Week:
        """A week that has begun and is kept; in the settled view at most the last settled one."""
        said, last = self.text("week"), weeks.last(basis)
        if not said:
            return min(default, last)
        try:
            week = Week.parse(said.encode("ascii").decode())
        except (ValueError, OverflowError):  # UnicodeError is a ValueError
            self.notes.append(f"无法识别的周“{said[:20]}”，应形如“{default.name}”")
            return min(default, last)
        if week < weeks.first:
            self.notes.append(f"{week.label}早于保留的数据，最早为{weeks.first.label}")
            return weeks.first
        if week > weeks.running:
            self.notes.append(f"{week.label}还没有开始")
            return min(default, last)
        if week > last:
            self.notes.append(f"{week.label}尚未结算，已显示最近的已结算周")
            return last
        return week


def read(
    query: Mapping[str, str],
    weeks: Weeks,
    *,
    default: Week,
    place_sets: tuple[str, ...] = (),
    levels: tuple[int, ...] = (),
) -> Outlook:
    """The view an address asks for. ``levels``: the deeper levels the table may list, the next one first."""
    reader = Reader(query)
    basis = reader.choice("basis", "口径", BASES, "live")
    level = reader.number("level", "层级", 1, 5, 0)
    if level and level not in levels:
        reader.notes.append("这里没有所选层级的下级地区，已列出下一级")
        level = 0
    outlook = Outlook(
        week=reader.week(weeks, basis, default),
        area=reader.choice("area", "地区类别", AREA_CLASSES, ""),
        place_set=reader.choice("set", "区域集合", place_sets, ""),
        basis=basis,
        tree=reader.choice("tree", "区划口径", TREES, "week"),
        festivals=reader.choice("festivals", "节日周选项", FESTIVALS, "with"),
        level=level,
        sort=reader.text("sort")[:40],
    )
    return replace(outlook, notes=tuple(reader.notes))
