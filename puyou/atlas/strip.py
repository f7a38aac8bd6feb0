"""A village's year as a calendar: a column a week, a row a weekday, the verdict below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Protocol

from puyou.core import formats
from puyou.core.periods import Week

DAY_WORDS = {
    "served": "有效投递",
    "refused": "到村但不计",
    "excused": "免责",
    "idle": "未投递",
    "outside": "无投递要求",
    "future": "未到",
}
STANDING_WORDS = {
    "met": "达标",
    "missed": "未达标",
    "provisional": "初判未达，待补传",
    "pending": "待定",
    "excused": "免责",
    "none": "无投递要求",
}


class DaysOfWeek(Protocol):
    """One week of the strip; masks have bit i for Monday + i; ``refused``: visited, not counting."""

    @property
    def week(self) -> Week: ...
    @property
    def in_force(self) -> int: ...
    @property
    def served(self) -> int: ...
    @property
    def excused(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def standing(self) -> str: ...
    @property
    def trips(self) -> int: ...
    @property
    def trips_due(self) -> int: ...


@dataclass(frozen=True)
class Cell:
    """A day or a week: ``code`` is its CSS class, ``told`` what it says in words."""

    code: str
    told: str
    href: str = ""
    festival: str = ""
    here: bool = False


@dataclass(frozen=True)
class Line:
    """A weekday through all weeks."""

    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Month:
    """A stretch of week columns under one heading."""

    label: str
    weeks: int


@dataclass(frozen=True)
class Strip:
    """What core/strip.html draws."""

    caption: str
    months: list[Month]
    days: list[Line]
    weeks: list[Cell]


def day_code(week: DaysOfWeek, weekday: int, today: date) -> str:
    """What a day of the week was: served, outside any duty, excused, refused, idle, or still to come."""
    bit = 1 << weekday
    states = (
        ("served", week.served),
        ("outside", ~week.in_force),
        ("excused", week.excused),
        ("refused", week.refused),
    )
    for code, mask in states:
        if mask & bit:
            return code
    return "future" if week.week.monday + timedelta(days=weekday) >= today else "idle"


def draw(
    weeks: Sequence[DaysOfWeek],
    today: date,
    shown: Week,
    festivals: dict[Week, str],
    address: Callable[[Week], str],
) -> Strip:
    """The strip of some weeks in order; ``shown`` is the page's week, ``address`` leads to another."""
    return Strip(
        caption=f"近 {len(weeks)} 周每日投递",
        months=_months([week.week for week in weeks]),
        days=[
            Line(formats.WEEKDAYS[weekday], [_day(week, weekday, today) for week in weeks])
            for weekday in range(7)
        ],
        weeks=[_week(week, shown, festivals.get(week.week, ""), address) for week in weeks],
    )


def _day(week: DaysOfWeek, weekday: int, today: date) -> Cell:
    code = day_code(week, weekday, today)
    day = week.week.monday + timedelta(days=weekday)
    return Cell(code, f"{formats.day(day)} {DAY_WORDS[code]}")


def _week(week: DaysOfWeek, shown: Week, festival: str, address: Callable[[Week], str]) -> Cell:
    told = f"{week.week.label} {STANDING_WORDS[week.standing]}，计次 {week.trips} / 应投 {week.trips_due}"
    if week.in_force not in (0, 127):
        told += "，部分天数有投递要求"
    if festival:
        told += f"，{festival}"
    return Cell(week.standing, told, address(week.week), festival, week.week == shown)


def _months(weeks: Sequence[Week]) -> list[Month]:
    """A heading a month; the first one and every January name the year."""
    months: list[Month] = []
    for (year, month), run in groupby(weeks, key=lambda week: (week.monday.year, week.monday.month)):
        named = f"{year}年{month}月" if not months or month == 1 else f"{month}月"
        months.append(Month(named, len(list(run))))
    return months
