"""A batch of visits as columns, on its way from a message or a file to the table."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.visits.models import Source
from puyou.visits.screening import Columns

SOURCES = tuple(Source.values)
SHANGHAI_SHIFT = 8 * 3_600_000_000
DAY_MICROSECONDS = 86_400_000_000
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Batch:
    """n visits: what screening sees, and what the table keeps beside it.

    ``received`` in microseconds since 1970; ``point`` and ``round_id`` 0 when none; ``stop_ids`` uint8[n, 16], zeros
    when none; ``source`` indexes ``SOURCES``; ``timely`` is false when the time of receipt says nothing (imports).
    ``withdrawn``: visits that stand and were taken back; None when none was.
    """

    seen: Columns
    received: Ints
    point: Ints
    round_id: Ints
    stop_ids: NDArray[np.uint8]
    source: Ints
    nothing_today: NDArray[np.bool_]
    timely: bool = True
    withdrawn: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.seen)


def shanghai_days(happened: Any) -> Ints:
    """Days since 1970 in Shanghai of microseconds since 1970 UTC.

    Shanghai has kept +8 without summer time since 1992; a phone's clock of 1970 is none anyway.
    """
    return (np.asarray(happened, np.int64) + SHANGHAI_SHIFT) // DAY_MICROSECONDS


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware moment, exactly."""
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def stop_numbers(stop_ids: NDArray[np.uint8]) -> Ints:
    """A number for each stop id, 0 for none: its last eight bytes, random in every UUID version in use."""
    return np.ascontiguousarray(stop_ids[:, 8:]).view(">i8").ravel().astype(np.int64)
