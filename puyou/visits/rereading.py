"""Reading visits that stand in the table as a batch, as if they had just arrived."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core import copying
from puyou.registry.models import DeliveryPoint
from puyou.visits import batches
from puyou.visits.batches import SOURCES, Batch
from puyou.visits.screening import Columns

NONE = "00000000-0000-0000-0000-000000000000"
STORED = f"""
SELECT v.id, v.place_id, v.day, v.happened_at, v.received_at, coalesce(v.courier_id, 0) AS courier_id,
    coalesce(v.device_id, 0) AS device_id, coalesce(v.lon, 'NaN') AS lon, coalesce(v.lat, 'NaN') AS lat,
    coalesce(v.accuracy_m, 'NaN') AS accuracy_m, coalesce(v.distance_m, 'NaN') AS distance_m,
    coalesce(v.point_id, 0) AS point_id, coalesce(v.round_id, 0) AS round_id, coalesce(v.stop_id, '{NONE}') AS stop_id,
    v.skew_seconds, v.findings, v.nothing_today, coalesce(i.kind, '') = 'envelopes' AS said,
    EXISTS (SELECT 1 FROM visits_withdrawal w WHERE w.visit_id = v.id AND w.holds) AS withdrawn,
    v.source = 'paper' AS paper
FROM visits_visit v LEFT JOIN visits_intake i ON i.id = v.intake_id
WHERE v.day = ANY('{{days}}'::date[]) AND ({{whose}})
"""
TYPES = {
    "id": "uuid", "place_id": "int4", "day": "date", "happened_at": "timestamptz", "received_at": "timestamptz",
    "courier_id": "int4", "device_id": "int4", "lon": "float8", "lat": "float8", "accuracy_m": "float8",
    "distance_m": "float8", "point_id": "int4", "round_id": "int4", "stop_id": "uuid", "skew_seconds": "float8",
    "findings": "int4", "nothing_today": "bool", "said": "bool", "withdrawn": "bool", "paper": "bool",
}  # fmt: skip
NAMING = """
SELECT e.id, e.body FROM unnest(%s::uuid[], %s::timestamptz[]) AS v(id, received_at)
JOIN ingest_envelope e ON e.id = v.id AND e.received_at = v.received_at WHERE position('"point":'::bytea in e.body) > 0
"""
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stored:
    """Visits of the table as a batch, and what was found about them before."""

    batch: Batch
    findings: Ints
    distance: NDArray[np.float64]
    point: Ints

    def __len__(self) -> int:
        return len(self.batch)


def read_stored(days: Sequence[date], whose: str) -> Stored | None:
    """The visits of some days that meet ``whose`` (SQL on ``v``); None when there are none.

    A visit says again what its message said: only a delivery point that the courier named is taken for named, and
    only a message has a time of receipt that tells anything.
    """
    listed = "{" + ",".join(day.isoformat() for day in days) + "}"
    found = copying.copy_out(STORED.format(days=listed, whose=whose), TYPES)
    if not len(found["id"]):
        return None
    place = found["place_id"].astype(np.int64)
    happened, received = (found[name].astype(np.int64) for name in ("happened_at", "received_at"))
    seen = Columns(
        ids=found["id"], place=place, day=found["day"].astype(np.int64), happened=happened,
        courier=found["courier_id"].astype(np.int64), device=found["device_id"].astype(np.int64), lon=found["lon"],
        lat=found["lat"], accuracy=found["accuracy_m"], label=place, stop=batches.stop_numbers(found["stop_id"]),
        skew=found["skew_seconds"],
    )  # fmt: skip
    said = found["said"].astype(bool)
    named = _named_points(found["id"], received, np.flatnonzero(said))
    batch = Batch(
        seen, np.where(said, received, happened), named, found["round_id"].astype(np.int64),
        found["stop_id"], np.where(found["paper"], SOURCES.index("paper"), 0), found["nothing_today"].astype(bool),
        withdrawn=found["withdrawn"].astype(bool),
    )  # fmt: skip
    return Stored(
        batch, found["findings"].astype(np.int64), found["distance_m"], found["point_id"].astype(np.int64)
    )


def _named_points(ids: NDArray[np.uint8], received: Ints, said: NDArray[Any]) -> Ints:
    """The delivery point that each message named, 0 when none or not in the registry."""
    named = np.zeros(len(ids), np.int64)
    keys = {UUID(bytes=ids[row].tobytes()): int(row) for row in said}
    moments = [datetime.fromtimestamp(0, UTC) + _span(received[row]) for row in keys.values()]
    with connection.cursor() as cursor:
        cursor.execute(NAMING, [list(keys), moments])
        codes = {keys[identifier]: _code(body) for identifier, body in cursor.fetchall()}
    known = dict(DeliveryPoint.objects.filter(code__in=set(codes.values())).values_list("code", "id"))
    for row, code in codes.items():
        named[row] = known.get(code, 0)
    return named


def _span(microseconds: Any) -> Any:
    return np.timedelta64(int(microseconds), "us").astype(object)


def _code(body: Any) -> str:
    payload = json.loads(bytes(body)).get("payload")
    code = payload.get("point") if isinstance(payload, dict) else None
    return code if isinstance(code, str) else ""
