"""Runs of days without delivery, for many villages at once, a week at a time."""

import numpy as np
from numpy.typing import NDArray

from puyou.compliance.rules import LOOK_BACK_DAYS

Masks = NDArray[np.uint8]
Runs = NDArray[np.uint16]
LIMIT = np.uint16(LOOK_BACK_DAYS)


def _first_days(waiting: Masks) -> Masks:
    """Length of the run that starts on Monday: the ones below the lowest zero."""
    days: Masks = np.bitwise_count(waiting & ~(waiting + np.uint8(1)))
    return days


def _last_days(waiting: Masks) -> Masks:
    """Length of the run that ends on Sunday: the ones above the highest zero of seven bits."""
    below = ~waiting & np.uint8(127)
    below |= below >> np.uint8(1)
    below |= below >> np.uint8(2)
    below |= below >> np.uint8(4)
    days: Masks = np.uint8(7) - np.bitwise_count(below)
    return days


def _inner(waiting: Masks) -> Masks:
    """Length of the longest run within the week: how often the mask survives being cut by its neighbour."""
    left = waiting.copy()
    days: Masks = (left != 0).astype(np.uint8)
    for _ in range(6):
        left &= left >> np.uint8(1)
        days += left != 0
    return days


def carry(run: Runs, waiting: Masks) -> Runs:
    """The run that reaches Sunday midnight, from the run that reached Monday and the week's waiting days."""
    whole = (waiting == 127).view(np.uint8)
    onward: Runs = (run + np.uint16(7)) * whole
    onward += _last_days(waiting) * (whole ^ np.uint8(1))
    if onward.max(initial=0) > LIMIT:
        onward = np.minimum(onward, LIMIT)
    return onward


def longest(run: Runs, waiting: Masks) -> Runs:
    """The longest run that touches the week; ``run`` reached Monday midnight, at most 366 days of it.

    ``waiting``: uint8[N], bit i = day i is in force, not excused, not served and already elapsed.
    """
    first = _first_days(waiting)
    reaching = (run + first) * (waiting & np.uint8(1))
    return np.maximum(reaching, _inner(waiting))
