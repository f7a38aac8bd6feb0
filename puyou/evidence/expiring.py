"""Deleting what is kept no longer: bytes after their time, and unfinished uploads that nobody goes on with."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from puyou.core import clock
from puyou.core import events as log
from puyou.evidence import events, storage
from puyou.evidence.mentioning import lock_deletion
from puyou.standards import queries as standards

BATCH = 100
STALE = timedelta(days=30)  # an unfinished upload starts again then; nothing is lost, the phone has it all
ENDED = """
SELECT encode(f.sha256, 'hex') FROM evidence_file f WHERE f.expired_at IS NULL AND f.created_at < %s
AND NOT EXISTS (SELECT 1 FROM evidence_mention m JOIN evidence_hold h ON h.subject = m.subject AND h.released_at IS NULL
    WHERE m.sha256 = f.sha256)
ORDER BY f.created_at LIMIT %s FOR UPDATE OF f SKIP LOCKED
"""
STOPPED = """
DELETE FROM evidence_upload WHERE id IN (SELECT id FROM evidence_upload WHERE touched_at < %s LIMIT %s
    FOR UPDATE SKIP LOCKED) RETURNING encode(sha256, 'hex'), owner
"""


@transaction.atomic
def expire_files(*, now: datetime) -> int:
    """Delete the bytes of some files whose time is over and that no hold keeps; rows and hashes stay. Returns how many.

    Bytes go before the row says so: a sudden death in between is mended by the next run.
    """
    days = standards.get_value("keep_photo_days", now.astimezone(clock.SHANGHAI).date()).number
    lock_deletion()
    with connection.cursor() as cursor:
        cursor.execute(ENDED, [now - timedelta(days=days), BATCH])
        ended = [str(row[0]) for row in cursor.fetchall()]
        for each in ended:
            storage.forget(each)
        values: list[Any] = [now, [bytes.fromhex(each) for each in ended]]
        cursor.execute("UPDATE evidence_file SET expired_at = %s WHERE sha256 = ANY(%s::bytea[])", values)
    if ended:
        data = {"count": len(ended), "sha256": ended, "days": days}
        log.append(events.FILES_EXPIRED, subject="files", actor="system:evidence", now=now, data=data)
    return len(ended)


@transaction.atomic
def drop_stale_uploads(*, now: datetime) -> int:
    """Forget some uploads that were not touched for a month; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(STOPPED, [now - STALE, BATCH])
        stopped = cursor.fetchall()
    for sha256, owner in stopped:
        storage.part_of(sha256, owner).unlink(missing_ok=True)
    return len(stopped)
