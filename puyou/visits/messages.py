"""Reading accepted envelopes as visits: columns for those that can be understood, problems for the rest."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import nan
from typing import Any
from uuid import UUID

import numpy as np

from puyou.core.problems import Problem
from puyou.ingest.actions import Taken
from puyou.registry.models import DeliveryPoint
from puyou.visits import batches, problems, validators
from puyou.visits.batches import SOURCES, Batch
from puyou.visits.screening import Columns

NO_STOP = bytes(16)
Row = tuple[Any, ...]
Refusals = list[tuple[str, Problem]]


def read_messages(taken: Sequence[Taken]) -> tuple[Batch, Refusals]:
    """The visits of accepted envelopes as one batch, and (id, why) of those that cannot be taken in."""
    points = _points(taken)
    rows: list[Row] = []
    refusals: Refusals = []
    payloads = [each.envelope.get("payload") for each in taken]
    said = validators.check_visits([each if isinstance(each, dict) else {} for each in payloads])
    well = [envelope for envelope, problem in zip(taken, said, strict=True) if problem is None]
    for envelope, problem in zip(taken, said, strict=True):
        if problem is not None:
            refusals.append((str(envelope.id), problem))
    villages = validators.find_villages([envelope.envelope["payload"]["village"] for envelope in well])
    for envelope, village in zip(well, villages, strict=True):
        if (envelope.envelope["payload"].get("corrects") or "").lower() == str(envelope.id):
            refusals.append((str(envelope.id), problems.CORRECTS_ITSELF(field="corrects")))
            continue
        try:
            rows.append(_read(envelope, village, points))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            refusals.append((str(envelope.id), problems.NOT_UNDERSTOOD(reason=type(error).__name__)))
    return _batch(rows), refusals


def _points(taken: Sequence[Taken]) -> dict[str, int]:
    payloads = [each.envelope.get("payload") for each in taken]
    codes = {payload["point"] for payload in payloads if isinstance(payload, dict) and payload.get("point")}
    found = DeliveryPoint.objects.filter(code__in=[code for code in codes if isinstance(code, str)])
    return dict(found.values_list("code", "id"))


def _read(taken: Taken, village: int, points: dict[str, int]) -> Row:
    payload = taken.envelope["payload"]
    position = payload.get("position") or {}
    accuracy = position.get("accuracy_m")
    happened = batches.microseconds(_aware(taken.happened_at))
    return (
        taken.id.bytes,
        village,
        happened,
        batches.microseconds(_aware(taken.received_at)),
        taken.courier_id or 0,
        taken.device_id or 0,
        float(position["lon"]) if position else nan,
        float(position["lat"]) if position else nan,
        nan if accuracy is None else float(accuracy),
        points.get(payload.get("point") or "", 0),
        UUID(payload["stop"]).bytes if payload.get("stop") else NO_STOP,
        float(taken.skew_seconds or 0.0),
        SOURCES.index(taken.envelope.get("source", "app")),
        bool(payload.get("nothing_today", False)),
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _batch(rows: list[Row]) -> Batch:
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 14
    ids = np.frombuffer(b"".join(columns[0]), np.uint8).reshape(-1, 16)
    stops = np.frombuffer(b"".join(columns[10]), np.uint8).reshape(-1, 16)
    place, happened, received, courier, device = (np.array(each, np.int64) for each in columns[1:6])
    lon, lat, accuracy = (np.array(each, np.float64) for each in columns[6:9])
    seen = Columns(
        ids=ids, place=place, day=batches.shanghai_days(happened), happened=happened, courier=courier, device=device,
        lon=lon, lat=lat, accuracy=accuracy, label=place, stop=batches.stop_numbers(stops),
        skew=np.array(columns[11], np.float64),
    )  # fmt: skip
    return Batch(
        seen, received, np.array(columns[9], np.int64), np.zeros(len(rows), np.int64), stops,
        np.array(columns[12], np.int64), np.array(columns[13], bool),
    )  # fmt: skip
