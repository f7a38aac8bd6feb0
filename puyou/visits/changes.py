"""Handing the judge the village-weeks that changed, each once."""

from datetime import date

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core.periods import Week
from puyou.visits import daysets, storing

DRAIN = """
DELETE FROM visits_villagechange WHERE id = ANY(ARRAY(
    SELECT id FROM visits_villagechange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)) RETURNING place_id, iso_year, weeks, cause
"""
BITS = np.arange(daysets.WEEKS)


def drain_changes(limit: int = 20_000) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.str_]]:
    """Take up to ``limit`` rows (a village's year each) off the queue, inside the caller's transaction.

    Returns place ids, Mondays (days since 1970) and causes, one entry per village-week and cause, unsorted; if the
    transaction rolls back they wait again. Empty arrays when nothing waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(DRAIN, [limit])
        rows = cursor.fetchall()
    if not rows:
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, "U12")
    place, year, weeks, cause = zip(*rows, strict=True)
    found, week = np.nonzero((np.array(weeks, np.int64)[:, None] >> BITS) & 1)
    mondays = daysets.year_starts(np.array(year))[found] + 7 * week
    return np.array(place, np.int32)[found], mondays.astype(np.int32), np.array(cause)[found]


def add_change(place_id: int, day: date, cause: str) -> None:
    """Leave word that one village's week changed (late_visit, review …)."""
    monday = (Week.of(day).monday - storing.EPOCH).days
    storing.add_changes(np.array([place_id]), np.array([monday]), cause)
