"""A village's year as a calendar: a column a week, a row a weekday, the verdict below."""

from collections.abc import Callable, Collection, Sequence
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
CODES = {
    "served": "served",
    "excused": "excused",
    "missing": "idle",
    "idle": "outside",
    "ahead": "future",
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
    """One week of the strip; ``days`` Monday to Sunday in compliance's words."""

    @property
    def week(self) -> Week: ...
    @property
    def days(self) -> tuple[str, ...]: ...
    @property
    def standing(self) -> str: ...
    @property
    def trips(self) -> int: ...
    @property
    def trips_due(self) -> int: ...
    @property
    def part_week(self) -> bool: ...


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


def draw(
    weeks: Sequence[Week],
    details: Sequence[DaysOfWeek],
    festivals: dict[date, str],
    address: Callable[[Week], str],
    *,
    shown: Week,
    refused: Collection[date] = (),
) -> Strip:
    """The strip of some weeks in order; weeks without details have no duty.

    ``festivals`` by Monday; ``address`` leads to a week's page; ``refused``: days visited without counting.
    """
    known = {detail.week: detail for detail in details}
    lines = [
        Line(formats.WEEKDAYS[weekday], [_day(known.get(week), week, weekday, refused) for week in weeks])
        for weekday in range(7)
    ]
    return Strip(
        caption=f"近 {len(weeks)} 周每日投递",
        months=_months(weeks),
        days=lines,
        weeks=[
            _week(known.get(week), week, shown, festivals.get(week.monday, ""), address) for week in weeks
        ],
    )


def _day(detail: DaysOfWeek | None, week: Week, weekday: int, refused: Collection[date]) -> Cell:
    day = week.monday + timedelta(days=weekday)
    code = CODES[detail.days[weekday]] if detail else "outside"
    code = "refused" if code == "idle" and day in refused else code
    return Cell(code, f"{formats.day(day)} {DAY_WORDS[code]}")


def _week(
    detail: DaysOfWeek | None, week: Week, shown: Week, festival: str, address: Callable[[Week], str]
) -> Cell:
    standing = detail.standing if detail else "none"
    told = f"{week.label} {STANDING_WORDS[standing]}"
    if detail and detail.trips_due:
        told += f"，计次 {detail.trips} / 应投 {detail.trips_due}"
    if detail and detail.part_week:
        told += "，部分天数有投递要求"
    if festival:
        told += f"，{festival}"
    return Cell(standing, told, address(week), festival, week == shown)


def _months(weeks: Sequence[Week]) -> list[Month]:
    """A heading a month; the first one and every January name the year."""
    months: list[Month] = []
    for (year, month), run in groupby(weeks, key=lambda week: (week.monday.year, week.monday.month)):
        named = f"{year}年{month}月" if not months or month == 1 else f"{month}月"
        months.append(Month(named, len(list(run))))
    return months
