"""Day sets as bytes: where a day stands in its ISO year's set, and a week's seven bits taken out of it.

A set is 371 bits in 47 bytes, most significant bit first, as PostgreSQL's bit(371) is sent. Days are counted from
1970-01-01, a Thursday.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.core.periods import DAYS_IN_SET

BYTES = (DAYS_IN_SET + 7) // 8
WEEKS = DAYS_IN_SET // 7
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
_MIRRORED = np.array([int(f"{value:07b}"[::-1], 2) for value in range(128)], np.uint8)


def mondays_of(days: NDArray[Any]) -> Ints:
    """The Monday of each day's week."""
    numbers = np.asarray(days, np.int64)
    found: Ints = numbers - (numbers + 3) % 7
    return found


def year_starts(iso_years: NDArray[Any]) -> Ints:
    """The Monday of W01 of each ISO year: the week that holds 4 January."""
    january = (np.asarray(iso_years, np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return mondays_of(january.astype(np.int64) + 3)


def iso_years(days: NDArray[Any]) -> Ints:
    """The ISO year of each day: the year of its week's Thursday."""
    thursdays = (mondays_of(days) + 3).astype("datetime64[D]")
    return thursdays.astype("datetime64[Y]").astype(np.int64) + 1970


def places_in_set(days: NDArray[Any]) -> tuple[Ints, Ints]:
    """ISO year of each day and its place in that year's set, 0 to 370."""
    years = iso_years(days)
    return years, np.asarray(days, np.int64) - year_starts(years)


def build(places: NDArray[Any], days: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int16], Bytes]:
    """Day sets of (place, day) pairs, repeats allowed: place ids, ISO years and uint8[m, 47], sorted by key."""
    years, index = places_in_set(days)
    keys = np.asarray(places, np.int64) * 100_000 + years
    owners, row = np.unique(keys, return_inverse=True)
    sets = np.zeros((len(owners), BYTES), np.uint8)
    np.bitwise_or.at(sets, (row, index >> 3), (128 >> (index & 7)).astype(np.uint8))
    return (owners // 100_000).astype(np.int32), (owners % 100_000).astype(np.int16), sets


def week_marks(places: NDArray[Any], days: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int16], Ints]:
    """The weeks that (place, day) pairs touch: place ids, ISO years and masks (bit k = week k + 1), sorted by key."""
    years, index = places_in_set(days)
    owners, row = np.unique(np.asarray(places, np.int64) * 100_000 + years, return_inverse=True)
    marks = np.zeros(len(owners), np.int64)
    np.bitwise_or.at(marks, row, np.int64(1) << (index // 7))
    return (owners // 100_000).astype(np.int32), (owners % 100_000).astype(np.int16), marks


def week_bits(sets: Bytes, week: int) -> Bytes:
    """Seven bits of one week (0 to 52) out of uint8[n, 47]: uint8[n], bit i = Monday + i."""
    start = 7 * week
    at, shift = start >> 3, 9 - (start & 7)
    pair = sets[:, at].astype(np.uint16) << 8
    if at + 1 < BYTES:
        pair |= sets[:, at + 1]
    found: Bytes = _MIRRORED[(pair >> shift) & 127]
    return found
