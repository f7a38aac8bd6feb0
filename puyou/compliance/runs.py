"""Adding up runs of neighbours at the speed of memory: doubling steps instead of a loop over groups."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 64  # a longer run is cut, and its pieces joined afterwards
STEPS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Runs:
    """Where runs of one group begin among N members, and which group each run belongs to.

    ``same``: per step d and width in bytes, all ones where a member and the one d further on share a run.
    """

    members: int
    groups: int
    starts: NDArray[np.intp]
    group: NDArray[np.intp]
    again: NDArray[np.intp]  # runs whose group had a run before
    same: dict[tuple[int, int], NDArray[Any]]

    @classmethod
    def of(cls, group: NDArray[np.intp], groups: int) -> "Runs":
        """Runs of equal neighbours in ``group`` (N group numbers below ``groups``), in any order."""
        at = np.arange(len(group))
        begins = np.diff(group, prepend=-1) != 0
        first = np.maximum.accumulate(np.where(begins, at, 0))
        starts = np.flatnonzero(begins | ((at - first) % LONGEST == 0)) if len(group) else at
        number = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(group))))
        same: dict[tuple[int, int], NDArray[Any]] = {}
        for step in STEPS:
            shared = number[step:] == number[:-step]
            for kind in (np.uint8, np.uint16):
                same[step, kind().itemsize] = np.where(shared, kind(-1 % 2 ** (8 * kind().itemsize)), kind(0))
        _, met_first = np.unique(group[starts], return_index=True)
        again = np.setdiff1d(np.arange(len(starts)), met_first)
        return cls(len(group), groups, starts, group[starts], again, same)

    def joined(self, values: NDArray[Any], join: np.ufunc) -> NDArray[np.int32]:
        """``values`` of the members (uint8 or uint16, sums of 64 must fit) joined by group: int32[groups].

        ``join`` is np.add or np.maximum; a group without members has 0.
        """
        total = np.zeros(self.groups, np.int32)
        if not self.members or not values.any():
            return total
        held = values.copy()
        for step in STEPS:
            if step < self.members:
                further = held[step:] & self.same[step, held.itemsize]
                join(held[:-step], further, out=held[:-step])
        by_run = held[self.starts]
        if not len(self.again):
            total[self.group] = by_run
            return total
        once = np.ones(len(self.starts), bool)
        once[self.again] = False
        total[self.group[once]] = by_run[once]
        join.at(total, self.group[self.again], by_run[self.again].astype(np.int32))
        return total
