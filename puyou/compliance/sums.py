"""Adding villages' weeks up the tree: by place and area class, every level from the one below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.compliance import weeks

COUNTS = ("met", "unmet", "excused", "trips", "trips_due", "not_enrolled", "no_service", "uncounted")
FIELDS = (*COUNTS, "longest_gap")
_BITS = np.uint64((1 << 21) - 1)  # three counts of 21 bits in one word: two million villages a group
_PARTS = (np.uint64(0), np.uint64(21), np.uint64(42))
_HALF = np.uint64(32)
_BY_CODE = np.array([0, 1 << 42, 1, 1 << 21], np.uint64)  # none, excused, met, unmet
_BY_REASON = np.array([0, 1, 1 << 21, 1 << 42], np.uint64)
Packed = tuple[list[NDArray[np.uint64]], NDArray[np.uint16]]  # counts in words, longest gap


@dataclass(frozen=True)
class Groups:
    """The (place, area class) groups of one level, G of them; ``place`` are ids, ``stand_in`` of the place.

    ``parent`` leads from each group to its group one level up (empty at the top).
    """

    level: int
    place: NDArray[np.int32]
    area_class: NDArray[np.uint8]
    stand_in: NDArray[np.bool_]
    parent: NDArray[np.intp]


@dataclass(frozen=True)
class Ladder:
    """Groups of all wanted levels, lowest first, and how N villages enter the lowest.

    Villages are best sorted by (usual class, path): then each lowest group is one run of neighbours.
    """

    levels: tuple[Groups, ...]
    usual: NDArray[np.uint8]
    base: NDArray[np.int64]  # lowest group of each village were its class 0, as a key
    keys: NDArray[np.int64]  # sorted keys of the lowest groups
    spread: int  # key distance between classes
    group: NDArray[np.intp]  # lowest group of each village in its usual class
    starts: NDArray[np.intp]  # where a run of neighbours of one group begins
    run_group: NDArray[np.intp]


def ladder(
    anchors: Sequence[NDArray[np.int32]],
    stand_ins: Sequence[NDArray[np.bool_]],
    levels: Sequence[int],
    usual: NDArray[np.uint8],
    also: tuple[NDArray[np.int32], NDArray[np.uint8]],
) -> Ladder:
    """Group N villages. ``anchors``/``stand_ins``: per level of ``levels`` (lowest first), place id of each
    village and whether it stands in; ``usual``: each village's usual class; ``also``: (village, class) of
    every duty, so that a village whose class changes has a group to go to.
    """
    village = np.concatenate([np.arange(len(usual), dtype=np.int32), also[0]])
    area = np.concatenate([usual, also[1]])
    ranks = [_rank(anchor) for anchor in anchors]
    keys = [area.astype(np.int64) * (int(rank.max(initial=0)) + 1) + rank[village] for rank in ranks]
    found = [np.unique(key, return_index=True, return_inverse=True) for key in keys]
    groups = []
    for i, (_, first, _) in enumerate(found):
        at = village[first]
        parent = found[i + 1][2][first] if i + 1 < len(found) else np.zeros(0, np.intp)
        groups.append(
            Groups(levels[i], anchors[i][at], area[first], stand_ins[i][at], parent.astype(np.intp))
        )
    group = found[0][2][: len(usual)].astype(np.intp)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    spread = int(ranks[0].max(initial=0)) + 1
    return Ladder(
        tuple(groups), usual, ranks[0].astype(np.int64), found[0][0], spread, group, starts, group[starts]
    )


def _rank(anchor: NDArray[np.int32]) -> NDArray[np.int64]:
    """Number places by their first appearance, so that neighbours in the tree stay neighbours."""
    _, first, inverse = np.unique(anchor, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return number[inverse]


def add_week(ladder: Ladder, week: weeks.Week) -> list[dict[str, NDArray[Any]]]:
    """One judged week summed at every level of the ladder: FIELDS by name, int32[G] per level."""
    words, gap = _lowest(ladder, week)
    sums = [_unpacked(words, gap)]
    for below, level in zip(ladder.levels, ladder.levels[1:], strict=False):
        words, gap = _up(below, len(level.place), words, gap)
        sums.append(_unpacked(words, gap))
    return sums


def _lowest(ladder: Ladder, week: weeks.Week) -> Packed:
    """The lowest groups' figures; villages whose class is not the usual one this week are added apart."""
    verdicts, gap = week.verdicts, week.gap
    trips = verdicts.trips_due.astype(np.uint64)
    trips <<= _HALF
    trips |= verdicts.trips
    words = [_BY_CODE[verdicts.code], _BY_REASON[week.reason], trips]
    groups = len(ladder.keys)
    moved, to = _moved(ladder, week)
    if not len(moved):
        return _joined(ladder.starts, ladder.run_group, groups, words, gap)
    gap = gap.copy()
    apart = [word[moved] for word in words], gap[moved]
    for word in words:
        word[moved] = 0
    gap[moved] = 0
    sums, longest = _joined(ladder.starts, ladder.run_group, groups, words, gap)
    for word, more in zip(sums, apart[0], strict=True):
        np.add.at(word, to, more)
    np.maximum.at(longest, to, apart[1])
    return sums, longest


def _moved(ladder: Ladder, week: weeks.Week) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Villages that are not of their usual class this week, and the groups they belong to instead."""
    verdicts = week.verdicts
    moved = np.flatnonzero((verdicts.area_class != ladder.usual) & (verdicts.code != 0))
    key = verdicts.area_class[moved].astype(np.int64) * ladder.spread + ladder.base[moved]
    return moved, np.searchsorted(ladder.keys, key)


def add_values(ladder: Ladder, week: weeks.Week, values: NDArray[Any]) -> list[NDArray[np.int32]]:
    """Other figures of the counted villages, N whole numbers, added up the same tree: int32[G] per level."""
    moved, to = _moved(ladder, week)
    group = ladder.group
    if len(moved):
        group = group.copy()
        group[moved] = to
    counted = np.where(week.verdicts.code != 0, values, 0)
    sums = [np.bincount(group, counted, len(ladder.keys)).astype(np.int32)]
    for below, level in zip(ladder.levels, ladder.levels[1:], strict=False):
        sums.append(np.bincount(below.parent, sums[-1], len(level.place)).astype(np.int32))
    return sums


def _up(below: Groups, groups: int, words: Sequence[NDArray[np.uint64]], gap: NDArray[np.uint16]) -> Packed:
    """Each group's figures added to its parent's; the longest gap is the longest of any."""
    starts = np.flatnonzero(np.diff(below.parent, prepend=-1))
    return _joined(starts, below.parent[starts], groups, words, gap)


def _joined(
    starts: NDArray[np.intp],
    to: NDArray[np.intp],
    groups: int,
    words: Sequence[NDArray[np.uint64]],
    gap: NDArray[np.uint16],
) -> Packed:
    """Runs of neighbours summed into the groups they belong to; a group may have several runs."""
    sums, longest = [np.zeros(groups, np.uint64) for _ in words], np.zeros(groups, np.uint16)
    if len(starts):
        once = bool((to[1:] > to[:-1]).all())
        for word, total in zip(words, sums, strict=True):
            _gather(total, to, _run_sums(word, starts), np.add, once)
        _gather(longest, to, np.maximum.reduceat(gap, starts), np.maximum, once)
    return sums, longest


def _gather(
    into: NDArray[Any], to: NDArray[np.intp], values: NDArray[Any], join: np.ufunc, once: bool
) -> None:
    if once:
        into[to] = values
    else:
        join.at(into, to, values)


def _run_sums(word: NDArray[np.uint64], starts: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Sums of runs as differences of one running total: exact, because both wrap around at 2^64."""
    total = np.cumsum(word, dtype=np.uint64)
    sums = np.empty(len(starts), np.uint64)
    upto = total[starts[1:] - 1]
    sums[:-1] = upto
    sums[-1] = total[-1]
    sums[1:] -= upto
    return sums


def _unpacked(words: Sequence[NDArray[np.uint64]], gap: NDArray[np.uint16]) -> dict[str, NDArray[Any]]:
    by_code = [(words[0] >> part & _BITS).astype(np.int32) for part in _PARTS]
    by_reason = [(words[1] >> part & _BITS).astype(np.int32) for part in _PARTS]
    trips = (words[2] & np.uint64(0xFFFFFFFF)).astype(np.int32)
    due = (words[2] >> _HALF).astype(np.int32)
    columns = [*by_code, trips, due, *by_reason, gap.astype(np.int32)]
    return dict(zip(FIELDS, columns, strict=True))
