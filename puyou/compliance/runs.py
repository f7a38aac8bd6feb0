"""Adding up and finding the highest by group: sparse sums, and doubling steps along runs of neighbours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

PIECE = 8  # members of a piece, and pieces of a run; a longer run is cut in two
STEPS = (1, 2, 4)


@dataclass(frozen=True)
class Runs:
    """The group of each of N members; neighbours of one group make runs, cut into ``pieces`` (where they begin).

    ``starts``: the first piece of each run; ``group``: which group each run belongs to; ``same``, ``near``: per
    step d, all ones where a member and the one d further on share a piece, where two pieces share a run.
    """

    members: NDArray[np.intp]
    groups: int
    pieces: NDArray[np.intp]
    starts: NDArray[np.intp]
    group: NDArray[np.intp]
    again: NDArray[np.intp]  # runs that are not their group's only one
    same: dict[int, NDArray[np.uint8]]
    near: dict[int, NDArray[np.uint8]]

    @classmethod
    def of(cls, group: NDArray[np.intp], groups: int) -> "Runs":
        """Runs of equal neighbours in ``group`` (N group numbers below ``groups``), in any order."""
        pieces = _starts(group, PIECE)
        runs = _starts(group[pieces], PIECE)
        starts = pieces[runs]
        same = _sharing(_numbers(pieces, len(group)))
        near = _sharing(_numbers(runs, len(pieces)))
        again = np.flatnonzero(np.bincount(group[starts], minlength=groups)[group[starts]] > 1)
        return cls(group, groups, pieces, runs, group[starts], again, same, near)

    def added(self, values: NDArray[Any]) -> NDArray[np.int32]:
        """``values`` of the members added up by group: int32[groups]."""
        return np.bincount(self.members, values, self.groups).astype(np.int32)

    def changed(self, now: NDArray[Any], before: NDArray[Any]) -> NDArray[np.int32]:
        """What ``added`` says of ``now`` beyond what it says of ``before``; fast where they hardly differ."""
        at = np.flatnonzero(now != before)
        more = now[at].astype(np.int32) - before[at]
        return np.bincount(self.members[at], more, self.groups).astype(np.int32)

    def highest(self, values: NDArray[np.uint16]) -> NDArray[np.int32]:
        """The largest of the members' ``values`` by group: int32[groups], 0 for a group without members."""
        total = np.zeros(self.groups, np.int32)
        if not len(values):
            return total
        most = values.max()
        held = (values if most <= 255 else np.minimum(values, 255)).astype(np.uint8)
        by_run = _doubled(_doubled(held, self.same)[self.pieces], self.near)[self.starts]
        total[self.group] = by_run
        if len(self.again):
            np.maximum.at(total, self.group[self.again], by_run[self.again].astype(np.int32))
        if most > 255:
            beyond = np.flatnonzero(values > 255)
            np.maximum.at(total, self.members[beyond], values[beyond].astype(np.int32))
        return total


def _doubled(held: NDArray[np.uint8], same: dict[int, NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The highest of each and those behind it in its piece, written over ``held``; right where a piece starts."""
    for step, shared in same.items():
        further = held[step:] & shared
        np.maximum(held[:-step], further, out=held[:-step])
    return held


def _sharing(number: NDArray[np.intp]) -> dict[int, NDArray[np.uint8]]:
    """Per step d that some piece is longer than: all ones where a member and the one d further on share it."""
    same = {step: (number[step:] == number[:-step]) * np.uint8(255) for step in STEPS}
    return {step: shared for step, shared in same.items() if shared.any()}


def _starts(number: NDArray[np.intp], longest: int) -> NDArray[np.intp]:
    """Where runs of equal neighbours start, a run longer than ``longest`` cut into pieces."""
    at = np.arange(len(number))
    begins = np.diff(number, prepend=-1) != 0
    first = np.maximum.accumulate(np.where(begins, at, 0))
    return np.flatnonzero(begins | ((at - first) % longest == 0))


def _numbers(starts: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    return np.repeat(np.arange(len(starts)), np.diff(np.append(starts, count)))
