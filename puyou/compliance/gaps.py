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


FIRST_DAYS = _table(lambda week: len(week) - len(week.lstrip("1")))  # of the run that starts on Monday
LAST_DAYS = _table(lambda week: len(week) - len(week.rstrip("1")))  # of the run that ends on Sunday
INNER = _table(lambda week: max(map(len, week.split("0"))))  # of the longest run within the week


def _look_up(waiting: Masks, table: bytes) -> Masks:
    """The table's entry for every mask: bytes.translate walks them several times faster than numpy's indexing."""
    return np.frombuffer(bytearray(waiting.tobytes().translate(table)), np.uint8)


def last_days(waiting: Masks) -> Masks:
    """Length of the run that ends on Sunday."""
    return _look_up(waiting, LAST_DAYS)


def carry(run: Runs, waiting: Masks) -> Runs:
    """The run that reaches Sunday midnight, from the run that reached Monday and the week's waiting days."""
    onward: Runs = run * (waiting == 127).view(np.uint8)
    onward += last_days(waiting)  # all seven of a whole week
    if onward.max(initial=0) > LIMIT:
        onward = np.minimum(onward, LIMIT)
    return onward


def longest(run: Runs, waiting: Masks) -> Runs:
    """The longest run that touches the week; ``run`` reached Monday midnight, at most 366 days of it.

    ``waiting``: uint8[N], bit i = day i is in force, not excused, not served and already elapsed.
    """
    first = _look_up(waiting, FIRST_DAYS)
    reaching = (run + first) * (waiting & np.uint8(1))
    return np.maximum(reaching, _look_up(waiting, INNER))
