"""Recomputing from the facts and comparing with what is kept: day sets, roll-ups, verdicts said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.compliance import judging, reading, remembering, storing
from puyou.core import copying
from puyou.visits import daysets
from puyou.visits.rules import MASK, STOPPING

WITHDRAWN = MASK["withdrawn"]
# What is said of a visit from outside: the latest review, and whether its own courier or phone took it back.
SAID = """
visits_visit v LEFT JOIN (
    SELECT DISTINCT ON (visit_id) visit_id, decision FROM visits_review ORDER BY visit_id, id DESC
) r ON r.visit_id = v.id LEFT JOIN (
    SELECT DISTINCT h.visit_id FROM visits_withdrawal h JOIN visits_visit o ON o.id = h.visit_id
    WHERE coalesce(h.courier_id <> 0 AND h.courier_id = o.courier_id, false)
        OR coalesce(h.device_id <> 0 AND h.device_id = o.device_id, false)
) w ON w.visit_id = v.id
"""
REJECTED = "coalesce(r.decision, 'accepted') = 'rejected'"
COUNTS = f"(v.findings & {STOPPING & ~WITHDRAWN} = 0 AND w.visit_id IS NULL AND NOT {REJECTED})"
COUNTING = f"""
SELECT v.place_id, v.day FROM {SAID} WHERE v.day >= '{{first}}' AND v.day < '{{last}}' AND {COUNTS} GROUP BY 1, 2
"""
FLAGS = f"""
WITH facts AS (
    SELECT v.id, v.day, {REJECTED} AS rejected, {COUNTS} AS counting,
        (v.findings & ~{WITHDRAWN}) | CASE WHEN w.visit_id IS NULL THEN 0 ELSE {WITHDRAWN} END AS findings
    FROM {SAID}
    WHERE v.rejected <> ({REJECTED}) OR v.counting <> {COUNTS}
        OR (v.findings & {WITHDRAWN} <> 0) <> (w.visit_id IS NOT NULL)
)
"""
SET_TYPES = {"place_id": "int4", "iso_year": "int2", "days": "bit(371)"}
Sets = dict[tuple[int, int], bytes]


@dataclass(frozen=True)
class Difference:
    """Something kept that the facts do not say: what, where, which figure, kept and true."""

    what: str
    where: str
    figure: str
    kept: object
    true: object


def day_set_differences() -> Iterator[tuple[Difference, int, int, bytes]]:
    """Day sets that the facts do not add up to; with place id, ISO year and the true set."""
    true = _true_sets()
    kept = _sets("visits_villageyear")
    nothing = bytes(daysets.BYTES)
    for key in sorted(true.keys() | kept.keys()):
        mine, theirs = kept.get(key, nothing), true.get(key, nothing)
        if mine != theirs:
            place, year = key
            where = f"{place}:{year}"
            yield Difference("day_set", where, "days", _ones(mine), _ones(theirs)), place, year, theirs


def _ones(days: bytes) -> int:
    return int(np.bitwise_count(np.frombuffer(days, np.uint8)).sum())


def _sets(table: str) -> Sets:
    found = copying.copy_out(f"SELECT place_id, iso_year, days FROM {table}", SET_TYPES)
    keys = zip(found["place_id"].tolist(), found["iso_year"].tolist(), strict=True)
    return {key: row.tobytes() for key, row in zip(keys, found["days"], strict=True)}


def _true_sets() -> Sets:
    """Month by month, so that a year of visits never stands in memory at once."""
    sets = _sets("visits_loadedyear")
    for first, last in _months():
        sql = COUNTING.format(first=first, last=last)
        rows = copying.copy_out(sql, {"place_id": "int4", "day": "date"})
        built = daysets.build(rows["place_id"], rows["day"].astype(np.int64))
        for place, year, days in zip(*(column.tolist() for column in built[:2]), built[2], strict=True):
            before = np.frombuffer(sets.get((place, year), bytes(daysets.BYTES)), np.uint8)
            sets[place, year] = (before | days).tobytes()
    return sets


def _months() -> list[tuple[date, date]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m::date, (m + interval '1 month')::date FROM generate_series("
            " (SELECT date_trunc('month', min(day)::timestamp) FROM visits_visit),"
            " (SELECT max(day)::timestamp FROM visits_visit), interval '1 month') AS m"
        )
        return [(first, last) for first, last in cursor.fetchall()]


def misflagged(repair: bool) -> int:
    """Visits whose marks do not follow from findings, reviews and withdrawals, set right if asked; how many."""
    with connection.cursor() as cursor:
        if repair:
            cursor.execute(
                f"{FLAGS} UPDATE visits_visit v SET rejected = facts.rejected, counting = facts.counting,"
                " findings = facts.findings"
                " FROM facts WHERE v.id = facts.id AND v.day = facts.day"
            )
            return int(cursor.rowcount)
        cursor.execute(f"{FLAGS} SELECT count(*) FROM facts")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def rollup_differences(judgement: judging.Judgement) -> Iterator[Difference]:
    """Stored figures that a judgement of everything does not find."""
    stretch = judgement.source.stretch
    for level in judgement.levels:
        true = storing.rows_of(judgement, level, 0)
        kept = _kept(stretch, level.groups.level)
        yield from _table_differences(true, kept, level.groups.level)


def _kept(stretch: reading.Stretch, level: int) -> dict[str, NDArray[Any]]:
    types = {name: kind for name, kind in storing.TYPES.items() if name != "judged"}
    return copying.copy_out(
        f"SELECT {', '.join(types)} FROM compliance_rollup WHERE level = {level}"
        f" AND monday BETWEEN '{stretch.mondays[0]}' AND '{stretch.mondays[-1]}'",
        types,
    )


def _table_differences(
    true: dict[str, NDArray[Any]], kept: dict[str, NDArray[Any]], level: int
) -> Iterator[Difference]:
    keys = [_keys(true), _keys(kept)]
    every = np.union1d(*keys)
    rows = [np.searchsorted(every, key) for key in keys]
    for name in (*judging.COLUMNS, "rule_version"):
        values = [np.zeros(len(every), np.int64) for _ in keys]
        for value, row, table in zip(values, rows, (true, kept), strict=True):
            value[row] = table[name]
        for at in np.flatnonzero(values[0] != values[1]):
            yield Difference(
                "rollup", _where(int(every[at]), level), name, int(values[1][at]), int(values[0][at])
            )


def _keys(table: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    monday = table["monday"].astype("datetime64[D]").astype(np.int64)
    keys: NDArray[np.int64] = monday << 34 | table["place_id"].astype(np.int64) << 2 | table["area_class"]
    return keys


def _where(key: int, level: int) -> str:
    monday = np.datetime64(key >> 34, "D")
    return f"{monday}:{level}:{key >> 2 & 0xFFFFFFFF}:{key & 3}"


def verdict_differences(judgement: judging.Judgement, today: date) -> Iterator[Difference]:
    """Verdicts said that a judgement of everything does not find."""
    stretch, ids = judgement.source.stretch, judgement.source.ids
    said: dict[int, tuple[NDArray[np.int32], NDArray[np.uint8]]] = {}
    for i, monday in enumerate(stretch.mondays):
        if (today - monday).days < 7:
            continue
        calendar = monday.isocalendar()
        if calendar.year not in said:
            said[calendar.year] = remembering.said(None, calendar.year)
        kept_ids, kept = said[calendar.year]
        every = np.union1d(ids, kept_ids)
        values = [np.zeros(len(every), np.uint8) for _ in range(2)]
        values[0][np.searchsorted(every, ids)] = judgement.codes[i]
        values[1][np.searchsorted(every, kept_ids)] = kept[:, calendar.week - 1]
        for at in np.flatnonzero(values[0] != values[1]):
            yield Difference(
                "verdict", f"{monday}:{every[at]}", "code", int(values[1][at]), int(values[0][at])
            )
