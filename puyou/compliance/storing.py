"""Roll-ups as rows: written for whole weeks at once, or for some counties and summed up again above them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.compliance import judging, reading
from puyou.core import copying
from puyou.places.arrays import Tree

STORED = (3, 2, 1, 0)  # county to nation; below a county figures are computed when asked (decision 0037)
COUNTY = STORED[0]
TYPES = {
    "monday": "date",
    "level": "int2",
    "place_id": "int4",
    "area_class": "int2",
    **dict.fromkeys(judging.COLUMNS, "int4"),
    "rule_version": "int4",
    "judged": "int4",
}
SUMS = ", ".join(f"{'max' if name == 'longest_gap' else 'sum'}({name})::int" for name in judging.COLUMNS)
RESUM = f"""
INSERT INTO compliance_rollup
    (monday, level, place_id, area_class, {", ".join(judging.COLUMNS)}, rule_version, judged)
SELECT r.monday, %(level)s, m.parent, r.area_class, {SUMS}, max(r.rule_version), max(r.judged)
FROM compliance_rollup r JOIN unnest(%(children)s::int[], %(parents)s::int[]) AS m(child, parent)
    ON r.place_id = m.child
WHERE r.level = %(level)s + 1 AND r.monday BETWEEN %(first)s AND %(last)s
GROUP BY r.monday, m.parent, r.area_class
"""
DELETE = """
DELETE FROM compliance_rollup WHERE monday BETWEEN %s AND %s AND level = %s AND place_id = ANY(%s)
"""


def rows_of(judgement: judging.Judgement, level: judging.LevelFigures, run: int) -> dict[str, NDArray[Any]]:
    """A level's figures as table columns; groups without a counted village have no row."""
    columns = level.columns
    week, group = np.nonzero(columns["met"] + columns["unmet"] + columns["excused"])
    stretch = judgement.source.stretch
    area = level.groups.area_class[group]
    rows: dict[str, NDArray[Any]] = {
        "monday": np.datetime64(stretch.monday, "D") + 7 * week,
        "level": np.full(len(week), level.groups.level, np.int16),
        "place_id": level.groups.place[group],
        "area_class": area.astype(np.int16),
        **{name: columns[name][week, group] for name in judging.COLUMNS},
        "rule_version": np.array(judgement.source.versions, np.int32)[week, area],
        "judged": np.full(len(week), run, np.int32),
    }
    return rows


def replace_weeks(judgement: judging.Judgement, run: int) -> None:
    """Put a judgement of all villages in place of whatever its weeks held."""
    first, last = _ends(judgement.source.stretch)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM compliance_rollup WHERE monday BETWEEN %s AND %s", [first, last])
    for level in judgement.levels:
        copying.copy_in("compliance_rollup", rows_of(judgement, level, run), TYPES)


def replace_counties(judgement: judging.Judgement, counties: NDArray[np.int32], run: int) -> None:
    """Put a judgement of some counties (or what stands for them) in place, and sum again above them."""
    stretch = judgement.source.stretch
    first, last = _ends(stretch)
    with connection.cursor() as cursor:
        cursor.execute(DELETE, [first, last, COUNTY, counties.tolist()])
    copying.copy_in("compliance_rollup", rows_of(judgement, judgement.levels[0], run), TYPES)
    touched = counties
    for level in STORED[1:]:
        touched = _resum(stretch.tree, level, touched, first, last)


def _resum(tree: Tree, level: int, below: NDArray[np.int32], first: date, last: date) -> NDArray[np.int32]:
    """Sum a level's touched places again from all their parts one level down; returns those places."""
    children, parents = parts(tree, level)
    touched = np.unique(parents[np.isin(children, below)])
    chosen = np.isin(parents, touched)
    with connection.cursor() as cursor:
        cursor.execute(DELETE, [first, last, level, touched.tolist()])
        cursor.execute(
            RESUM,
            {
                "level": level,
                "children": children[chosen].tolist(),
                "parents": parents[chosen].tolist(),
                "first": first,
                "last": last,
            },
        )
    return touched


def parts(tree: Tree, level: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """What stands one level below ``level`` and what stands above it there: each pair once."""
    pair = tree.anchor[level + 1].astype(np.int64) << 32 | tree.anchor[level]
    pairs = np.unique(pair)
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def counties_of(tree: Tree, villages: NDArray[Any]) -> NDArray[np.int32]:
    """The places that stand as counties above some village ids."""
    at = tree.position(villages)
    return np.unique(tree.anchor[COUNTY][at[at >= 0]])


def villages_of(tree: Tree, counties: Iterable[int] | NDArray[np.int32]) -> NDArray[np.intp]:
    """Positions of all villages below some counties."""
    return np.flatnonzero(np.isin(tree.anchor[COUNTY], np.asarray(counties)))


def _ends(stretch: reading.Stretch) -> tuple[date, date]:
    return stretch.monday, stretch.monday + timedelta(weeks=stretch.weeks - 1)
