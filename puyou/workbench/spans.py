"""Sorting work by when it is due: today and before, this week, later, without a term."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from puyou.core.periods import Week


@dataclass(frozen=True)
class Span:
    """Days of one group: ``q`` on ``due_on``, ``holds`` for a single day, ``asked`` for the address of a list."""

    code: str
    name: str
    q: Q
    holds: Callable[[date | None], bool]
    asked: str


def spans(today: date) -> list[Span]:
    """The four groups as they stand on a day, in order."""
    sunday = Week.of(today).sunday
    return [
        Span(
            "today",
            "今天及以前",
            Q(due_on__lte=today),
            lambda day: day is not None and day <= today,
            f"due_to={today}",
        ),
        Span(
            "week",
            "本周",
            Q(due_on__gt=today, due_on__lte=sunday),
            lambda day: day is not None and today < day <= sunday,
            f"due_from={_after(today)}&due_to={sunday}",
        ),
        Span(
            "later",
            "以后",
            Q(due_on__gt=sunday),
            lambda day: day is not None and day > sunday,
            f"due_from={_after(sunday)}",
        ),
        Span("none", "无期限", Q(due_on=None), lambda day: day is None, "term=none"),
    ]


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
