"""Periods that figures are about: their names, what came before them, and the weeks and months inside."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from puyou.core.periods import YEARS, Week

DAY, WEEK, MONTH, QUARTER, YEAR, SPAN = "day", "week", "month", "quarter", "year", "span"
KINDS = {DAY: "日", WEEK: "周", MONTH: "月", QUARTER: "季", YEAR: "年", SPAN: "时段（规划期、专项）"}
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}
_INSIDE = {YEAR: (QUARTER, MONTH), QUARTER: (MONTH,)}


@dataclass(frozen=True, order=True)
class Period:
    """Days, both ends included, and of which kind; plan periods and campaigns are spans."""

    first: date
    last: date
    kind: str

    @classmethod
    def of(cls, kind: str, day: date) -> "Period":
        """The period of a kind that holds ``day``; a week belongs to the month of its Thursday."""
        if kind == DAY:
            return cls(day, day, DAY)
        if kind == WEEK:
            monday = Week.of(day).monday
            return cls(monday, monday + timedelta(days=6), WEEK)
        months = _MONTHS[kind]
        month = (day.month - 1) // months * months + 1
        return cls(date(day.year, month, 1), _end(day.year, month + months - 1), kind)

    @classmethod
    def parse(cls, name: str) -> "Period":
        """From ``2019``, ``2026-Q3``, ``2026-09``, ``2026-W40``, ``2026-09-24``, ``2016..2020``; else ValueError."""
        name = name.strip()
        if ".." in name:
            first, last = (cls.parse(part) for part in name.split("..", 1))
            if first.first > last.last or SPAN in (first.kind, last.kind):
                raise ValueError(f"not a period: {name}")
            return cls(first.first, last.last, SPAN)
        for kind, pattern in _PATTERNS.items():
            match = re.fullmatch(pattern, name, re.ASCII)
            if match:
                return cls._read(kind, name, [int(part) for part in match.groups()])
        raise ValueError(f"not a period: {name}")

    @classmethod
    def _read(cls, kind: str, name: str, parts: list[int]) -> "Period":
        if not YEARS[0] <= parts[0] <= YEARS[1]:
            raise ValueError(f"not a period: {name}")
        if kind == WEEK:
            return cls.of(WEEK, Week.parse(name).monday)
        if kind == QUARTER:
            return cls.of(QUARTER, date(parts[0], parts[1] * 3, 1))
        return cls.of(kind, date(*(parts + [1, 1])[:3]))

    @property
    def name(self) -> str:
        """As it stands in addresses and on command lines."""
        first = self.first
        if self.kind == WEEK:
            return Week(first).name
        if self.kind == QUARTER:
            return f"{first.year}-Q{(first.month + 2) // 3}"
        if self.kind == SPAN:
            return f"{first}..{self.last}" if not self.is_years else f"{first.year}..{self.last.year}"
        return first.isoformat()[: {DAY: 10, MONTH: 7, YEAR: 4}[self.kind]]

    @property
    def is_years(self) -> bool:
        """Whether it is made of whole calendar years."""
        return (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31)

    @property
    def label(self) -> str:
        """For people: ``2026年9月``."""
        first, last = self.first, self.last
        if self.kind == WEEK:
            return Week(first).label
        if self.kind == SPAN:
            if self.is_years:
                return f"{first.year}—{last.year}年"
            return f"{first.year}年{first.month}月{first.day}日—{last.year}年{last.month}月{last.day}日"
        return {
            DAY: f"{first.year}年{first.month}月{first.day}日",
            MONTH: f"{first.year}年{first.month}月",
            QUARTER: f"{first.year}年第{(first.month + 2) // 3}季度",
            YEAR: f"{first.year}年",
        }[self.kind]

    @property
    def short(self) -> str:
        """For a chart's axis: ``46周``, ``26.10``, ``26.3季``."""
        year, first = f"{self.first.year % 100:02}", self.first
        return {
            DAY: f"{first.month}.{first.day}",
            WEEK: f"{Week(first).name[-2:]}周",
            MONTH: f"{year}.{first.month:02}",
            QUARTER: f"{year}.{(first.month + 2) // 3}季",
            YEAR: f"{first.year}",
        }.get(self.kind, self.name)

    def previous(self) -> "Period | None":
        """The period before; None of a span, which has none."""
        return None if self.kind == SPAN else Period.of(self.kind, self.first - timedelta(days=1))

    def next(self) -> "Period | None":
        return None if self.kind == SPAN else Period.of(self.kind, self.last + timedelta(days=1))

    def last_year(self) -> "Period | None":
        """The same period of the year before: the week of the same number, the same day (28 February for the 29th)."""
        if self.kind == SPAN:
            return None
        if self.kind == WEEK:
            return Period.of(WEEK, self.first - timedelta(weeks=52))
        day = min(self.first.day, calendar.monthrange(self.first.year - 1, self.first.month)[1])
        return Period.of(self.kind, self.first.replace(year=self.first.year - 1, day=day))

    def to_date(self) -> "Period":
        """From the beginning of the year to the period's end."""
        return Period(date(self.last.year, 1, 1), self.last, SPAN)

    def inside(self) -> list[list["Period"]]:
        """The ways to cut it into smaller calendar periods, widest first; a year: its quarters, its months."""
        return [list(self.cut(kind)) for kind in _INSIDE.get(self.kind, ())]

    def cut(self, kind: str) -> Iterator["Period"]:
        """The whole periods of a kind that lie inside."""
        piece = Period.of(kind, self.first)
        while piece.last <= self.last:
            if piece.first >= self.first:
                yield piece
            piece = Period.of(kind, piece.last + timedelta(days=1))

    def weeks(self) -> list[Week]:
        """The weeks that belong to it: those whose Thursday it holds."""
        week = Week.of(self.first)
        found = []
        while week.monday <= self.last:
            if self.first <= week.monday + timedelta(days=3) <= self.last:
                found.append(week)
            week = week.shift(1)
        return found


_PATTERNS = {
    YEAR: r"([0-9]{4})",
    QUARTER: r"([0-9]{4})-Q([1-4])",
    MONTH: r"([0-9]{4})-([0-9]{2})",
    WEEK: r"([0-9]{4})-W([0-9]{2})",
    DAY: r"([0-9]{4})-([0-9]{2})-([0-9]{2})",
}


def _end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
