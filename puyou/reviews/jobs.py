"""What the worker does for this room: each job reports how much it did and is safe to repeat."""

from puyou.core import clock
from puyou.reviews import actions, photos


def take_in_answers() -> int:
    """Take couriers' answers in; returns how many envelopes left the queue."""
    return actions.take_in_answers(now=clock.now())


def take_in_appeals() -> int:
    """Take couriers' appeals in; returns how many envelopes left the queue."""
    return actions.take_in_appeals(now=clock.now())


def drop_withdrawn() -> int:
    """Close what was open about visits that were taken back; returns how many visits."""
    return actions.drop_withdrawn(now=clock.now())


def release_settled() -> int:
    """End the holds on photos of what can be appealed no longer; returns how many."""
    return photos.release_settled(now=clock.now())
