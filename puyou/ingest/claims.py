"""Claiming identities for imports: a million ids at once, by columns."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.core import copying

NEW, SAME, CONFLICT = 0, 1, 2
_CLAIM = {"id": "uuid", "digest": "bytea(32)"}
Bytes = NDArray[np.uint8]


@transaction.atomic
def claim_identities(ids: Bytes, digests: Bytes, now: datetime) -> NDArray[np.int8]:
    """Reserve ids that come without envelopes; one that is held already is never claimed again.

    ``ids`` uint8[n, 16], ``digests`` uint8[n, 32]. Returns int8[n]: 0 new, 1 held with the same digest,
    2 held with another. Among repeats within the call the first row claims. Joins the caller's transaction.
    """
    ids, digests = np.ascontiguousarray(ids, np.uint8), np.ascontiguousarray(digests, np.uint8)
    if not len(ids):
        return np.zeros(0, np.int8)
    _, firsts, group = np.unique(_keys(ids), return_index=True, return_inverse=True)
    fresh = _insert(ids[firsts], digests[firsts], now)
    held = digests[firsts]
    if not fresh.all():
        held[~fresh] = _held(ids[firsts][~fresh])
    same = (held[group] == digests).all(axis=1)
    status = np.where(same, SAME, CONFLICT).astype(np.int8)
    status[firsts[fresh]] = NEW
    return status


def _keys(ids: Bytes) -> NDArray[Any]:
    """Ids as 16-byte strings, which numpy sorts as PostgreSQL sorts uuid."""
    return ids.view("S16").ravel()


def _insert(ids: Bytes, digests: Bytes, now: datetime) -> NDArray[np.bool_]:
    """Insert distinct sorted ids; returns which of them are new."""
    if _insert_untouched(ids, digests, now):
        return np.ones(len(ids), bool)
    _load(ids, digests)
    inserted = copying.copy_out(
        f"INSERT INTO ingest_identity SELECT id, digest, '{now.isoformat()}'::timestamptz FROM ingest_claim"
        " ON CONFLICT DO NOTHING RETURNING id",
        {"id": "uuid"},
    )["id"]
    fresh = np.zeros(len(ids), bool)
    fresh[np.searchsorted(_keys(ids), _keys(inserted))] = True
    return fresh


def _insert_untouched(ids: Bytes, digests: Bytes, now: datetime) -> bool:
    """Insert by plain COPY, 3 times as fast, when nobody holds an id in their range; tells whether."""
    first, last = (ids[i].tobytes().hex() for i in (0, -1))
    received = np.full(len(ids), now.astimezone(UTC).replace(tzinfo=None), "datetime64[us]")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM ingest_identity WHERE id BETWEEN %s AND %s)", [first, last]
        )
        row = cursor.fetchone()
    if row is None or row[0]:
        return False
    try:
        with transaction.atomic():
            columns = {"id": ids, "digest": digests, "received_at": received}
            copying.copy_in("ingest_identity", columns, _CLAIM | {"received_at": "timestamptz"})
    except psycopg.errors.UniqueViolation:  # somebody claimed one of them in this moment
        return False
    return True


def _held(ids: Bytes) -> Bytes:
    """The digests that the identity table holds for ids known to be there, in their order."""
    _load(ids, np.zeros((len(ids), 32), np.uint8))
    rows = copying.copy_out(
        "SELECT i.id, i.digest FROM ingest_claim c JOIN ingest_identity i ON i.id = c.id ORDER BY i.id",
        _CLAIM,
    )
    return rows["digest"]


def _load(ids: Bytes, digests: Bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS ingest_claim (id uuid, digest bytea) ON COMMIT DROP")
        cursor.execute("TRUNCATE ingest_claim")
        copying.copy_in("ingest_claim", {"id": ids, "digest": digests}, _CLAIM)
        cursor.execute("ANALYZE ingest_claim")
