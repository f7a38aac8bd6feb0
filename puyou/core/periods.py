"""ISO weeks in Asia/Shanghai: their names, days and places in a year."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = 1900, 9990  # years in which weeks may be asked for
DAYS_IN_SET = 371  # 53 weeks: day 0 is the Monday of W01


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, known by its Monday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week that holds ``day``."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, name: str) -> "Week":
        """From ``2026-W40``; ValueError when it is no such week, or too near the ends of the calendar to count on."""
        match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", name)
        if not match or not YEARS[0] <= int(match[1]) <= YEARS[1]:
            raise ValueError(f"not a week: {name}")
        return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))

    @property
    def year(self) -> int:
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def name(self) -> str:
        """``2026-W40``."""
        return f"{self.year}-W{self.number:02d}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def label(self) -> str:
        """``2026年第47周（11.16—11.22）``."""
        first, last = self.monday, self.sunday
        return f"{self.year}年第{self.number}周（{first.month}.{first.day:02d}—{last.month}.{last.day:02d}）"

    def shift(self, weeks: int) -> "Week":
        return Week(self.monday + timedelta(weeks=weeks))

    @property
    def ends_at(self) -> datetime:
        """The moment the week is over: next Monday 00:00 in Shanghai, aware."""
        return datetime.combine(self.monday + timedelta(days=7), datetime.min.time(), SHANGHAI).astimezone(
            UTC
        )


def weeks_between(first: date, last: date) -> Iterator[Week]:
    """Every week that touches the dates, both included, in order."""
    week, end = Week.of(first), Week.of(last)
    while week <= end:
        yield week
        week = week.shift(1)


def day_of(moment: datetime) -> date:
    """The date of an aware moment in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def year_start(iso_year: int) -> date:
    """The Monday of W01 of an ISO year."""
    return date.fromisocalendar(iso_year, 1, 1)


def day_index(day: date) -> tuple[int, int]:
    """ISO year of a day and its place in that year's day set (0 to 370)."""
    iso_year = day.isocalendar().year
    return iso_year, (day - year_start(iso_year)).days
