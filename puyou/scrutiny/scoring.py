"""Scoring county days set-wise: read, measure, weigh, write what changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.core import copying, partitions
from puyou.core import events as log
from puyou.scrutiny import arrays, events, measuring, reading, weightings
from puyou.scrutiny.arrays import Columns, Evidence, Ints
from puyou.scrutiny.weightings import Weights

ACTOR = "system:scrutiny"
LOCK = 7_401  # one scorer at a time: a slower one cannot write what it read before a faster one
COUNTIES_AT_ONCE = 250  # some 40,000 visits: their ids still fit into a question
TAKE = """
WITH chosen AS (SELECT id FROM scrutiny_waitingday WHERE day = (SELECT max(day) FROM scrutiny_waitingday)
    ORDER BY county_id LIMIT %s)
DELETE FROM scrutiny_waitingday w USING chosen c WHERE w.id = c.id RETURNING w.day, w.county_id
"""
ARRIVING = """
CREATE TEMP TABLE IF NOT EXISTS scrutiny_arriving (visit_id uuid, day date, place_id int, courier_id int,
    device_id int, score smallint, reasons bigint, rule_version int, at timestamptz) ON COMMIT DELETE ROWS
"""
MERGE = """
INSERT INTO scrutiny_score AS held (visit_id, day, place_id, courier_id, device_id, score, reasons, rule_version, at)
SELECT visit_id, day, place_id, nullif(courier_id, 0), nullif(device_id, 0), score, reasons, rule_version, at
FROM scrutiny_arriving ORDER BY visit_id
ON CONFLICT (visit_id, day) DO UPDATE SET place_id = excluded.place_id, courier_id = excluded.courier_id,
    device_id = excluded.device_id, score = excluded.score, reasons = excluded.reasons,
    rule_version = excluded.rule_version, at = excluded.at
WHERE (held.score, held.reasons, held.rule_version, held.place_id, held.courier_id, held.device_id)
    IS DISTINCT FROM (excluded.score, excluded.reasons, excluded.rule_version, excluded.place_id,
    excluded.courier_id, excluded.device_id)
"""
TYPES = {
    "visit_id": "uuid", "day": "date", "place_id": "int4", "courier_id": "int4", "device_id": "int4",
    "score": "int2", "reasons": "int8", "rule_version": "int4", "at": "timestamptz",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scored:
    """The wanted visits of some evidence with their measures, reasons and scores."""

    told: Evidence
    seen: Columns
    reasons: Ints
    scores: NDArray[np.int16]


def score(told: Evidence, by: Weights) -> Scored:
    """Measure and weigh the wanted visits; nothing is read or written."""
    seen = measuring.measure(told, by.limits)
    wanted = told.only_wanted()
    reasons = arrays.weigh(seen, wanted.who, by.limits, by.weights)
    return Scored(wanted, seen, reasons, arrays.scores(reasons, seen["source"], by.weights, by.caps))


@transaction.atomic
def score_pending(*, now: datetime, counties: int = COUNTIES_AT_ONCE) -> int:
    """Score what waits of the latest waiting day; returns how many county days left the queue.

    The rows are deleted before anything is read, in the same transaction: whatever is committed later waits anew. One
    scorer at a time; who comes second goes away. Says visits.scored.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not (cursor.fetchone() or [False])[0]:
            return 0
        cursor.execute(TAKE, [counties])
        taken = cursor.fetchall()
    if taken:
        day = taken[0][0]
        score_day(day, np.array([row[1] for row in taken], np.int64), now=now)
    return len(taken)


def score_day(day: date, counties: Ints, *, now: datetime) -> int:
    """Score all visits of some counties on a day, in the caller's transaction; returns how many scores changed."""
    by = weightings.get_weights(day)
    told = reading.read_day(day, counties, by.limits)
    if told is None:
        return 0
    scored = score(told, by)
    changed = write(scored, day, by.version, now)
    data = {
        "day": str(day), "counties": len(counties), "visits": len(scored.scores), "changed": changed,
        "rule_version": by.version,
    }  # fmt: skip
    log.append(events.VISITS_SCORED, subject=f"scores:{day}", actor=ACTOR, now=now, data=data)
    return changed


def write(scored: Scored, day: date, version: int, now: datetime) -> int:
    """Write scores, leaving alone those that are as they were; returns how many are new or changed."""
    partitions.ensure_months("scrutiny_score", [day])
    count, told = len(scored.scores), scored.told
    columns: dict[str, NDArray[Any]] = {
        "visit_id": told.ids, "day": np.full(count, np.datetime64(day)), "place_id": told.place,
        "courier_id": told.courier, "device_id": told.device, "score": scored.scores, "reasons": scored.reasons,
        "rule_version": np.full(count, version), "at": np.full(count, np.datetime64(now.replace(tzinfo=None), "us")),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        cursor.execute(ARRIVING)
        cursor.execute("TRUNCATE scrutiny_arriving")
        copying.copy_in("scrutiny_arriving", columns, TYPES)
        cursor.execute(MERGE)
        return int(cursor.rowcount)
