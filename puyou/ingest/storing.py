"""Putting read envelopes into the tables, each id once, in one statement per batch."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from puyou.core import partitions, prepared
from puyou.core.periods import day_of
from puyou.ingest.envelopes import Reading

# Durable whatever the server's default; and rather refuse (503) than hold a phone's line for minutes.
GUARD = (
    "SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '5s', true),"
    " set_config('statement_timeout', '20s', true)"
)
# Sorted by id, so that two overlapping batches wait for each other in the same order and cannot deadlock.
STORE = """
WITH incoming AS MATERIALIZED (
    SELECT * FROM unnest(%b::uuid[], %b::bytea[], %b::timestamptz[], %b::text[], %b::bytea[], %b::bool[],
            %b::timestamptz[], %b::float8[], %b::int4[], %b::int4[])
        AS t(id, digest, happened_at, kind, body, has_proof, received_at, skew_seconds, device_id, courier_id)
), fresh AS (
    INSERT INTO ingest_identity (id, digest, received_at)
    SELECT id, digest, received_at FROM incoming ORDER BY id ON CONFLICT DO NOTHING RETURNING id
), kept AS (
    INSERT INTO ingest_envelope
        (id, received_at, happened_at, skew_seconds, device_id, courier_id, kind, body)
    SELECT id, received_at, happened_at, skew_seconds, device_id, courier_id, kind, body
    FROM incoming JOIN fresh USING (id)
), queued AS (
    INSERT INTO ingest_pending (envelope_id, kind, received_at)
    SELECT id, kind, received_at FROM incoming JOIN fresh USING (id)
), proved AS (
    INSERT INTO ingest_pendingproof (envelope_id, received_at)
    SELECT id, received_at FROM incoming JOIN fresh USING (id) WHERE has_proof
)
SELECT id::text FROM fresh
"""
KNOWN = "SELECT id::text, digest, received_at FROM ingest_identity WHERE id = ANY(%s::uuid[])"
CONTACT = """
INSERT INTO ingest_contact (device_id, at, skew_seconds, app)
SELECT * FROM unnest(%s::int4[], %s::timestamptz[], %s::float8[], %s::int4[]) ORDER BY 1
ON CONFLICT (device_id) DO UPDATE SET at = excluded.at, skew_seconds = excluded.skew_seconds,
    app = coalesce(excluded.app, ingest_contact.app)
"""


class Sent(NamedTuple):
    """One envelope on its way into the tables: what was read, whose it is, and when it came."""

    reading: Reading
    received_at: datetime
    skew: float
    device: int
    courier: int


class Heard(NamedTuple):
    """A phone was heard: when, its clock's skew in seconds, its app's version where it told one."""

    device: int
    at: datetime
    skew: float
    app: int | None


class Known(NamedTuple):
    """What the identity table holds for an id."""

    digest: bytes
    received_at: datetime
    fresh: bool


def ensure_partitions(now: datetime) -> None:
    """Make the month's partitions ahead of the transaction, where they are remembered."""
    days = {now.astimezone(UTC).date(), day_of(now)}
    partitions.ensure_months("ingest_envelope", days)
    partitions.ensure_months("ingest_proof", days)
    partitions.ensure_months("core_event", days)


def guard() -> None:
    """Set what every accepting transaction needs: durability and short patience."""
    prepared.run(GUARD)


def store(sent: Sequence[Sent]) -> dict[str, Known]:
    """Insert those whose id is new; returns what the identity table holds for each. Ids must be distinct."""
    columns: list[Any] = [
        [each.reading.id for each in sent],
        [each.reading.digest for each in sent],
        [each.reading.happened_at for each in sent],
        [each.reading.kind for each in sent],
        [each.reading.canonical for each in sent],
        [each.reading.has_proof for each in sent],
        *(list(column) for column in zip(*(each[1:] for each in sent), strict=True)),
    ]
    fresh = {row[0] for row in prepared.run(STORE, columns)}
    known = {
        each.reading.id: Known(each.reading.digest, each.received_at, True)
        for each in sent
        if each.reading.id in fresh
    }
    return known | look_up({each.reading.id for each in sent} - fresh)


def look_up(ids: set[str]) -> dict[str, Known]:
    """What the identity table holds for those of the ids that it holds at all."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [sorted(ids)])
        return {row[0]: Known(bytes(row[1]), row[2], False) for row in cursor.fetchall()}


def note_contacts(heard: Sequence[Heard]) -> None:
    """Remember of each device when it was last heard, and how."""
    last = {each.device: each for each in heard}
    with connection.cursor() as cursor:
        cursor.execute(CONTACT, [list(column) for column in zip(*last.values(), strict=True)])
