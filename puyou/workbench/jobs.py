"""What the worker does for this room: each job reports how much it did and is safe to repeat."""

from puyou.core import clock
from puyou.workbench import stuck


def note_stuck() -> int:
    """Look for cases that nobody can carry on; returns how many came or went."""
    return stuck.note_stuck(now=clock.now())
