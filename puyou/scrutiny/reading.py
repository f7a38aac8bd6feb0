"""Reading visits of a county's day, and what their couriers and phones did before, as columns of evidence."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core import copying
from puyou.places import queries as places
from puyou.scrutiny import besides
from puyou.scrutiny.arrays import Evidence, Ints, Trail
from puyou.scrutiny.rules import SOURCES, Limits
from puyou.visits.batches import stop_numbers
from puyou.visits.rules import MASK

EPOCH = date(1970, 1, 1)
NONE = "00000000-0000-0000-0000-000000000000"
SOURCE = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(SOURCES))
COLUMNS = f"""
v.id, v.place_id, v.day, v.happened_at, coalesce(v.courier_id, 0) AS courier_id,
    coalesce(v.device_id, 0) AS device_id, coalesce(v.lon, 'NaN') AS lon, coalesce(v.lat, 'NaN') AS lat,
    coalesce(v.accuracy_m, 'NaN') AS accuracy_m, coalesce(v.distance_m, 'NaN') AS distance_m,
    coalesce(v.point_id, 0) AS point_id, coalesce(v.stop_id, '{NONE}') AS stop_id, v.skew_seconds, v.findings,
    (CASE v.source {SOURCE} ELSE 0 END)::int2 AS source
"""
TYPES = {
    "id": "uuid", "place_id": "int4", "day": "date", "happened_at": "timestamptz", "courier_id": "int4",
    "device_id": "int4", "lon": "float8", "lat": "float8", "accuracy_m": "float8", "distance_m": "float8",
    "point_id": "int4", "stop_id": "uuid", "skew_seconds": "float8", "findings": "int4", "source": "int2",
}  # fmt: skip
OF_DAY = f"SELECT {COLUMNS} FROM visits_visit v WHERE v.day = '{{day}}'{{places}}"
BEFORE = f"""
SELECT {COLUMNS} FROM visits_visit v WHERE v.day BETWEEN '{{first}}' AND '{{day}}'
    AND (v.courier_id = ANY('{{couriers}}'::int[]) OR v.device_id = ANY('{{devices}}'::int[]))
"""
ALL_BEFORE = f"SELECT {COLUMNS} FROM visits_visit v WHERE v.day BETWEEN '{{first}}' AND '{{day}}'"
FIRM = """
SELECT DISTINCT place_id FROM registry_villagepoint WHERE standing <> 'reference' AND valid_from <= %s
    AND (valid_to IS NULL OR valid_to > %s)
"""
MANY = 20_000  # couriers beyond which all visits of the days are read at once
Rows = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Places:
    """The villages of some counties; None for all."""

    counties: Ints

    def villages(self) -> NDArray[Any]:
        """Their place ids in the tree of today."""
        tree = places.current_tree()
        return tree.village_ids[np.isin(tree.anchor[3], self.counties)]


def counties_of(place_ids: NDArray[Any]) -> Ints:
    """The county (or what stands for it) of each village, 0 for places that are none today."""
    tree = places.current_tree()
    at = tree.position(place_ids)
    if not len(tree):
        return np.zeros(len(at), np.int64)
    return np.where(at >= 0, tree.anchor[3][np.maximum(at, 0)], 0).astype(np.int64)


def read_day(day: date, counties: Ints, limits: Limits) -> Evidence | None:
    """All visits of some counties on a day (wanted), with their couriers' and phones' others; None without any."""
    told = _of_day(day, counties)
    if not len(told["id"]):
        return None
    first = day - timedelta(days=int(limits.history_days))
    around = _around(told, first, day)
    today = around["day"] == np.datetime64(day)
    known = np.ascontiguousarray(told["id"]).view("S16").ravel()
    others = np.flatnonzero(today)
    others = others[~np.isin(np.ascontiguousarray(around["id"][others]).view("S16").ravel(), known)]
    rows = {name: np.concatenate([told[name], around[name][others]]) for name in TYPES}
    past = {name: around[name][~today] for name in TYPES}
    wanted = np.arange(len(rows["id"])) < len(told["id"])
    return _evidence(rows, wanted, day, Trail(**_trail(past)))


def _of_day(day: date, counties: Ints) -> Rows:
    """Visits of the day; where most counties are asked the whole day is read and sifted."""
    villages = Places(counties).villages()
    whole = 0 in counties or len(villages) > len(places.current_tree()) // 3
    only = "" if whole else f" AND v.place_id = ANY('{_listed(villages)}'::int[])"
    rows = copying.copy_out(OF_DAY.format(day=day, places=only), TYPES)
    inside = np.isin(counties_of(rows["place_id"]), counties)
    return rows if inside.all() else {name: column[inside] for name, column in rows.items()}


def _around(told: Rows, first: date, day: date) -> Rows:
    couriers, devices = np.unique(told["courier_id"]), np.unique(told["device_id"])
    if len(couriers) > MANY:
        return copying.copy_out(ALL_BEFORE.format(first=first, day=day), TYPES)
    sql = BEFORE.format(
        first=first,
        day=day,
        couriers=_listed(couriers[couriers != 0]),
        devices=_listed(devices[devices != 0]),
    )
    return copying.copy_out(sql, TYPES)


def _listed(ids: NDArray[Any]) -> str:
    return "{" + ",".join(map(str, ids.tolist())) + "}"


def _evidence(rows: Rows, wanted: NDArray[np.bool_], day: date, past: Trail) -> Evidence:
    """Columns of evidence from the day's rows."""
    findings = rows["findings"]
    firm = np.isin(rows["place_id"], _firm_places(day))
    return Evidence(
        **_trail(rows), past=past, wanted=wanted, place=rows["place_id"].astype(np.int64),
        county=counties_of(rows["place_id"]), happened=rows["happened_at"].astype(np.int64),
        distance=np.where(firm, rows["distance_m"], np.nan), source=rows["source"].astype(np.int64),
        clock_wrong=_has(findings, "clock_skew", "clock_1970"), shared_device=_has(findings, "shared_device"),
        foreign_device=_has(findings, "device_of_another", "unknown_device"), **besides.read(rows, day),
    )  # fmt: skip


def _trail(rows: Rows) -> Rows:
    """The columns of a trail."""
    place, point = rows["place_id"].astype(np.int64), rows["point_id"].astype(np.int64)
    skew = np.round(rows["skew_seconds"] * 1e6).astype(np.int64)
    return {
        "ids": rows["id"], "day": rows["day"].astype(np.int64),
        "moment": rows["happened_at"].astype(np.int64) - skew, "courier": rows["courier_id"].astype(np.int64),
        "device": rows["device_id"].astype(np.int64), "lon": rows["lon"], "lat": rows["lat"],
        "accuracy": rows["accuracy_m"], "label": np.where(point != 0, -point, place),
        "stop": stop_numbers(rows["stop_id"]),
    }  # fmt: skip


def _has(findings: NDArray[Any], *codes: str) -> NDArray[np.bool_]:
    return np.asarray((findings & sum(MASK[code] for code in codes)) != 0)


def _firm_places(day: date) -> NDArray[Any]:
    """Villages whose point is confirmed or learnt: from a mere reference no distance is taken."""
    with connection.cursor() as cursor:
        cursor.execute(FIRM, [day, day])
        return np.array([row[0] for row in cursor.fetchall()], np.int64)
