"""Taking judged batches in: alone, among their day, into the table, the day sets and the judge's queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core import copying
from puyou.visits import batches, facts, rules, screening, storing
from puyou.visits.batches import Batch
from puyou.visits.facts import Register
from puyou.visits.rules import DAY_BITS, MASK, Limits
from puyou.visits.screening import Columns

Ints = NDArray[np.int64]
COLUMNS = """
v.id, v.place_id, v.day, v.happened_at, coalesce(v.courier_id, 0) AS courier_id,
    coalesce(v.device_id, 0) AS device_id, coalesce(v.lon, 'NaN') AS lon, coalesce(v.lat, 'NaN') AS lat,
    coalesce(v.accuracy_m, 'NaN') AS accuracy_m, coalesce(v.point_id, 0) AS point_id,
    coalesce(v.stop_id, '00000000-0000-0000-0000-000000000000') AS stop_id, v.skew_seconds, v.findings
"""
STANDING = f"""
SELECT {COLUMNS} FROM unnest('{{couriers}}'::int[], '{{courier_days}}'::date[]) AS k(who, day)
    JOIN visits_visit v ON v.courier_id = k.who AND v.day = k.day AND v.day = ANY('{{days}}'::date[])
UNION SELECT {COLUMNS} FROM unnest('{{devices}}'::int[], '{{device_days}}'::date[]) AS k(who, day)
    JOIN visits_visit v ON v.device_id = k.who AND v.day = k.day AND v.day = ANY('{{days}}'::date[])
"""
STANDING_TYPES = {
    "id": "uuid", "place_id": "int4", "day": "date", "happened_at": "timestamptz", "courier_id": "int4",
    "device_id": "int4", "lon": "float8", "lat": "float8", "accuracy_m": "float8", "point_id": "int4",
    "stop_id": "uuid", "skew_seconds": "float8", "findings": "int4",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Standing:
    """Visits that stand in the table already, and the masks they have."""

    seen: Columns
    findings: Ints


@dataclass(frozen=True, eq=False)
class Judged:
    """A batch with its masks, and the standing visits whose masks change because of it."""

    batch: Batch
    findings: NDArray[np.int32]
    counting: NDArray[np.bool_]
    distance: NDArray[np.float64]
    changed: Standing


def judge(
    batch: Batch,
    register: Register,
    standing_days: NDArray[Any] | None = None,
    again: bool = False,
    limits: Mapping[int, Limits] | None = None,
) -> Judged:
    """Judge a batch against the registry and the visits that stand; the days must be locked.

    ``standing_days``: the days known to hold visits already (None: any may); other days are not asked for.
    ``again``: the batch's visits stand in the table themselves, and are not their own neighbours.
    ``limits``: the thresholds of the batch's days when they are known already.
    """
    known = limits_by_day(batch.seen.day) if limits is None else limits
    point = np.where(
        batch.point == 0, facts.shared_points(register, batch.seen.place, batch.seen.day), batch.point
    )
    batch = replace(batch, point=point, seen=replace(batch.seen, label=_labels(point, batch.seen.place)))
    around = facts.circumstances(register, batch)
    alone = _by_limits(
        batch.seen.day,
        known,
        lambda rows, limits: screening.judge_alone(batch.seen.take(rows), _take(around, rows), limits),
    )
    ours = batch.seen if standing_days is None else batch.seen.take(np.isin(batch.seen.day, standing_days))
    standing, whole = read_standing(ours)
    if again and len(standing.seen):
        standing, whole = _without(standing, whole, batch.seen.ids)
    everyone = Columns.join([batch.seen, standing.seen]) if len(standing.seen) else batch.seen
    among = _judge_days(everyone, _stands(batch, standing), known)
    masks = alone | among[: len(batch)]
    now = (standing.findings & ~DAY_BITS) | among[len(batch) :]
    changed = whole & (now != standing.findings)
    counting = (masks & rules.STOPPING) == 0
    return Judged(
        batch, masks, counting, around.distance, Standing(standing.seen.take(changed), now[changed])
    )


def _stands(batch: Batch, standing: Standing) -> NDArray[np.bool_]:
    """Which visits were not taken back: those that were are nobody's neighbours."""
    ours = np.ones(len(batch), bool) if batch.withdrawn is None else ~batch.withdrawn
    return np.concatenate([ours, (standing.findings & MASK["withdrawn"]) == 0])


def _judge_days(
    everyone: Columns, stands: NDArray[np.bool_], known: Mapping[int, Limits]
) -> NDArray[np.int32]:
    masks = np.zeros(len(everyone), np.int32)
    asked = everyone if stands.all() else everyone.take(stands)
    masks[stands] = _by_limits(
        asked.day, known, lambda rows, limits: screening.judge_days(asked.take(rows), limits)
    )
    return masks


def _without(
    standing: Standing, whole: NDArray[np.bool_], ids: NDArray[np.uint8]
) -> tuple[Standing, NDArray[np.bool_]]:
    """The standing visits other than those with ``ids``."""
    keys = np.ascontiguousarray(standing.seen.ids).view("V16").ravel()
    others = ~np.isin(keys, np.ascontiguousarray(ids).view("V16").ravel())
    return Standing(standing.seen.take(others), standing.findings[others]), whole[others]


def _labels(point: Ints, place: Ints) -> Ints:
    return np.where(point != 0, -point, place)


def _take(around: screening.Circumstances, rows: Any) -> screening.Circumstances:
    values: dict[str, Any] = {name: getattr(around, name) for name in around.__dataclass_fields__}
    kept = {name: None if each is None else each[rows] for name, each in values.items()}
    return screening.Circumstances(**cast(dict[str, Any], kept))


def _by_limits(
    days: Ints, known: Mapping[int, Limits], judge: Callable[[Any, Limits], NDArray[np.int32]]
) -> NDArray[np.int32]:
    """Judge rows of days that share their thresholds together."""
    masks = np.zeros(len(days), np.int32)
    groups = _shared_limits(distinct_days(days), known)
    for limits, chosen in groups.items():
        rows: Any = slice(None) if len(groups) == 1 else np.flatnonzero(np.isin(days, chosen))
        masks[rows] = judge(rows, limits)
    return masks


def distinct_days(days: Ints) -> list[int]:
    """The days that occur, in order; counting beats sorting, as days lie close together."""
    if not len(days):
        return []
    least = int(days.min())
    return (np.flatnonzero(np.bincount(days - least)) + least).tolist()


def limits_by_day(days: Ints) -> dict[int, Limits]:
    """The thresholds in force on each of some days (days since 1970, repeats allowed)."""
    each = distinct_days(days)
    return dict(zip(each, facts.limits_on(each) if each else [], strict=True))


def _shared_limits(days: list[int], known: Mapping[int, Limits]) -> dict[Limits, list[int]]:
    groups: dict[Limits, list[int]] = {}
    for day in days:
        groups.setdefault(known[day], []).append(day)
    return groups


def read_standing(seen: Columns) -> tuple[Standing, NDArray[np.bool_]]:
    """Standing visits of the same courier or device days, with those of *their* days beside them.

    The flags mark the first kind: both of their days are complete here, so their masks may be written. The others are
    needed to judge them, no more.
    """
    first = _read(seen)
    if not len(first.seen):
        return first, np.zeros(0, bool)
    both = _read(Columns.join([seen, first.seen]))
    keys = both.seen.ids.view("V16").ravel()
    return both, np.isin(keys, first.seen.ids.view("V16").ravel())


def _read(seen: Columns) -> Standing:
    couriers, courier_days = _keys(seen.courier, seen.day)
    devices, device_days = _keys(seen.device, seen.day)
    days = np.array(distinct_days(seen.day))
    sql = STANDING.format(
        couriers=_array(couriers), courier_days=_dates(courier_days), devices=_array(devices),
        device_days=_dates(device_days), days=_dates(days),
    )  # fmt: skip
    rows = copying.copy_out(sql, STANDING_TYPES) if len(seen) else None
    if rows is None or not len(rows["id"]):
        return Standing(seen.take(slice(0, 0)), np.zeros(0, np.int64))
    place, point = rows["place_id"].astype(np.int64), rows["point_id"].astype(np.int64)
    columns = Columns(
        ids=rows["id"], place=place, day=rows["day"].astype(np.int64), happened=rows["happened_at"].astype(np.int64),
        courier=rows["courier_id"].astype(np.int64), device=rows["device_id"].astype(np.int64), lon=rows["lon"],
        lat=rows["lat"], accuracy=rows["accuracy_m"], label=_labels(point, place),
        stop=batches.stop_numbers(rows["stop_id"]), skew=rows["skew_seconds"],
    )  # fmt: skip
    return Standing(columns, rows["findings"].astype(np.int64))


def _keys(reporter: Ints, day: Ints) -> tuple[Ints, Ints]:
    told = reporter != 0
    pairs = np.unique(np.stack([reporter[told], day[told]]), axis=1)
    return pairs[0], pairs[1]


def _array(values: NDArray[Any]) -> str:
    return "{" + ",".join(map(str, values.tolist())) + "}"


def _dates(days: NDArray[Any]) -> str:
    return "{" + ",".join(storing.day_of_number(day).isoformat() for day in days.tolist()) + "}"


def store(judged: Judged, intake_id: int) -> None:
    """Write a judged batch: new visits, new masks of those that stood."""
    store_new(judged, intake_id)
    store_changed(judged)


def store_new(
    judged: Judged, intake_id: int, fresh: Mapping[str, NDArray[Any]] = storing.NOWHERE, through: Any = None
) -> None:
    """Write a judged batch's new visits (some days into tables of their own, through a borrowed connection)."""
    storing.insert_visits(
        judged.batch, judged.findings, judged.counting, judged.distance, intake_id, fresh, through
    )


def store_changed(judged: Judged) -> None:
    """Write the new masks of visits that stood."""
    storing.update_findings(judged.changed.seen.ids, judged.changed.seen.day, judged.changed.findings)


def touched(judged: Judged) -> tuple[Ints, Ints]:
    """Place and day of everything that a judged batch added or re-marked."""
    seen, changed = judged.batch.seen, judged.changed.seen
    return np.concatenate([seen.place, changed.place]), np.concatenate([seen.day, changed.day])


def standing_days(first: int, last: int) -> Ints:
    """The days from ``first`` to ``last`` (both included) that hold visits already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT day - DATE '1970-01-01' FROM visits_visit WHERE day BETWEEN %s AND %s",
            [storing.day_of_number(first), storing.day_of_number(last)],
        )
        return np.array([row[0] for row in cursor.fetchall()], np.int64)
