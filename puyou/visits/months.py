"""Months that an import begins: filled without indexes, which are built once at the end, and then attached.

Filling four indexes row by row takes most of an import's time. The month's lock is the one under which
core.partitions would create it, so whoever else needs the month waits until the import has ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core import partitions
from puyou.visits import storing

PARENT = "visits_visit"
INDEXED = ("place_id", "courier_id", "device_id")


@dataclass(frozen=True)
class Month:
    """A table that will be a partition: its name, bounds as SQL, and which of the import's days it holds."""

    table: str
    lower: str
    upper: str
    days: NDArray[np.int64]


def begin_months(days: Iterable[int]) -> list[Month]:
    """Tables for those months of ``days`` that have no partition yet; for the caller's transaction."""
    held: dict[tuple[str, str, str], list[int]] = {}
    for day in days:
        held.setdefault(partitions.bounds(storing.day_of_number(day)), []).append(day)
    found = [
        Month(f"{PARENT}_{suffix}", lower, upper, np.array(numbers, np.int64))
        for (suffix, lower, upper), numbers in sorted(held.items())
    ]
    return [month for month in found if _begin(month.table)]


def _begin(table: str) -> bool:
    with connection.cursor() as cursor:
        if _exists(table):
            return False
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
        if _exists(table):
            return False
        cursor.execute(f"CREATE TABLE {table} (LIKE {PARENT} INCLUDING DEFAULTS)")
    return True


def _exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        row = cursor.fetchone()
    return bool(row and row[0])


def attach_months(months: Iterable[Month]) -> None:
    """Index the tables and make them partitions; what stands in them becomes visible when the caller commits."""
    with connection.cursor() as cursor:
        for month in months:
            cursor.execute(f"ALTER TABLE {month.table} ADD PRIMARY KEY (id, day)")
            for column in INDEXED:
                cursor.execute(f"CREATE INDEX ON {month.table} ({column}, day)")
            bounds = f"FROM ({month.lower}) TO ({month.upper})"
            cursor.execute(f"ALTER TABLE {PARENT} ATTACH PARTITION {month.table} FOR VALUES {bounds}")
