"""Reading the facts of files that have come: a standing row each, until it was examined."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from puyou.core import events as log
from puyou.evidence import events, rules, storage
from puyou.evidence.fingerprints import Facts, examine

BATCH = 32
LOCK = 7_064_002  # one examiner at a time, so that files are examined in the order of their moments
WAITING = """
SELECT encode(sha256, 'hex'), type FROM evidence_file WHERE examined_at IS NULL
ORDER BY complete_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
NOTE = """
UPDATE evidence_file f SET examined_at = %s, width = t.width, height = t.height, perceptual = t.perceptual,
    has_exif = t.has_exif, has_gps = t.has_gps, problem = t.problem
FROM unnest(%s::bytea[], %s::int[], %s::int[], %s::bigint[], %s::boolean[], %s::boolean[], %s::text[])
    AS t(sha256, width, height, perceptual, has_exif, has_gps, problem) WHERE f.sha256 = t.sha256
"""


class _Waiting(NamedTuple):
    sha256: str
    type: str


@transaction.atomic
def examine_waiting(*, now: datetime) -> int:
    """Examine some files that came since, oldest first; returns how many. Safe to repeat; only one runs at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not (cursor.fetchone() or [False])[0]:
            return 0
        cursor.execute(WAITING, [BATCH])
        waiting = [_Waiting(*row) for row in cursor.fetchall()]
    if not waiting:
        return 0
    _note(waiting, [_facts_of(each) for each in waiting], now)
    hashes = [each.sha256 for each in waiting]
    log.append(
        events.FILES_EXAMINED, subject="files", actor="system:evidence", now=now, data={"sha256": hashes}
    )
    return len(waiting)


def _facts_of(file: _Waiting) -> Facts:
    data = storage.read(file.sha256)
    if data is None:
        return Facts(problem="missing")
    if file.type == "image/jpeg":
        return examine(data)
    return Facts(problem="" if rules.looks_like(file.type, data[:12]) else "other_type")


def _note(waiting: Sequence[_Waiting], facts: Sequence[Facts], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            NOTE,
            [
                now,
                [bytes.fromhex(each.sha256) for each in waiting],
                [each.width for each in facts],
                [each.height for each in facts],
                [
                    each.perceptual if each.perceptual is None else rules.signed(each.perceptual)
                    for each in facts
                ],
                [each.has_exif for each in facts],
                [each.has_gps for each in facts],
                [each.problem for each in facts],
            ],
        )
