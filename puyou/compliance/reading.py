"""Fetching what judging needs from the rooms below: duties, day sets, excuses, rules, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.compliance import arrays, covers, partweeks, weeks
from puyou.core import copying
from puyou.places import queries as places
from puyou.places.arrays import Tree
from puyou.places.models import Place
from puyou.registry.arrays import AREA_CLASSES
from puyou.visits import queries as visits

EPOCH = date(1970, 1, 1)
MANY = 20_000  # beyond so many villages a whole table is read and narrowed here
CLASSES = " ".join(f"WHEN '{code}' THEN {number}" for number, code in enumerate(AREA_CLASSES))
DUTIES = f"""
SELECT place_id::int4, id, (CASE area_class {CLASSES} END)::int2, times, period = 'day',
    valid_from - DATE '1970-01-01',
    coalesce(valid_to - DATE '1970-01-01', {arrays.OPEN_END}), timetable FROM registry_duty
WHERE valid_from <= '{{last}}' AND (valid_to IS NULL OR valid_to > '{{first}}') AND {{places}}
"""
DUTY_TYPES = {
    "place": "int4",
    "duty": "int8",
    "area": "int2",
    "times": "int2",
    "per_day": "bool",
    "first": "int4",
    "until": "int4",
    "timetable": "int2",
}


@dataclass(frozen=True)
class Stretch:
    """Consecutive weeks whose figures use the same tree of places."""

    tree: Tree
    monday: date
    weeks: int

    @property
    def mondays(self) -> list[date]:
        return [self.monday + timedelta(weeks=i) for i in range(self.weeks)]


@dataclass(frozen=True)
class Judgeable:
    """Facts about N villages: ``position`` in the stretch's tree, ``ids``, usual area class, rule versions.

    ``versions``: per week and area class the id of the rule version that judges; ``visits``/``findings``:
    uint16[weeks, N] reported in each week (served days stand in where history came as day sets only).
    """

    stretch: Stretch
    position: NDArray[np.intp]
    ids: NDArray[np.int32]
    usual: NDArray[np.uint8]
    facts: weeks.Facts
    versions: Sequence[Sequence[int]]
    visits: NDArray[np.uint16]
    findings: NDArray[np.uint16]


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def stretches(first: date, count: int, current: bool = False) -> list[Stretch]:
    """Cut ``count`` weeks from Monday ``first`` where the tree changes; uncut, of the present tree, if asked."""
    if current:
        return [Stretch(places.current_tree(), first, count)]
    found: list[Stretch] = []
    for i in range(count):
        monday = first + timedelta(weeks=i)
        tree = places.tree_on(monday)
        if found and found[-1].tree is tree:
            found[-1] = Stretch(tree, found[-1].monday, found[-1].weeks + 1)
        else:
            found.append(Stretch(tree, monday, 1))
    return found


def villages_under(tree: Tree, place: Place) -> NDArray[np.intp]:
    """Positions of the villages at or below a place, as that tree has it."""
    if place.level == 0:
        return np.arange(len(tree))
    if place.level == 5:
        found = tree.position(np.array([place.pk]))
        return found[found >= 0]
    return np.flatnonzero(tree.anchor[place.level] == place.pk)


def among(column: str, ids: NDArray[Any] | None) -> str:
    """SQL: the column is one of some ids; anything when there are too many to name."""
    if ids is None or len(ids) > MANY:
        return "true"
    return f"{column} = ANY('{{{','.join(map(str, ids.tolist()))}}}'::int[])"


def read(stretch: Stretch, wanted: NDArray[np.intp] | None, today: date) -> Judgeable:
    """Everything needed to judge the villages at ``wanted`` (None: all) that have a duty in the stretch."""
    history = weeks.LOOK_BACK_WEEKS
    since = stretch.monday - timedelta(weeks=history)
    until = stretch.monday + timedelta(weeks=stretch.weeks) - timedelta(days=1)
    duties, position = _duties(stretch.tree, wanted, since, until)
    chosen, village = np.unique(position, return_inverse=True)
    usual = _usual(duties, village, len(chosen), stretch)
    order = np.lexsort((chosen, usual))
    back = np.empty(len(order), np.int32)
    back[order] = np.arange(len(order))
    position = chosen[order]
    ids = stretch.tree.village_ids[position]
    rows = arrays.DutyRows.build(
        back[village],
        duties["duty"],
        duties["area"].astype(np.uint8),
        duties["times"].astype(np.uint8),
        duties["per_day"],
        duties["timetable"].astype(np.uint8),
        duties["first"],
        duties["until"],
    )
    served = _served(stretch.tree, position, ids, since, history + stretch.weeks)
    counts, findings, uncounted = _counted(ids, stretch, served[history:])
    rule, versions = partweeks.rule_of(stretch.mondays, stretch.tree.paths[position])
    facts = weeks.Facts(
        villages=len(ids),
        monday=number(stretch.monday),
        weeks=stretch.weeks,
        history=history,
        served=served,
        rows=rows,
        rule=rule,
        today=number(today),
        excused=covers.excused_masks(stretch.tree, position, since, history + stretch.weeks),
        unenrolled=covers.unenrolled(ids, stretch.monday, stretch.weeks),
        uncounted=uncounted,
    )
    return Judgeable(stretch, position, ids, usual[order], facts, versions, counts, findings)


def _duties(
    tree: Tree, wanted: NDArray[np.intp] | None, since: date, until: date
) -> tuple[dict[str, NDArray[Any]], NDArray[np.intp]]:
    ids = None if wanted is None else tree.village_ids[wanted]
    sql = DUTIES.format(first=since, last=until, places=among("place_id", ids))
    found = copying.copy_out(sql, DUTY_TYPES)
    position = tree.position(found["place"])
    keep = position >= 0
    if wanted is not None:
        inside = np.zeros(len(tree), bool)
        inside[wanted] = True
        keep &= inside[np.maximum(position, 0)]
    return {name: column[keep] for name, column in found.items()}, position[keep]


def _usual(
    duties: dict[str, NDArray[Any]], village: NDArray[np.intp], count: int, stretch: Stretch
) -> NDArray[np.uint8]:
    """The class of each village's duty that holds at the end of the stretch, as a good guess to group by."""
    usual = np.zeros(count, np.uint8)
    usual[village] = duties["area"]
    last = number(stretch.monday) + 7 * stretch.weeks - 1
    holding = np.flatnonzero((duties["first"] <= last) & (duties["until"] > last))
    usual[village[holding]] = duties["area"][holding]
    return usual


def _served(
    tree: Tree, position: NDArray[np.intp], ids: NDArray[np.int32], since: date, count: int
) -> NDArray[np.uint8]:
    if len(ids) > MANY:
        return np.ascontiguousarray(visits.served_masks(tree, since, count).T[:, position])
    return np.ascontiguousarray(visits.served_masks(tree, since, count, ids).T)


def _counted(
    ids: NDArray[np.int32], stretch: Stretch, served: NDArray[np.uint8]
) -> tuple[NDArray[np.uint16], NDArray[np.uint16], dict[int, NDArray[np.bool_]]]:
    """Visits and visits with findings, uint16[weeks, N], and who had visits that do not count.

    A day served of which no visit that counts is held (it was loaded as a day of service) is one visit more.
    """
    last = stretch.monday + timedelta(weeks=stretch.weeks) - timedelta(days=1)
    found = visits.visit_counts(None if len(ids) > MANY else ids, stretch.monday, last)
    order = np.argsort(ids, kind="stable")
    at = np.searchsorted(ids[order], found.place_ids)
    known = at < len(ids)
    known[known] = ids[order][at[known]] == found.place_ids[known]
    village, week = order[at[known]], (found.mondays[known] - number(stretch.monday)) // 7
    findings = np.zeros((stretch.weeks, len(ids)), np.uint16)
    reported = np.bitwise_count(served[: stretch.weeks]).astype(np.uint16)
    reported[week, village] -= np.minimum(found.days[known], reported[week, village])
    reported[week, village] += found.visits[known].astype(np.uint16)
    findings[week, village] = found.findings[known]
    uncounted: dict[int, NDArray[np.bool_]] = {}
    for i in np.unique(week[found.uncounted[known] > 0]).tolist():
        here = (week == i) & (found.uncounted[known] > 0)
        uncounted[i] = np.zeros(len(ids), bool)
        uncounted[i][village[here]] = True
    return reported, findings, uncounted
