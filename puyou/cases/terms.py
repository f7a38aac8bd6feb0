"""Statutory clocks: when a term is due, moved by suspensions and extensions, and how to say why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from puyou.core.formats import day as spoken
from puyou.standards import rules as standards
from puyou.standards.rules import Calendar, Due, Suspension

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Running:
    """A clock as facts: the day it began (not counted), its allowance such as ``20wd``, pauses with both ends
    included (None: still paused), extensions as further allowances."""

    started_on: date
    allowance: str
    pauses: Sequence[tuple[date, date | None]] = ()
    extensions: Sequence[str] = ()


def due_of(clock: Running, calendar: Calendar, today: date) -> Due:
    """The last day of the term. A pause that has not ended counts as lasting until ``today``.

    An extension is counted on from the day that was due without it. Source: 行政许可法 arts 42, 45, 82;
    行政处罚法 arts 60, 85 (the unit is the allowance's own).
    """
    pauses = closed_pauses(clock, today)
    found = standards.due(clock.started_on, clock.allowance, pauses, calendar)
    counted = found.counted
    for more in clock.extensions:
        found = standards.due(found.due, more, pauses, calendar)
        counted += found.counted
    return Due(found.due, found.provisional, counted)


def closed_pauses(clock: Running, today: date) -> list[Suspension]:
    """The pauses with an end each, in order; one that begins later than ``today`` and has no end is a day long."""
    return standards.merge_suspensions(
        (first, max(first, today) if last is None else last) for first, last in clock.pauses
    )


def explain(clock: Running, calendar: Calendar, today: date) -> str:
    """The due date in words: from which day, how many days of which unit, what was left out, what was added."""
    text = f"自{spoken(clock.started_on)}起第 {spoken_term(clock.allowance)}"
    pauses = closed_pauses(clock, today)
    if pauses:
        text += "，扣除中止" + "、".join(_span(first, last) for first, last in pauses)
    for more in clock.extensions:
        text += f"，延长 {spoken_term(more)}"
    found = due_of(clock, calendar, today)
    text += f"，至{spoken(found.due)}"
    return text + ("（次年休假安排尚未公布，暂按周末推算）" if found.provisional else "")


def spoken_term(term: str) -> str:
    """A term in words: ``20wd`` → 20 个工作日, ``90d`` → 90 日."""
    count, working = standards.parse_term(term)
    return f"{count} {'个工作日' if working else '日'}"


def _span(first: date, last: date) -> str:
    return spoken(first) if first == last else f"{spoken(first)}—{spoken(last)}"


def remaining(due: date, today: date, allowance: str, calendar: Calendar) -> int:
    """Days left in the clock's own unit, today not counted; negative when it is overdue."""
    _, working = standards.parse_term(allowance)
    if not working:
        return (due - today).days
    first, last, sign = (today, due, 1) if due >= today else (due, today, -1)
    days = (first + DAY * n for n in range(1, (last - first).days + 1))
    return sign * sum(calendar.is_working_day(day) for day in days)
