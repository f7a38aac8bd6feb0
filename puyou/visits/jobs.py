"""What the worker runs for this room: each job reports how much it did and is safe to repeat."""

from puyou.core import clock
from puyou.visits import actions, catching_up, noting

BATCH = 5000


def take_in_pending() -> int:
    """Turn waiting envelopes into visits; returns how many left the queue."""
    return actions.take_in_pending(limit=BATCH, now=clock.now())


def settle_withdrawals() -> int:
    """Decide on withdrawals whose visit came by another way; always 0, for one round does all."""
    actions.settle_withdrawals(now=clock.now())
    return 0


def screen_again() -> int:
    """Draw conclusions from facts that came late: read the log on, then screen a stretch of what waits."""
    return noting.note_late_facts() + catching_up.screen_waiting(now=clock.now())


def link_strangers() -> int:
    """Link visits of numbers that were registered since; always 0, for one round does all."""
    catching_up.link_strangers(now=clock.now())
    return 0


def open_position_reviews() -> int:
    """Queue couriers who gave too few positions for review; always 0, for one round does all."""
    actions.open_position_reviews(now=clock.now())
    return 0
