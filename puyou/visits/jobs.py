"""What the worker runs for this room: each job reports how much it did and is safe to repeat."""

from puyou.core import clock
from puyou.visits import actions

BATCH = 5000


def take_in_pending() -> int:
    """Turn waiting envelopes into visits; returns how many left the queue."""
    return actions.take_in_pending(limit=BATCH, now=clock.now())
