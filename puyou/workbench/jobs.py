"""What the worker does for this room: each job reports how much it did and is safe to repeat."""

from puyou.core import clock
from puyou.workbench import queueing, sending, stuck


def note_stuck() -> int:
    """Look for cases that nobody can carry on; returns how many came or went."""
    return stuck.note_stuck(now=clock.now())


def queue_notices() -> int:
    """Queue new notices for people and groups outside; returns how many messages."""
    return queueing.queue_notices(now=clock.now())


def queue_digests() -> int:
    """Queue the day's digests from eight in the morning; returns how many people and groups."""
    return queueing.queue_digests(now=clock.now())


def send_due() -> int:
    """Send what waits; returns how many messages were tried."""
    return sending.send_due(now=clock.now())
