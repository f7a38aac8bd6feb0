"""What lies over villages' days: approved excuses, holiday exemptions, and whether anyone was enrolled."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.compliance.models import Excuse
from puyou.core import copying
from puyou.places import queries as places
from puyou.places.arrays import Tree
from puyou.standards import queries as standards

Masks = NDArray[np.uint8]
END = "coalesce({0}.valid_to, DATE '9999-12-31')"
ENROLMENT = f"""
SELECT v.place_id::int4, greatest(v.valid_from, c.valid_from, b.valid_from) - DATE '1970-01-01',
    least({END.format("v")}, {END.format("c")}, {END.format("b")}) - DATE '1970-01-01'
FROM registry_roundvillage v JOIN registry_roundcourier c USING (round_id)
JOIN registry_devicebinding b USING (courier_id)
WHERE v.valid_from <= '{{last}}' AND {END.format("v")} > '{{first}}' AND {{places}}
"""
ENROLMENT_TYPES = {"place": "int4", "first": "int4", "until": "int4"}
NAMED = 20_000


def excused_masks(tree: Tree, position: NDArray[np.intp], since: date, count: int) -> dict[int, Masks]:
    """Days under an approved excuse or a holiday exemption: week index → uint8[N]; absent weeks have none.

    An excuse at a place covers what lay below it in the week's own tree, also in weeks before ``tree``.
    """
    ids = tree.village_ids[position]
    masks: dict[int, Masks] = {}
    finders: dict[date, Finder] = {}
    above = _at_or_above(ids, [since + timedelta(weeks=week) for week in range(count)])
    for place, level, first, until in _spans(since, since + timedelta(weeks=count), above):
        start, end = max(first, since), min(until, since + timedelta(weeks=count))
        for week in range((start - since).days // 7, ((end - since).days - 1) // 7 + 1):
            monday = since + timedelta(weeks=week)
            low, high = max(0, (start - monday).days), min(7, (end - monday).days)
            if monday not in finders:
                finders[monday] = _finder(places.tree_on(monday), ids, finders)
            covered = finders[monday].under(place, level)
            masks.setdefault(week, np.zeros(len(ids), np.uint8))[covered] |= np.uint8(
                (1 << high) - (1 << low)
            )
    for week, mask in _exempt(tree, position, since, count):
        masks.setdefault(week, np.zeros(len(ids), np.uint8))[mask] |= np.uint8(127)
    return {week: mask for week, mask in masks.items() if mask.any()}


def _spans(first: date, until: date, above: list[int] | None) -> Iterator[tuple[int, int, date, date]]:
    rows = Excuse.objects.filter(status=Excuse.Status.APPROVED, valid_from__lt=until, valid_to__gt=first)
    if above is not None:
        rows = rows.filter(place__in=above)
    yield from rows.values_list("place_id", "place__level", "valid_from", "valid_to")


def _at_or_above(ids: NDArray[np.int32], mondays: list[date]) -> list[int] | None:
    """The villages and every place above them in the trees of some weeks; None when they are too many to name."""
    if len(ids) > NAMED:
        return None
    found = [ids]
    for tree in {id(tree): tree for tree in map(places.tree_on, mondays)}.values():
        at = tree.position(ids)
        found += [np.unique(tree.anchor[level][at[at >= 0]]) for level in range(5)]
    return np.unique(np.concatenate(found)).tolist()  # type: ignore[no-any-return]


class Finder:
    """Which of some villages lie below a place in a tree, by one sort per level."""

    def __init__(self, tree: Tree, ids: NDArray[np.int32]) -> None:
        self.tree, self.ids = tree, ids
        self._sorted: dict[int, tuple[NDArray[np.int32], NDArray[np.intp]]] = {}

    def under(self, place: int, level: int) -> NDArray[np.intp]:
        """Positions among the villages; an excuse at a village covers that village."""
        if level not in self._sorted:
            above = self.ids if level == 5 else self._anchors(level)
            order = np.argsort(above, kind="stable")
            self._sorted[level] = above[order], order
        above, order = self._sorted[level]
        return order[np.searchsorted(above, place) : np.searchsorted(above, place, "right")]

    def _anchors(self, level: int) -> NDArray[np.int32]:
        at = self.tree.position(self.ids)
        return np.where(at >= 0, self.tree.anchor[level][np.maximum(at, 0)], np.int32(-1))


def _finder(tree: Tree, ids: NDArray[np.int32], known: dict[date, Finder]) -> Finder:
    for finder in known.values():
        if finder.tree is tree:
            return finder
    return Finder(tree, ids)


def _exempt(
    tree: Tree, position: NDArray[np.intp], since: date, count: int
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Holiday weeks in which a rule in force exempts the nation or a place (contracts 1.8)."""
    paths = standards.override_paths("holiday_exemption")
    last = since + timedelta(weeks=count) - timedelta(days=1)
    for monday in standards.holiday_weeks(since, last):
        week = (monday - since).days // 7
        if standards.find_value("holiday_exemption", monday) is not None:
            yield week, np.ones(len(position), bool)
        for path in paths:
            if standards.find_value("holiday_exemption", monday, place_path=path) is not None:
                yield week, np.char.startswith(tree.paths[position], path.encode())


def unenrolled(ids: NDArray[np.int32], first: date, count: int) -> dict[int, NDArray[np.bool_]]:
    """Villages that no courier with a device served on any day of a week (未接入): week index → bool[N]."""
    last = first + timedelta(weeks=count) - timedelta(days=1)
    named = (
        "true" if len(ids) > NAMED else f"v.place_id = ANY('{{{','.join(map(str, ids.tolist()))}}}'::int[])"
    )
    spans = copying.copy_out(ENROLMENT.format(first=first, last=last, places=named), ENROLMENT_TYPES)
    order = np.argsort(ids, kind="stable")
    at = np.searchsorted(ids[order], spans["place"])
    known = (at < len(ids)) & (spans["until"] > spans["first"])
    known[known] = ids[order][at[known]] == spans["place"][known]
    village = order[at[known]] if len(ids) else at[known]
    return _outside(village, spans["first"][known], spans["until"][known], len(ids), first, count)


def _outside(
    village: NDArray[Any], start: NDArray[Any], end: NDArray[Any], villages: int, first: date, count: int
) -> dict[int, NDArray[np.bool_]]:
    monday = (first - date(1970, 1, 1)).days
    from_week = np.clip((start - monday) // 7, 0, count)
    to_week = np.clip((end - monday + 6) // 7, 0, count)
    changes = np.zeros((count + 1, villages), np.int8)
    np.add.at(changes, (from_week, village), 1)
    np.add.at(changes, (to_week, village), -1)
    covered = np.zeros(villages, np.int8)
    absent = {}
    for week in range(count):
        covered = covered + changes[week]
        if not covered.all():
            absent[week] = covered == 0
    return absent


def village_ids_under(among: dict[int, int], days: Iterable[date]) -> list[int]:
    """Ids of all villages below some places (id → level), in the trees of some days and of now."""
    trees = {id(tree): tree for tree in [places.current_tree(), *map(places.tree_on, set(days))]}
    found: set[int] = {place for place, level in among.items() if level == 5}
    for tree in trees.values():
        for level in set(among.values()) - {5}:
            wanted = [place for place, its in among.items() if its == level]
            found.update(tree.village_ids[np.isin(tree.anchor[level], wanted)].tolist())
    return sorted(found)
