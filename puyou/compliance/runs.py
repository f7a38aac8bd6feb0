"""Adding up and finding the highest by group: sparse sums, and doubling steps along runs of neighbours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 64  # a longer run is cut, and its pieces joined afterwards
STEPS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Runs:
    """The group of each of N members; where runs of one group begin, and which group each run belongs to.

    ``same``: per step d, all ones where a member and the one d further on share a run.
    """

    members: NDArray[np.intp]
    groups: int
    starts: NDArray[np.intp]
    group: NDArray[np.intp]
    again: NDArray[np.intp]  # runs whose group had a run before
    same: dict[int, NDArray[np.uint8]]

    @classmethod
    def of(cls, group: NDArray[np.intp], groups: int) -> "Runs":
        """Runs of equal neighbours in ``group`` (N group numbers below ``groups``), in any order."""
        at = np.arange(len(group))
        begins = np.diff(group, prepend=-1) != 0
        first = np.maximum.accumulate(np.where(begins, at, 0))
        starts = np.flatnonzero(begins | ((at - first) % LONGEST == 0)) if len(group) else at
        number = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(group))))
        same = {step: (number[step:] == number[:-step]) * np.uint8(255) for step in STEPS}
        _, met_first = np.unique(group[starts], return_index=True)
        again = np.setdiff1d(np.arange(len(starts)), met_first)
        return cls(group, groups, starts, group[starts], again, same)

    def added(self, values: NDArray[Any]) -> NDArray[np.int32]:
        """``values`` of the members added up by group: int32[groups]; fast where most are 0."""
        at = np.flatnonzero(values != 0)
        if not len(at):
            return np.zeros(self.groups, np.int32)
        return np.bincount(self.members[at], values[at], self.groups).astype(np.int32)

    def highest(self, values: NDArray[np.uint16]) -> NDArray[np.int32]:
        """The largest of the members' ``values`` by group: int32[groups], 0 for a group without members."""
        total = np.zeros(self.groups, np.int32)
        if not len(values):
            return total
        held = _in_a_byte(values)
        for step in STEPS:
            if step < len(held):
                further = held[step:] & self.same[step]
                np.maximum(held[:-step], further, out=held[:-step])
        by_run = held[self.starts]
        total[self.group] = by_run
        if len(self.again):
            np.maximum.at(total, self.group, by_run.astype(np.int32))
        beyond = np.flatnonzero(values > 255)
        np.maximum.at(total, self.members[beyond], values[beyond].astype(np.int32))
        return total


def _in_a_byte(values: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Values above 255 as 255."""
    return (values | (np.uint16(0) - (values > 255).view(np.uint8))).astype(np.uint8)
