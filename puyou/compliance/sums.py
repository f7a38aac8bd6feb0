"""Adding villages' weeks up the tree: by place and area class, every level from the one below."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.compliance import arrays, weeks
from puyou.compliance.runs import Runs

COUNTS = ("met", "unmet", "excused", "trips", "trips_due", "not_enrolled", "no_service", "uncounted")
FIELDS = (*COUNTS, "longest_gap")
THREADS = os.cpu_count() or 1
WORTH_THREADS = 1_000_000  # village-weeks: below, starting threads takes longer than judging
Counts = NDArray[np.int32]
Figures = dict[str, Counts]
Due = tuple[arrays.Trips, list[Counts]]  # what every village owed in a week, and its sums per level


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
    families: NDArray[np.intp]  # where a run of groups with one parent begins


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
    size: tuple[NDArray[np.int32], ...]  # villages by usual class, per level
    last_due: list[Due] = field(default_factory=list)


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
        parent = parent.astype(np.intp)
        families = np.flatnonzero(np.diff(parent, prepend=-1))
        groups.append(Groups(levels[i], anchors[i][at], area[first], stand_ins[i][at], parent, families))
    group = found[0][2][: len(usual)].astype(np.intp)
    spread = int(ranks[0].max(initial=0)) + 1
    runs = Runs.of(group, len(found[0][0]))
    size = _climb(groups, np.bincount(group, minlength=len(found[0][0])).astype(np.int32))
    return Ladder(
        tuple(groups), usual, ranks[0].astype(np.int64), found[0][0], spread, group, runs, tuple(size)
    )


def _rank(anchor: NDArray[np.int32], order: NDArray[np.intp]) -> NDArray[np.int64]:
    """Number places in the order of the tree, so that neighbours there are neighbours here at every level."""
    _, first, inverse = np.unique(anchor[order], return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    ranks = np.empty(len(anchor), np.int64)
    ranks[order] = number[inverse]
    return ranks


def add_week(ladder: Ladder, week: weeks.Week) -> list[Figures]:
    """One judged week summed at every level of the ladder: FIELDS by name, int32[G] per level.

    Most villages meet what they owe, so only exceptions are added up: met and trips are what is left.
    """
    moved, to = _moved(ladder, week)
    at, exceptions = _exceptions(week)
    group = ladder.group[at]
    if len(moved):
        place = ladder.group.copy()
        place[moved] = to
        group = place[at]
    other = _tallies(ladder.levels, group, exceptions)
    size = _sizes(ladder, moved, to)
    due = _due(ladder, week.verdicts.trips_due, moved, to)
    gap = _climb(ladder.levels, _longest(ladder, week.gap, moved, to), np.maximum)
    return [_figures(size[i], due[i], gap[i], other[i]) for i in range(len(ladder.levels))]


def _sizes(ladder: Ladder, moved: NDArray[np.intp], to: NDArray[np.intp]) -> Sequence[Counts]:
    if not len(moved):
        return ladder.size
    size = ladder.size[0].copy()
    np.subtract.at(size, ladder.group[moved], 1)
    np.add.at(size, to, 1)
    return _climb(ladder.levels, size)


def _tallies(
    levels: Sequence[Groups], group: NDArray[np.intp], exceptions: dict[str, NDArray[Any]]
) -> list[Figures]:
    """Some villages' columns added up at every level; ``group``: their lowest groups, mostly neighbours' together."""
    columns = {name: values for name, values in exceptions.items() if values.any()}
    found = []
    for below, level in zip((None, *levels), levels, strict=False):
        group = group if below is None else below.parent[group]
        begins = np.diff(group, prepend=-1) != 0
        number, group = np.cumsum(begins) - 1, group[begins]
        columns = {name: _joined(number, values, len(group)) for name, values in columns.items()}
        nothing = np.zeros(len(level.place), np.int32)
        once = bool((group[1:] > group[:-1]).all())
        found.append(dict.fromkeys(exceptions, nothing))
        for name, values in columns.items():
            found[-1][name] = _spread(group, values, len(nothing), once)
    return found


def _spread(group: NDArray[np.intp], values: Counts, groups: int, once: bool) -> Counts:
    """``values`` at their groups; ``once``: no group is named twice."""
    total = np.zeros(groups, np.int32)
    if once:
        total[group] = values
    else:
        np.add.at(total, group, values)
    return total


def _joined(number: NDArray[np.intp], values: NDArray[Any], count: int) -> Counts:
    return np.bincount(number, values, count).astype(np.int32)


def _exceptions(week: weeks.Week) -> tuple[NDArray[np.intp], dict[str, NDArray[Any]]]:
    """The villages that did not meet what they owed, and what makes each of them differ, by name."""
    at = np.flatnonzero(week.verdicts.code != arrays.MET)
    code, reason = week.verdicts.code[at], week.reason[at]
    return at, {
        "none": code == 0,
        "unmet": code == arrays.UNMET,
        "excused": code == arrays.EXCUSED,
        "short": week.verdicts.trips_due[at] - week.verdicts.trips[at],
        "not_enrolled": reason == weeks.NOT_ENROLLED,
        "no_service": reason == weeks.NO_SERVICE,
        "uncounted": reason == weeks.UNCOUNTED,
    }


def _figures(size: Counts, due: Counts, gap: Counts, other: Figures) -> Figures:
    reasons = {name: other[name] for name in ("not_enrolled", "no_service", "uncounted")}
    return {
        "met": size - other["none"] - other["unmet"] - other["excused"],
        "unmet": other["unmet"],
        "excused": other["excused"],
        "trips": due - other["short"],
        "trips_due": due,
        **reasons,
        "longest_gap": gap,
    }


def add_weeks(ladder: Ladder, facts: weeks.Facts, keep: Callable[[weeks.Week, list[Figures]], None]) -> None:
    """Judge every week and hand it to ``keep`` with its sums; weeks come in no order, on several threads."""

    def judge(span: weeks.Facts) -> None:
        for week in weeks.judged_weeks(span):
            keep(week, add_week(ladder, week))

    spans = weeks.spans(facts, THREADS)
    if len(spans) == 1 or facts.villages * facts.weeks < WORTH_THREADS:
        judge(facts)
        return
    with ThreadPoolExecutor(len(spans)) as pool:
        for done in [pool.submit(judge, span) for span in spans]:
            done.result()


def _lowest(ladder: Ladder, column: NDArray[Any], moved: NDArray[np.intp], to: NDArray[np.intp]) -> Counts:
    """A column added up by lowest group; villages out of their usual class count where they belong."""
    if not len(moved):
        return ladder.runs.added(column)
    stay = column.copy()
    stay[moved] = 0
    sums = ladder.runs.added(stay)
    np.add.at(sums, to, column[moved].astype(np.int32))
    return sums


def _longest(
    ladder: Ladder, gap: NDArray[np.uint16], moved: NDArray[np.intp], to: NDArray[np.intp]
) -> Counts:
    if not len(moved):
        return ladder.runs.highest(gap)
    stay = gap.copy()
    stay[moved] = 0
    found = ladder.runs.highest(stay)
    np.maximum.at(found, to, gap[moved].astype(np.int32))
    return found


def _due(ladder: Ladder, due: arrays.Trips, moved: NDArray[np.intp], to: NDArray[np.intp]) -> list[Counts]:
    """Most weeks ask what another week asked: only what differs from it is added up."""
    if len(moved):
        return _climb(ladder.levels, _lowest(ladder, due, moved, to))
    found: list[Counts] = []
    for before, sums in ladder.last_due[-1:]:
        if np.array_equal(due, before):
            return sums
        more = _climb(ladder.levels, ladder.runs.changed(due, before))
        found = [one + other for one, other in zip(sums, more, strict=True)]
    found = found or _climb(ladder.levels, ladder.runs.added(due))
    ladder.last_due[:] = [(due, found)]
    return found


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
    return _climb(ladder.levels, np.bincount(group, counted, len(ladder.keys)).astype(np.int32))


def _climb(levels: Sequence[Groups], lowest: Counts, join: np.ufunc = np.add) -> list[Counts]:
    """Figures of the lowest groups joined into every level's, lowest first."""
    sums = [lowest]
    for below, level in zip(levels, levels[1:], strict=False):
        total = np.zeros(len(level.place), np.int32)
        if join is np.add:
            at = np.flatnonzero(sums[-1] != 0)
            total = np.bincount(below.parent[at], sums[-1][at], len(total)).astype(np.int32)
        elif len(below.families):
            starts = below.families
            join.at(total, below.parent[starts], join.reduceat(sums[-1], starts))
        sums.append(total)
    return sums
