"""Checking proofs after acceptance, set by set: signatures, nonces, and the chains that new ones change."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection, transaction

from puyou.core import events as log
from puyou.ingest import canonical, chains, events, keys, nonces, proofs
from puyou.ingest.chains import Link
from puyou.ingest.keys import PublicKey
from puyou.ingest.models import DeviceKey
from puyou.ingest.proofs import Proof

# Two checkers at once would not see each other's links.
ALONE = "SELECT pg_advisory_xact_lock(hashtext('ingest_check_proofs'))"
TAKE = """
WITH due AS (
    SELECT envelope_id FROM ingest_pendingproof ORDER BY received_at, envelope_id LIMIT %s FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM ingest_pendingproof p USING due WHERE p.envelope_id = due.envelope_id
    RETURNING p.envelope_id, p.received_at
)
SELECT e.id, e.received_at, e.happened_at, e.skew_seconds, e.device_id, e.kind, e.body
FROM gone JOIN ingest_envelope e ON e.id = gone.envelope_id AND e.received_at = gone.received_at
ORDER BY e.received_at, e.id
"""
# Everything that a new proof can concern: its predecessor, its followers, and whoever claims the same.
NEIGHBOURS = """
WITH fresh AS MATERIALIZED (
    SELECT * FROM unnest(%b::int4[], %b::text[], %b::int8[], %b::bytea[], %b::bytea[])
        AS t(device_id, key_id, counter, digest, prev)
)
SELECT p.envelope_id, p.received_at, p.chain, p.device_id, p.key_id, p.counter, p.digest, p.prev, p.signature = 1
FROM ingest_proof p JOIN (
    SELECT q.envelope_id, q.received_at FROM fresh JOIN ingest_proof q USING (device_id, counter)
    UNION SELECT q.envelope_id, q.received_at FROM fresh f
        JOIN ingest_proof q ON q.device_id = f.device_id AND q.digest = f.prev
    UNION SELECT q.envelope_id, q.received_at FROM fresh f
        JOIN ingest_proof q ON q.device_id = f.device_id AND q.prev = f.digest
    UNION SELECT q.envelope_id, q.received_at FROM fresh f
        JOIN ingest_proof q ON q.device_id = f.device_id AND q.prev = f.prev
    UNION SELECT q.envelope_id, q.received_at FROM fresh f
        JOIN ingest_proof q ON q.device_id = f.device_id AND q.prev IS NULL AND f.prev IS NULL
) near USING (envelope_id, received_at)
"""
KEEP = """
INSERT INTO ingest_proof (envelope_id, received_at, device_id, key_id, counter, digest, prev, signature, chain,
    nonce_seconds, nonce_age, kind)
SELECT * FROM unnest(%b::uuid[], %b::timestamptz[], %b::int4[], %b::text[], %b::int8[], %b::bytea[], %b::bytea[],
    %b::int2[], %b::int2[], %b::int8[], %b::float8[], %b::text[])
"""
MEND = """
UPDATE ingest_proof p SET chain = t.chain
FROM unnest(%b::uuid[], %b::timestamptz[], %b::int2[]) AS t(envelope_id, received_at, chain)
WHERE p.envelope_id = t.envelope_id AND p.received_at = t.received_at
"""


class Waiting(NamedTuple):
    """An accepted envelope with a proof."""

    id: UUID
    received_at: datetime
    happened_at: datetime
    skew_seconds: float
    device_id: int
    kind: str
    body: bytes


class Checked(NamedTuple):
    """What the check found of one envelope, but for its chain."""

    waiting: Waiting
    proof: Proof
    signature: int
    nonce_seconds: int | None
    nonce_age: float | None
    link: Link


class Neighbour(NamedTuple):
    """A proof checked before, which the new ones may concern."""

    id: UUID
    received_at: datetime
    chain: int
    link: Link


@transaction.atomic
def check_proofs(*, limit: int, by: str, now: datetime) -> int:
    """Check up to ``limit`` waiting proofs, oldest first; returns how many. Says proofs.checked when there were any.

    The event counts signatures and chain states, tells between which moments the envelopes were received, and names
    older envelopes whose chain state changed (``mended``).
    """
    checked = _check(_take(limit))
    if not checked:
        return 0
    near = _neighbours([each.link for each in checked])
    found = chains.states([each.link for each in checked] + [each.link for each in near])
    states = found[: len(checked)]
    mended = _mended(near, found[len(checked) :])
    _keep(checked, states)
    if mended:
        _run(MEND, [list(column) for column in zip(*mended, strict=True)])
    data = {
        "count": len(checked),
        "signatures": _counts(proofs.NAMES, [each.signature for each in checked]),
        "chains": _counts(chains.NAMES, states),
        "first_received": checked[0].waiting.received_at.isoformat(),
        "last_received": checked[-1].waiting.received_at.isoformat(),
        "mended": [str(each[0]) for each in mended],
    }
    log.append(events.PROOFS_CHECKED, subject="ingest", actor=by, now=now, data=data)
    return len(checked)


def _take(limit: int) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        cursor.execute(TAKE, [limit])
        return [Waiting._make((*row[:6], bytes(row[6]))) for row in cursor.fetchall()]


def _check(waiting: Sequence[Waiting]) -> list[Checked]:
    read = [(each, proof) for each in waiting if (proof := proofs.read(each.body)) is not None]
    known = _keys({each.device_id for each, _ in read}, {proof.key_id for _, proof in read})
    return [_checked(each, proof, known) for each, proof in read]


class _Held(NamedTuple):
    key: PublicKey
    ended_at: datetime | None


def _keys(devices: set[int], names: set[str]) -> dict[tuple[int, str], _Held]:
    """The keys of these devices; of one enrolled twice, the longer-lived row."""
    rows = DeviceKey.objects.filter(
        device_id__in=devices, key_id__in=names, algorithm=keys.ALGORITHM
    ).order_by("id")
    return {(row.device_id, row.key_id): _Held(keys.read(row.public_key), row.ended_at) for row in rows}


def _checked(waiting: Waiting, proof: Proof, known: dict[tuple[int, str], _Held]) -> Checked:
    happened = waiting.happened_at.timestamp() - waiting.skew_seconds
    held = known.get((waiting.device_id, proof.key_id))
    if held is not None and held.ended_at is not None and held.ended_at.timestamp() <= happened:
        held = None
    signature = proofs.judge(waiting.body, proof, held and held.key)
    seconds = nonces.made_at(proof.said.nonce, proof.device)
    link = Link(
        waiting.device_id,
        proof.key_id,
        proof.counter,
        canonical.digest(waiting.body),
        proof.prev,
        signature == proofs.VALID,
    )
    return Checked(waiting, proof, signature, seconds, None if seconds is None else happened - seconds, link)


def _neighbours(links: Sequence[Link]) -> list[Neighbour]:
    columns = [list(column) for column in zip(*(link[:5] for link in links), strict=True)]
    rows = _run(NEIGHBOURS, columns)
    return [Neighbour(row[0], row[1], row[2], _link(row[3:])) for row in rows]


def _link(row: Sequence[Any]) -> Link:
    device, key_id, counter, digest, prev, valid = row
    return Link(device, key_id, counter, bytes(digest), None if prev is None else bytes(prev), valid)


def _mended(near: Sequence[Neighbour], seen: Sequence[int]) -> list[tuple[UUID, datetime, int]]:
    """Of the neighbours, those that the new proofs put into another state. They see only part of their own set."""
    new = [(each, chains.later(each.chain, state)) for each, state in zip(near, seen, strict=True)]
    return [(each.id, each.received_at, state) for each, state in new if state != each.chain]


def _keep(checked: Sequence[Checked], states: Sequence[int]) -> None:
    rows = [
        (
            each.waiting.id,
            each.waiting.received_at,
            *each.link[:5],
            each.signature,
            state,
            each.nonce_seconds,
            each.nonce_age,
            each.waiting.kind,
        )
        for each, state in zip(checked, states, strict=True)
    ]
    _run(KEEP, [list(column) for column in zip(*rows, strict=True)])


def _run(statement: str, columns: Sequence[Sequence[Any]]) -> list[Any]:
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, columns, binary=True)
        return cursor.fetchall() if cursor.description else []


def _counts(names: Sequence[str], states: Sequence[int]) -> dict[str, int]:
    return {names[state]: count for state, count in sorted(Counter(states).items())}
