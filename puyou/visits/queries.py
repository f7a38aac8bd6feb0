"""Reading visits, day sets and counts, for pages and for the rooms above."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core import copying
from puyou.places.arrays import Tree
from puyou.visits import daysets
from puyou.visits.listing import (
    WaitingCount,
    count_visits,
    count_waiting,
    get_detail,
    get_visit,
    list_position_shares,
    list_reviews,
    list_visits,
    list_waiting,
    list_withdrawals,
)
from puyou.visits.position_reviews import get_position_review, list_position_reviews

__all__ = [
    "VisitCounts",
    "WaitingCount",
    "count_visits",
    "count_waiting",
    "get_detail",
    "get_position_review",
    "get_visit",
    "list_position_reviews",
    "list_position_shares",
    "list_reviews",
    "list_visits",
    "list_waiting",
    "list_withdrawals",
    "served_masks",
    "visit_counts",
]
SETS = "SELECT place_id, days FROM visits_villageyear WHERE iso_year = {year}"
SET_TYPES = {"place_id": "int4", "days": "bit(371)"}
COUNTS = """
SELECT place_id, day - (extract(isodow FROM day)::int - 1) AS monday, count(*)::int AS visits,
    count(*) FILTER (WHERE findings <> 0)::int AS findings, count(*) FILTER (WHERE NOT counting)::int AS uncounted,
    coalesce(bit_or(1 << extract(isodow FROM day)::int) FILTER (WHERE counting), 0)::int AS days
FROM visits_visit WHERE day BETWEEN '{first}' AND '{last}'{places} GROUP BY 1, 2
"""
COUNT_TYPES = {
    "place_id": "int4",
    "monday": "date",
    "visits": "int4",
    "findings": "int4",
    "uncounted": "int4",
    "days": "int4",
}


@dataclass(frozen=True)
class VisitCounts:
    """Visits per village and week, in no order: ``mondays`` in days since 1970, the rest int32 counts.

    ``findings``: visits with any finding; ``uncounted``: visits that do not count; ``days``: distinct days of those
    that count.
    """

    place_ids: NDArray[np.int32]
    mondays: NDArray[np.int32]
    visits: NDArray[np.int32]
    findings: NDArray[np.int32]
    uncounted: NDArray[np.int32]
    days: NDArray[np.uint8]


def served_masks(
    tree: Tree, first_monday: date, weeks: int, place_ids: NDArray[Any] | None = None
) -> NDArray[np.uint8]:
    """Days of service uint8[V, weeks], bit i = Monday + i, rows as the tree's villages or as ``place_ids``."""
    start = (first_monday - date(1970, 1, 1)).days
    mondays = start + 7 * np.arange(weeks)
    years, index = daysets.places_in_set(mondays)
    rows = len(tree) if place_ids is None else len(place_ids)
    masks = np.zeros((rows, weeks), np.uint8)
    for year in np.unique(years):
        found = copying.copy_out(SETS.format(year=int(year)) + _only(place_ids), SET_TYPES)
        at = tree.position(found["place_id"]) if place_ids is None else _find(place_ids, found["place_id"])
        inside = at >= 0
        at, sets = at[inside], found["days"] if inside.all() else found["days"][inside]
        for column in np.flatnonzero(years == year):
            masks[at, column] = daysets.week_bits(sets, int(index[column]) // 7)
    return masks


def visit_counts(place_ids: NDArray[Any] | None, first: date, last: date) -> VisitCounts:
    """Visits of the weeks' days from ``first`` to ``last`` (both included), of some villages or of all."""
    sql = COUNTS.format(first=first, last=last, places=_only(place_ids))
    found = copying.copy_out(sql, COUNT_TYPES)
    found["monday"] = found["monday"].astype(np.int64).astype(np.int32)
    return VisitCounts(
        found["place_id"],
        found["monday"],
        found["visits"],
        found["findings"],
        found["uncounted"],
        np.bitwise_count(found["days"]),
    )


def has_changes() -> bool:
    """Whether any village-week waits to be judged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM visits_villagechange)")
        row = cursor.fetchone()
    return bool(row and row[0])


def _only(place_ids: NDArray[Any] | None) -> str:
    if place_ids is None:
        return ""
    return f" AND place_id = ANY('{{{','.join(map(str, np.unique(place_ids).tolist()))}}}'::int[])"


def _find(place_ids: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.int64]:
    """Where each wanted id stands in ``place_ids`` (distinct, any order); all of them do."""
    place_ids = np.asarray(place_ids)
    order = np.argsort(place_ids, kind="stable")
    return order[np.searchsorted(place_ids[order], wanted)] if len(wanted) else np.zeros(0, np.int64)
