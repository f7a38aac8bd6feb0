"""What the worker runs for this room; safe to repeat."""

from puyou.core import clock
from puyou.fieldwork import actions

BATCH = 2000


def take_in_pending() -> int:
    """Take in rounds begun and ended, and consents; returns how many envelopes left the queue."""
    now = clock.now()
    return actions.take_in_marks(limit=BATCH, now=now) + actions.take_in_consents(limit=BATCH, now=now)
