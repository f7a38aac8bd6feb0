"""Judging times at the front door: what a phone's clock is worth, and what cannot have happened yet."""

from datetime import datetime, timedelta
from typing import NamedTuple

FUTURE_ALLOWANCE = timedelta(minutes=10)
SKEW_LIMIT = timedelta(
    days=1
)  # a clock further off is wrong in date; believing it would let anything through
EARLIEST = -86_400.0  # one day before 1970 in Unix seconds: a reset clock in any time zone


def estimate_skew(device_time: datetime | None, server_time: datetime, last_known: float) -> float:
    """How far the device's clock is ahead of the server's, in seconds, within one day either way.

    ``device_time`` is what the phone says now (header ``Device-Time``); without it the last estimate holds.
    """
    if device_time is None:
        return last_known
    limit = SKEW_LIMIT.total_seconds()
    return max(-limit, min(limit, device_time.timestamp() - server_time.timestamp()))


def is_future(happened_at: datetime, skew_seconds: float, received_at: datetime) -> bool:
    """Whether it would have happened more than ten minutes after it was received (contracts 4)."""
    ahead = happened_at.timestamp() - skew_seconds - received_at.timestamp()
    return ahead > FUTURE_ALLOWANCE.total_seconds()


class Mark(NamedTuple):
    """Where the door begins to turn batches away, and where it takes them again."""

    high: float
    low: float


class Backlog(NamedTuple):
    """How many accepted envelopes wait to be understood, and how long the oldest has waited, in seconds."""

    length: int
    seconds: float


def sheds(before: bool, backlog: Backlog, length: Mark, seconds: Mark) -> bool:
    """Whether new batches are turned away: from a high mark on, until both are back under their low marks."""
    if backlog.length >= length.high or backlog.seconds >= seconds.high:
        return True
    return before and (backlog.length > length.low or backlog.seconds > seconds.low)
