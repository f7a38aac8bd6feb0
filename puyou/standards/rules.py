"""Judging working days, terms and which version of a rule holds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from puyou.standards import problems

DAY = timedelta(days=1)
Suspension = tuple[date, date]  # both ends included


@dataclass(frozen=True)
class Calendar:
    """Days off and days made up; ``published_to`` is 31 December of the last published year."""

    off: Mapping[date, str]
    made_up: frozenset[date]
    published_to: date

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is worked: made up, or neither a weekend nor off."""
        return day in self.made_up or (day.weekday() < 5 and day not in self.off)


@dataclass(frozen=True)
class Due:
    """The last day of a term, whether its calendar is still provisional, and how many days were counted."""

    due: date
    provisional: bool
    counted: int


def parse_term(term: str) -> tuple[int, bool]:
    """``20wd`` → (20, True) working days, ``90d`` → (90, False) calendar days; Problem when it is neither."""
    match = re.fullmatch(r"(\d{1,4})(wd|d)", term.strip().lower())
    if not match or int(match[1]) == 0:
        raise problems.TERM_UNCLEAR(term=term)
    return int(match[1]), match[2] == "wd"


def merge_suspensions(suspensions: Iterable[Suspension]) -> list[Suspension]:
    """Overlapping and touching suspensions as one; Problem when one ends before it begins."""
    merged: list[Suspension] = []
    for first, last in sorted(suspensions):
        if last < first:
            raise problems.SUSPENSION_BACKWARDS(first=first, last=last)
        if merged and first <= _next(merged[-1][1]):
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def due(start: date, term: str, suspensions: Iterable[Suspension], calendar: Calendar) -> Due:
    """The last day of a term that begins on ``start``, which is not counted itself.

    Suspended days are never counted. A term of calendar days that would end on a day off runs to the next
    working day that is not suspended. Problem when the term or a suspension is beyond reason.
    """
    count, working = parse_term(term)
    pauses = merge_suspensions(suspensions)
    try:
        day = start
        for _ in range(count):
            day = _next_counted(day, pauses, calendar, working)
        while not calendar.is_working_day(day):
            day = _next_counted(day, pauses, calendar, True)
    except OverflowError as error:
        raise problems.TERM_TOO_LONG(term=term) from error
    return Due(day, day > calendar.published_to, count)


def _next_counted(day: date, pauses: Sequence[Suspension], calendar: Calendar, working: bool) -> date:
    """The first day after ``day`` that is not suspended and, if ``working``, is worked."""
    while True:
        day += DAY
        day = next((last + DAY for first, last in pauses if first <= day <= last), day)
        if not working or calendar.is_working_day(day):
            return day


def _next(day: date) -> date:
    return day if day == date.max else day + DAY


def add_working_days(start: date, count: int, calendar: Calendar) -> date:
    """The ``count``-th working day after ``start``; ``start`` itself when ``count`` is 0."""
    day = start
    for _ in range(count):
        day = _next_counted(day, (), calendar, True)
    return day


def holiday_weeks(first: date, last: date, calendar: Calendar) -> dict[date, str]:
    """Mondays of the weeks touching ``[first, last]`` that hold days off → the festivals' names."""
    begin = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    found: dict[date, list[str]] = {}
    for day, name in sorted(calendar.off.items()):
        if begin <= day <= end:
            names = found.setdefault(day - timedelta(days=day.weekday()), [])
            if name not in names:
                names.append(name)
    return {monday: "、".join(names) for monday, names in found.items()}


@dataclass(frozen=True)
class Version:
    """A rule's value in ``[valid_from, valid_to)``; ``path`` is the place it is for, empty for the nation."""

    id: int
    code: str
    area_class: str
    path: str
    value: str
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    verification: str

    def holds_on(self, day: date) -> bool:
        """Whether the version is in force on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def choose(versions: Iterable[Version], on: date, area_class: str, path: str) -> Version | None:
    """The version in force for a place: the nearest place first, then its own class first."""
    fitting = [
        version
        for version in versions
        if version.holds_on(on) and path.startswith(version.path) and version.area_class in ("", area_class)
    ]
    return max(fitting, key=lambda version: (len(version.path), version.area_class != ""), default=None)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two half-open spans share a day; None means without end."""
    return (second[1] is None or first[0] < second[1]) and (first[1] is None or second[0] < first[1])
