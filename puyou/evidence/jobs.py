"""What the worker runs for this room: each job reports how much it did and is safe to repeat."""

from puyou.core import clock
from puyou.evidence import actions


def fingerprint_files() -> int:
    """Read the facts of files that have come."""
    return actions.examine_waiting(now=clock.now())


def rebuild_neighbours() -> int:
    """Build the index of near pictures anew when it is due; always 0, for one round does all."""
    actions.rebuild_when_due(now=clock.now())
    return 0


def expire_files() -> int:
    """Delete bytes whose time is over, and uploads that stopped."""
    now = clock.now()
    return actions.expire_files(now=now) + actions.drop_stale_uploads(now=now)
