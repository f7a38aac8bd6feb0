"""Handing accepted envelopes to the room that understands them, each exactly once."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

TAKE = """
WITH due AS (
    SELECT envelope_id FROM ingest_pending WHERE kind = %s
    ORDER BY received_at, envelope_id LIMIT %s FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM ingest_pending p USING due WHERE p.envelope_id = due.envelope_id
    RETURNING p.envelope_id, p.received_at
)
SELECT e.id, e.received_at, e.happened_at, e.skew_seconds, e.device_id, e.courier_id, e.body
FROM gone JOIN ingest_envelope e ON e.id = gone.envelope_id AND e.received_at = gone.received_at
ORDER BY e.received_at, e.id
"""
_decoder = msgspec.json.Decoder()


class Taken(NamedTuple):
    """An accepted envelope: the door's own columns, and ``envelope``, the whole message as it was sent."""

    id: UUID
    received_at: datetime
    happened_at: datetime
    skew_seconds: float
    device_id: int
    courier_id: int
    envelope: dict[str, Any]


def take_pending(kind: str, limit: int) -> list[Taken]:
    """Take up to ``limit`` waiting envelopes of a kind off the queue, oldest first.

    Must run inside the caller's transaction: if that rolls back, they wait again. Rows that another worker is
    taking are passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [kind, limit])
        return [Taken._make((*row[:6], _decoder.decode(row[6]))) for row in cursor.fetchall()]
