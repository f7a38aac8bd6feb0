"""Chaining committed events: each seal's digest covers its event and the seal before it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

BATCH = 5_000
LOCK = 7_011_001  # one sealer at a time


def digest(previous: bytes, row: tuple[int, datetime, str, str, str, Any]) -> bytes:
    """SHA-256 over the seal before and the event's canonical JSON."""
    identifier, at, kind, subject, actor, data = row
    text = json.dumps(
        [identifier, at.isoformat(), kind, subject, actor, data], ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256(previous + text.encode()).digest()


@transaction.atomic
def seal_pending() -> int:
    """Seal committed events that have no seal yet, in id order; returns how many. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not (cursor.fetchone() or [False])[0]:
            return 0
        cursor.execute("SELECT sequence, digest FROM core_seal ORDER BY sequence DESC LIMIT 1")
        sequence, previous = cursor.fetchone() or (0, b"")
        cursor.execute(
            "WITH taken AS (DELETE FROM core_unsealed WHERE event_id IN"
            " (SELECT event_id FROM core_unsealed ORDER BY event_id LIMIT %s) RETURNING event_id, at)"
            " SELECT e.id, e.at, e.kind, e.subject, e.actor, e.data::text FROM core_event e"
            " JOIN taken t ON t.event_id = e.id AND t.at = e.at ORDER BY e.id",
            [BATCH],
        )
        rows = cursor.fetchall()
        seals = []
        for row in rows:
            sequence, previous = sequence + 1, digest(bytes(previous), row)
            seals.append((sequence, row[0], row[1], previous))
        cursor.executemany(
            "INSERT INTO core_seal (sequence, event_id, event_at, digest) VALUES (%s, %s, %s, %s)", seals
        )
    return len(rows)
