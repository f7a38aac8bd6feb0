"""Keeping what visits say beyond place and time: one row beside each visit that says any of it."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from puyou.core import partitions
from puyou.ingest.actions import Taken
from puyou.ingest.envelopes import moment_or_none
from puyou.registry import queries as registry
from puyou.registry.queries import TagSaid
from puyou.visits import particulars, storing
from puyou.visits.batches import Batch

TABLE = "visits_detail"
COLUMNS = {
    "id": "uuid", "day": "date", "handed": "jsonb", "receiver": "text", "mode": "text", "note": "text", "tag": "text",
    "tag_state": "smallint", "photos": "jsonb", "voice": "text", "corrects": "uuid", "unplanned": "boolean",
    "fix_age_s": "double precision", "counter": "bigint", "clock_session": "text", "monotonic_ms": "bigint",
    "wall_jump_ms": "bigint", "shell": "text", "mock": "boolean", "rooted": "boolean", "position_permission": "text",
    "camera_permission": "text", "approach": "jsonb",
}  # fmt: skip
INSERT = f"""
INSERT INTO {TABLE} ({", ".join(COLUMNS)})
SELECT {", ".join(COLUMNS)} FROM jsonb_to_recordset(%s::jsonb)
    AS t({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
"""
SAME = ("receiver", "mode", "note", "tag", "voice", "corrects", "unplanned")
ASKED = ("handed", *particulars.CHECKS)


def keep_details(taken: Sequence[Taken], batch: Batch) -> int:
    """Write the details of a batch's visits, those that say any; for the transaction that stores the visits."""
    said = {each.id.bytes: each for each in taken}
    told: list[tuple[dict[str, Any], int]] = []
    for key, day, place in zip(
        batch.seen.ids, batch.seen.day.tolist(), batch.seen.place.tolist(), strict=True
    ):
        envelope = said[key.tobytes()]
        if says_more(envelope.envelope["payload"]):
            told.append((read_detail(envelope, storing.day_of_number(day)), place))
    return write_details(told)


def says_more(payload: dict[str, Any]) -> bool:
    """Whether a payload says anything that the visit's own row has no room for."""
    position = payload.get("position") or {}
    return bool(position.get("fixed_at")) or any(payload.get(name) is not None for name in ASKED)


def write_details(told: Sequence[tuple[dict[str, Any], int]]) -> int:
    """Insert details, each with its visit's village: what their tags say is judged now."""
    if not told:
        return 0
    readings = [TagSaid(row["tag"] or "", place, row["day"]) for row, place in told]
    for (row, _), state in zip(told, registry.tag_states(readings), strict=True):
        row["tag_state"] = state
    rows = [row for row, _ in told]
    partitions.ensure_months(TABLE, {row["day"] for row in rows})
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [json.dumps(rows, default=str)])
    return len(rows)


def read_detail(taken: Taken, day: date) -> dict[str, Any]:
    """One envelope's row; its tag is not judged yet."""
    payload = taken.envelope["payload"]
    clock, integrity = payload.get("clock") or {}, payload.get("integrity") or {}
    permission, position = payload.get("permission") or {}, payload.get("position") or {}
    return empty_detail(taken.id, day) | {name: payload.get(name) for name in SAME} | {
        "handed": {name.replace("\0", ""): count for name, count in (payload.get("handed") or {}).items()} or None,
        "photos": payload.get("photos") or None,
        "approach": payload.get("approach") or None,
        "fix_age_s": fix_age(taken.happened_at, position.get("fixed_at")),
        "counter": taken.envelope.get("counter"),
        "clock_session": clock.get("session"),
        "monotonic_ms": clock.get("monotonic_ms"),
        "wall_jump_ms": clock.get("wall_jump_ms"),
        "shell": integrity.get("shell"),
        "mock": integrity.get("mock"),
        "rooted": integrity.get("rooted"),
        "position_permission": permission.get("position"),
        "camera_permission": permission.get("camera"),
    }  # fmt: skip


def empty_detail(identifier: UUID, day: date) -> dict[str, Any]:
    """A row that says nothing yet."""
    return dict.fromkeys(COLUMNS) | {"id": identifier, "day": day, "tag_state": 0}


def fix_age(happened: datetime, fixed_at: Any) -> float | None:
    """Seconds from a position to the visit by the phone's own clock; None when the position's time is none."""
    moment = moment_or_none(fixed_at) if isinstance(fixed_at, str) else None
    return (happened - moment).total_seconds() if moment else None
