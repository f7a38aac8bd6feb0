"""Adding villages' weeks up the tree: by place and area class, every level from the one below."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.compliance import arrays, weeks
from puyou.compliance.runs import Runs

COUNTS = ("met", "unmet", "excused", "trips", "trips_due", "not_enrolled", "no_service", "uncounted")
FIELDS = (*COUNTS, "longest_gap")
THREADS = 2
Figures = dict[str, NDArray[np.int32]]


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
    runs: Runs
    last_due: list[tuple[NDArray[np.uint16], NDArray[np.int32]]] = field(default_factory=list)


def ladder(
    anchors: Sequence[NDArray[np.int32]],
    stand_ins: Sequence[NDArray[np.bool_]],
    levels: Sequence[int],
    usual: NDArray[np.uint8],
    also: tuple[NDArray[np.int32], NDArray[np.uint8]],
    position: NDArray[Any],
) -> Ladder:
    """Group N villages. ``anchors``/``stand_ins``: per level of ``levels`` (lowest first), place id of each
    village and whether it stands in; ``usual``: each village's usual class; ``also``: (village, class) of
    every duty, so that a village whose class changes has a group to go to; ``position``: in the tree's order.
    """
    village = np.concatenate([np.arange(len(usual), dtype=np.int32), also[0]])
    area = np.concatenate([usual, also[1]])
    order = np.argsort(position, kind="stable")
    ranks = [_rank(anchor, order) for anchor in anchors]
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
    spread = int(ranks[0].max(initial=0)) + 1
    runs = Runs.of(group, len(found[0][0]))
    return Ladder(tuple(groups), usual, ranks[0].astype(np.int64), found[0][0], spread, group, runs)


def _rank(anchor: NDArray[np.int32], order: NDArray[np.intp]) -> NDArray[np.int64]:
    """Number places in the order of the tree, so that neighbours there are neighbours here at every level."""
    _, first, inverse = np.unique(anchor[order], return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    ranks = np.empty(len(anchor), np.int64)
    ranks[order] = number[inverse]
    return ranks


def add_week(ladder: Ladder, week: weeks.Week) -> list[Figures]:
    """One judged week summed at every level of the ladder: FIELDS by name, int32[G] per level."""
    sums = [_lowest(ladder, week)]
    for below, level in zip(ladder.levels, ladder.levels[1:], strict=False):
        sums.append(_up(below, len(level.place), sums[-1]))
    return sums


def add_weeks(ladder: Ladder, judged: Iterable[weeks.Week]) -> Iterator[tuple[weeks.Week, list[Figures]]]:
    """Each judged week with its sums, in order; weeks are added up beside each other while the next is judged."""
    waiting: deque[tuple[weeks.Week, Future[list[Figures]]]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for week in judged:
            waiting.append((week, pool.submit(add_week, ladder, week)))
            if len(waiting) > 2 * THREADS:
                done, sums = waiting.popleft()
                yield done, sums.result()
        for done, sums in waiting:
            yield done, sums.result()


def _lowest(ladder: Ladder, week: weeks.Week) -> Figures:
    """The lowest groups' figures; villages whose class is not the usual one this week are added apart."""
    columns = _columns(week)
    moved, to = _moved(ladder, week)
    if not len(moved):
        return _joined(ladder, columns)
    columns = {name: column.copy() for name, column in columns.items()}
    apart = {name: column[moved] for name, column in columns.items()}
    for column in columns.values():
        column[moved] = 0
    sums = _joined(ladder, columns)
    for name, more in apart.items():
        _join(name).at(sums[name], to, more.astype(np.int32))
    return sums


def _columns(week: weeks.Week) -> dict[str, NDArray[Any]]:
    """What every village adds to its group's FIELDS: uint8 or uint16[N]."""
    code, reason = week.verdicts.code, week.reason
    return {
        "met": (code == arrays.MET).view(np.uint8),
        "unmet": (code == arrays.UNMET).view(np.uint8),
        "excused": (code == arrays.EXCUSED).view(np.uint8),
        "trips": week.verdicts.trips,
        "trips_due": week.verdicts.trips_due,
        "not_enrolled": (reason == weeks.NOT_ENROLLED).view(np.uint8),
        "no_service": (reason == weeks.NO_SERVICE).view(np.uint8),
        "uncounted": (reason == weeks.UNCOUNTED).view(np.uint8),
        "longest_gap": week.gap,
    }


def _joined(ladder: Ladder, columns: dict[str, NDArray[Any]]) -> Figures:
    return {
        name: _due(ladder, column) if name == "trips_due" else ladder.runs.joined(column, _join(name))
        for name, column in columns.items()
    }


def _join(name: str) -> np.ufunc:
    return np.maximum if name == "longest_gap" else np.add


def _due(ladder: Ladder, due: NDArray[np.uint16]) -> NDArray[np.int32]:
    """Most weeks ask what the week before asked: then its sums serve again."""
    for before, sums in ladder.last_due[-1:]:
        if np.array_equal(before, due):
            return sums.copy()
    sums = ladder.runs.joined(due, np.add)
    ladder.last_due[:] = [(due, sums.copy())]
    return sums


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


def _up(below: Groups, groups: int, sums: Figures) -> Figures:
    """Each group's figures added to its parent's; the longest gap is the longest of any."""
    starts = np.flatnonzero(np.diff(below.parent, prepend=-1))
    to = below.parent[starts]
    once = bool((to[1:] > to[:-1]).all())
    result = {}
    for name, column in sums.items():
        total, join = np.zeros(groups, np.int32), _join(name)
        if len(starts) and column.any():
            values = join.reduceat(column, starts)
            if once:
                total[to] = values
            else:
                join.at(total, to, values)
        result[name] = total
    return result
