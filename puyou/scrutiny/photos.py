"""What the photos of visits have in common with those of others: the very same, or almost."""

from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.core import copying
from puyou.evidence import queries as evidence

Ints = NDArray[np.int64]
SHOWN = """
CREATE TEMP TABLE scrutiny_shown ON COMMIT DROP AS
SELECT d.id, decode(p.photo ->> 'sha256', 'hex') AS sha256 FROM visits_detail d,
    jsonb_array_elements(d.photos) AS p(photo) WHERE d.day = '{day}' AND d.photos IS NOT NULL{only}
"""
# Other visits with one of the photos that happened before; not those of the same stop, nor what one corrects.
COPIES = """
WITH others AS MATERIALIZED (
    SELECT DISTINCT s.id, substr(m.subject, 7)::uuid AS other
    FROM scrutiny_shown s JOIN evidence_mention m USING (sha256)
    WHERE starts_with(m.subject, 'visit:') AND m.subject <> 'visit:' || s.id)
SELECT o.id, count(DISTINCT v.id)::int2 AS copies FROM others o
JOIN visits_visit own ON own.id = o.id AND own.day = '{day}' JOIN visits_visit v ON v.id = o.other
WHERE (v.happened_at, v.id) < (own.happened_at, own.id)
    AND (own.stop_id IS NULL OR v.stop_id IS DISTINCT FROM own.stop_id)
    AND NOT EXISTS (SELECT 1 FROM visits_detail d WHERE d.id IN (o.id, o.other) AND d.corrects IN (o.id, o.other))
GROUP BY o.id
"""
LIKES = """
SELECT s.id, max(l.likes) AS likes FROM scrutiny_shown s JOIN scrutiny_likeness l USING (sha256)
WHERE l.likes > 0 GROUP BY s.id
"""
NEW = """
SELECT DISTINCT encode(s.sha256, 'hex') FROM scrutiny_shown s JOIN evidence_file f USING (sha256)
WHERE f.examined_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scrutiny_likeness l WHERE l.sha256 = s.sha256)
"""
KEEP = "INSERT INTO scrutiny_likeness SELECT * FROM unnest(%s::bytea[], %s::int2[]) ON CONFLICT DO NOTHING"
FEW = 80_000  # visits up to which they are asked for by id
AT_ONCE = 500


@transaction.atomic
def matches(ids: NDArray[np.uint8], day: date) -> tuple[Ints, Ints]:
    """For visits with photos: how many earlier visits show one of them, and the most that one of them resembles."""
    if not len(ids):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.scrutiny_shown")
        cursor.execute(SHOWN.format(day=day, only=_only(ids)))
        cursor.execute("ANALYZE scrutiny_shown")
    look_up()
    copies = copying.copy_out(COPIES.format(day=day), {"id": "uuid", "copies": "int2"})
    likes = copying.copy_out(LIKES, {"id": "uuid", "likes": "int2"})
    return _aligned(ids, copies["id"], copies["copies"]), _aligned(ids, likes["id"], likes["likes"])


def look_up() -> int:
    """Find what the examined photos that are shown resemble, each once; returns how many were looked up."""
    with connection.cursor() as cursor:
        cursor.execute(NEW)
        hashes = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(hashes), AT_ONCE):
        some = hashes[start : start + AT_ONCE]
        found = [len(match.similar) for match in evidence.matches_of(some)]
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [[bytes.fromhex(each) for each in some], found])
    return len(hashes)


def _only(ids: NDArray[np.uint8]) -> str:
    if len(ids) > FEW:
        return ""
    listed = ",".join(str(UUID(bytes=row.tobytes())) for row in ids)
    return f" AND d.id = ANY('{{{listed}}}'::uuid[])"


def _aligned(ids: NDArray[np.uint8], found: NDArray[np.uint8], values: NDArray[Any]) -> Ints:
    """Values by visit, 0 where there is none."""
    known = dict(zip((row.tobytes() for row in found), values.tolist(), strict=True))
    return np.array([known.get(row.tobytes(), 0) for row in ids], np.int64)
