"""The registry's facts as columns, for rooms that judge many villages at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

AREA_CLASSES = ("urban", "township_seat", "rural", "remote")  # their numbers in every column
STANDINGS = ("", "reference", "learnt", "confirmed")
OPEN_END = 2_932_896  # 9999-12-31 in days since 1970-01-01: a span without end

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DutyTable:
    """Duties as columns of length D, sorted by village and duty id. Days are int32 since 1970-01-01."""

    position: NDArray[np.int32]  # of the village in the tree
    duty_id: Ints
    area_class: NDArray[np.uint8]  # index into AREA_CLASSES
    times: NDArray[np.uint8]
    per_day: Bools
    first_day: NDArray[np.int32]
    end_day: NDArray[np.int32]  # the first day no longer in force; OPEN_END without end
    timetable: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.duty_id)


@dataclass(frozen=True, eq=False)
class Points:
    """Where villages receive their mail, aligned with the ids asked for; NaN and standing 0 when unknown."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    standing: NDArray[np.uint8]  # index into STANDINGS

    @property
    def firm(self) -> Bools:
        """Whether the point is confirmed or learnt, so that distance from it can un-count a visit."""
        return self.standing >= STANDINGS.index("learnt")


class RoundMembership:
    """Which villages were on a courier's rounds on which days, substitutes counted."""

    def __init__(self, courier: Ints, place: Ints, first_day: Ints, end_day: Ints) -> None:
        """Columns of equal length; days since 1970-01-01, half-open."""
        order = np.lexsort((place, courier))
        self._key = _pair(courier[order], place[order])
        self._first, self._end = first_day[order], end_day[order]
        self._couriers = courier[order]

    def holds(self, couriers: Any, places: Any, days: Any) -> Bools:
        """Whether each (courier id, village id, day) is on a round: bool[n]."""
        wanted = _pair(np.asarray(couriers, np.int64), np.asarray(places, np.int64))
        return self._covered(self._key, wanted, np.asarray(days, np.int64))

    def has_round(self, couriers: Any) -> Bools:
        """Whether each courier has any round in the time that was read: bool[n]."""
        wanted = np.asarray(couriers, np.int64)
        return np.searchsorted(self._couriers, wanted, "right") > np.searchsorted(
            self._couriers, wanted, "left"
        )

    def _covered(self, keys: Ints, wanted: Ints, days: Ints) -> Bools:
        at, end = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
        covered = np.zeros(len(wanted), np.bool_)
        rows = np.flatnonzero(at < end)
        while len(rows):
            here = at[rows]
            covered[rows] |= (self._first[here] <= days[rows]) & (days[rows] < self._end[here])
            at[rows] += 1
            rows = rows[(at[rows] < end[rows]) & ~covered[rows]]
        return covered


def _pair(couriers: Ints, places: Ints) -> Ints:
    return (couriers.astype(np.int64) << 24) | places.astype(np.int64)  # place ids stay below 36**4 < 2**24


def day_numbers(dates: NDArray[Any]) -> Ints:
    """datetime64[D] as days since 1970-01-01."""
    return dates.astype("datetime64[D]").astype(np.int64)
