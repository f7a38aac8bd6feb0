"""What the worker runs for this room: safe to repeat, and quiet when nothing waits."""

from puyou.core import clock
from puyou.scrutiny import noting, scoring


def score_pending() -> int:
    """Read the log on, then score what waits of one day; returns how much was done."""
    now = clock.now()
    return noting.note_late_facts(now=now) + scoring.score_pending(now=now)
