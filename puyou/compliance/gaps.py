"""Runs of days without delivery, for many villages at once, a week at a time."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from puyou.compliance.rules import LOOK_BACK_DAYS

Masks = NDArray[np.uint8]
Runs = NDArray[np.uint16]
LIMIT = np.uint16(LOOK_BACK_DAYS)


def _table(of: Callable[[str], int]) -> bytes:
    """A table over the 128 masks of a week, Monday first."""
    return bytes(of(f"{mask:07b}"[::-1]) for mask in range(128)).ljust(256, b"\0")


LAST_DAYS = _table(lambda week: len(week) - len(week.rstrip("1")))  # of the run that ends on Sunday
INNER = _table(lambda week: max(map(len, week.split("0"))))  # of the longest run within the week
BOTH = bytes(last | inner << 4 for last, inner in zip(LAST_DAYS, INNER, strict=True))


def _look_up(waiting: Masks, table: bytes) -> Masks:
    """The table's entry for every mask: bytes.translate walks them several times faster than numpy's indexing."""
    return np.frombuffer(waiting.tobytes().translate(table), np.uint8)


def first_days(waiting: Masks) -> Masks:
    """Length of the run that starts on Monday: adding one flips just its bits and the one behind them."""
    return np.bitwise_count(waiting & ~(waiting + np.uint8(1)))


def last_days(waiting: Masks) -> Masks:
    """Length of the run that ends on Sunday."""
    return _look_up(waiting, LAST_DAYS)


def follow(run: Runs, waiting: Masks, code: Masks) -> tuple[Runs, Runs]:
    """The longest run that touches the week, 0 where ``code`` is, and the run that reaches Sunday midnight.

    ``run`` reached Monday midnight, at most 366 days of it. ``waiting``: uint8[N], bit i = day i is in force,
    not excused, not served and already elapsed.
    """
    both = _look_up(waiting, BOTH)
    asked = (code != 0).view(np.uint8)
    longest = run + first_days(waiting).astype(np.uint16)
    longest *= (waiting & asked).astype(np.uint16)  # asked is 1: what is left is whether Monday waits
    np.maximum(longest, ((both >> 4) * asked).astype(np.uint16), out=longest)
    onward: Runs = run * (waiting == 127).astype(np.uint16)
    onward += (both & 15).astype(np.uint16)  # all seven of a whole week
    if onward.max(initial=0) > LIMIT:
        onward = np.minimum(onward, LIMIT)
    return longest, onward
