"""Putting judged visits, day sets and changes into their tables, set by set, in an order that cannot deadlock."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core import copying, partitions
from puyou.visits import daysets
from puyou.visits.batches import SOURCES, Batch

EPOCH = date(1970, 1, 1)
NOWHERE: Mapping[str, NDArray[Any]] = {}
DAY_LOCKS = 7301  # the class of advisory locks that guard one day's findings each
ARRIVING = """
CREATE TEMP TABLE IF NOT EXISTS visits_arriving (place_id integer, iso_year smallint, days bit(371))
ON COMMIT DELETE ROWS
"""
OR_IN = """
INSERT INTO visits_villageyear AS held (place_id, iso_year, days)
SELECT place_id, iso_year, days FROM visits_arriving ORDER BY place_id, iso_year
ON CONFLICT (place_id, iso_year) DO UPDATE SET days = held.days | excluded.days
WHERE held.days | excluded.days <> held.days
"""
SET_TYPES = {"place_id": "int4", "iso_year": "int2", "days": "bit(371)"}
ALWAYS = {
    "id": "uuid", "happened_at": "timestamptz", "received_at": "timestamptz", "intake_id": "int8",
    "skew_seconds": "float8", "day": "date", "place_id": "int4", "findings": "int4", "counting": "bool",
    "nothing_today": "bool",
}  # fmt: skip
SOMETIMES = {
    "lon": "float8", "lat": "float8", "accuracy_m": "float8", "distance_m": "float8", "courier_id": "int4",
    "device_id": "int4", "point_id": "int4", "round_id": "int4", "stop_id": "uuid",
}  # fmt: skip
REMASK = """
UPDATE visits_visit v SET findings = n.findings
FROM unnest(%s::uuid[], %s::date[], %s::int[]) AS n(id, day, findings)
WHERE v.id = n.id AND v.day = n.day
"""


def day_of_number(number: int) -> date:
    """The date of a number of days since 1970."""
    return EPOCH + timedelta(days=int(number))


def ensure_partitions(days: Iterable[int]) -> None:
    """Make the months that hold ``days``; best called before the transaction that fills them."""
    partitions.ensure_months("visits_visit", {day_of_number(day) for day in days})


def lock_days(days: NDArray[Any]) -> None:
    """Hold each day's lock until the transaction ends: whoever adds visits of a day sees all that stand there.

    Always in order, so that two batches cannot wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, day) FROM unnest(%s::int[]) AS t(day)",
            [DAY_LOCKS, np.unique(days).tolist()],
        )


def insert_visits(
    batch: Batch,
    findings: NDArray[Any],
    counting: Any,
    distance: Any,
    intake_id: int,
    fresh: Mapping[str, NDArray[Any]] = NOWHERE,
    through: Any = None,
) -> int:
    """Insert visits by binary COPY, one stream per pattern of absent columns; returns how many.

    ``fresh``: tables of their own for some days; the others go to the partitions. ``through``: see ``copy_in``.
    """
    columns = _columns(batch, findings, counting, distance, intake_id)
    pattern, number = _patterns(batch, columns), np.zeros(len(batch), np.int64)
    tables = ["visits_visit", *fresh]
    for place, days in enumerate(fresh.values(), start=1):
        number[np.isin(batch.seen.day, days)] = place
    for place in _occurring(number):
        _copy(tables[place], columns, np.where(number == place, pattern, -1), through)
    return len(batch)


def _patterns(batch: Batch, columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Which columns each row lacks, as bits, and its source above them."""
    absent = _absences(columns)
    pattern = batch.source * (1 << len(SOMETIMES))
    for bit, missing in enumerate(absent.values()):
        pattern = pattern + (missing.astype(np.int64) << bit)
    return np.asarray(pattern, np.int64)


def _copy(table: str, columns: dict[str, NDArray[Any]], pattern: NDArray[np.int64], through: Any) -> None:
    """COPY the rows whose pattern is not negative."""
    for which in _occurring(pattern[pattern >= 0]):
        rows = np.flatnonzero(pattern == which)
        source = SOURCES[which >> len(SOMETIMES)]
        types = ALWAYS | {
            name: kind for bit, (name, kind) in enumerate(SOMETIMES.items()) if not which >> bit & 1
        }
        values = {name: columns[name] if len(rows) == len(pattern) else columns[name][rows] for name in types}
        values["source"] = np.broadcast_to(np.frombuffer(source.encode(), np.uint8), (len(rows), len(source)))
        copying.copy_in(table, values, types | {"source": f"bytea({len(source)})"}, through)


def _occurring(numbers: NDArray[np.int64]) -> list[int]:
    """The distinct small numbers that occur; numpy.unique takes a second a million."""
    return np.flatnonzero(np.bincount(numbers)).tolist()


def _columns(
    batch: Batch, findings: Any, counting: Any, distance: Any, intake_id: int
) -> dict[str, NDArray[Any]]:
    seen = batch.seen
    return {
        "id": seen.ids,
        "happened_at": seen.happened.astype("datetime64[us]"),
        "received_at": batch.received.astype("datetime64[us]"),
        "intake_id": np.full(len(batch), intake_id),
        "skew_seconds": seen.skew,
        "day": seen.day.astype("datetime64[D]"),
        "place_id": seen.place,
        "findings": findings,
        "counting": counting,
        "nothing_today": batch.nothing_today,
        "lon": seen.lon,
        "lat": seen.lat,
        "accuracy_m": seen.accuracy,
        "distance_m": distance,
        "courier_id": seen.courier,
        "device_id": seen.device,
        "point_id": batch.point,
        "round_id": batch.round_id,
        "stop_id": batch.stop_ids,
    }


def _absences(columns: dict[str, NDArray[Any]]) -> dict[str, NDArray[np.bool_]]:
    def missing(name: str) -> NDArray[np.bool_]:
        values = columns[name]
        if values.ndim == 2:
            return np.asarray(~values.any(axis=1))
        return np.asarray(np.isnan(values) if values.dtype.kind == "f" else values == 0)

    return {name: missing(name) for name in SOMETIMES}


def update_findings(ids: NDArray[np.uint8], days: NDArray[Any], findings: NDArray[Any]) -> None:
    """Write new masks of stored visits, in order of id."""
    if not len(ids):
        return
    texts = [row.tobytes().hex() for row in ids]
    order = sorted(range(len(texts)), key=texts.__getitem__)
    with connection.cursor() as cursor:
        cursor.execute(
            REMASK,
            [
                [texts[i] for i in order],
                [day_of_number(days[i]) for i in order],
                [int(findings[i]) for i in order],
            ],
        )


def or_day_sets(places: NDArray[Any], days: NDArray[Any]) -> None:
    """Add days of service to the villages' sets: OR, sorted by key, so repeats and parallel batches do no harm."""
    if not len(places):
        return
    or_sets(*daysets.build(places, days))


def or_sets(owners: NDArray[np.int32], years: NDArray[np.int16], sets: daysets.Bytes) -> None:
    """The same for sets that are built already, sorted by key."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        cursor.execute(ARRIVING)
        cursor.execute("TRUNCATE visits_arriving")
        copying.copy_in("visits_arriving", {"place_id": owners, "iso_year": years, "days": sets}, SET_TYPES)
        cursor.execute(OR_IN)


def add_changes(places: NDArray[Any], days: NDArray[Any], cause: str) -> None:
    """Leave word for the judge that these villages' weeks changed, once per village-year."""
    if not len(places):
        return
    add_marks(*daysets.week_marks(places, days), cause)


def add_marks(
    owners: NDArray[np.int32], years: NDArray[np.int16], marks: NDArray[np.int64], cause: str
) -> None:
    """The same for marks that are made already, sorted by key."""
    text = np.broadcast_to(np.frombuffer(cause.encode(), np.uint8), (len(owners), len(cause)))
    copying.copy_in(
        "visits_villagechange",
        {"place_id": owners, "iso_year": years, "weeks": marks, "cause": text},
        {"place_id": "int4", "iso_year": "int2", "weeks": "int8", "cause": f"bytea({len(cause)})"},
    )
