"""A month as a sheet of weeks: which days are worked, which are off and why, and how much is due on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from puyou.standards.rules import Calendar

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One square of the sheet. ``mark``: 班 for a day made up, the festival's name or 休 for a day off."""

    on: date
    inside: bool
    working: bool
    mark: str
    count: int
    today: bool


@dataclass(frozen=True)
class Month:
    """A month by its first day."""

    first: date

    @classmethod
    def parse(cls, text: str, today: date) -> "Month":
        """From ``2026-11``; the present month when it is none, or too far away."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            first = today.replace(day=1)
        return cls(first if FIRST <= first <= LAST else today.replace(day=1))

    @property
    def name(self) -> str:
        return f"{self.first.year:04d}-{self.first.month:02d}"

    @property
    def label(self) -> str:
        return f"{self.first.year}年{self.first.month}月"

    @property
    def last(self) -> date:
        return self.after.first - DAY

    @property
    def after(self) -> "Month":
        return Month((self.first.replace(day=28) + timedelta(days=4)).replace(day=1))

    @property
    def before(self) -> "Month":
        return Month((self.first - DAY).replace(day=1))


def sheet(month: Month, today: date, calendar: Calendar, counts: Mapping[date, int]) -> list[list[Day]]:
    """The weeks that touch a month, Monday to Sunday."""
    monday = month.first - DAY * month.first.weekday()
    weeks = []
    while monday <= month.last:
        weeks.append([_day(monday + DAY * n, month, today, calendar, counts) for n in range(7)])
        monday += DAY * 7
    return weeks


def _day(on: date, month: Month, today: date, calendar: Calendar, counts: Mapping[date, int]) -> Day:
    working = calendar.is_working_day(on)
    mark = "班" if on in calendar.made_up else calendar.off.get(on, "休" if not working else "")
    inside = month.first <= on <= month.last
    return Day(on, inside, working, mark, counts.get(on, 0) if inside else 0, on == today)
