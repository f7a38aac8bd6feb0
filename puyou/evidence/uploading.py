"""Taking a file in by parts: what is said to be received is on disk, and nothing is whole before its hash says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.evidence import events, problems, rules, storage

ANNOUNCE = """
INSERT INTO evidence_upload (sha256, owner, type, size, received, created_at, touched_at)
VALUES (%(sha)s, %(owner)s, %(type)s, %(size)s, 0, %(now)s, %(now)s)
ON CONFLICT (sha256, owner) DO UPDATE SET type = excluded.type, size = excluded.size, touched_at = excluded.touched_at,
    received = CASE WHEN evidence_upload.size = excluded.size THEN evidence_upload.received ELSE 0 END
"""
FIND = "SELECT type, size, received, created_at FROM evidence_upload WHERE sha256 = %s AND owner = %s"
TAKE = """
INSERT INTO evidence_file (sha256, type, size, owner, created_at, complete_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (sha256) DO NOTHING
"""
LEAVE = "DELETE FROM evidence_upload WHERE sha256 = %s AND owner = %s"
SAFE = "SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '5s'"


class Progress(NamedTuple):
    """How much of a file is safe here, as the phone is told."""

    sha256: str
    received: int
    complete: bool


class _Upload(NamedTuple):
    type: str
    size: int
    received: int
    created_at: datetime


@transaction.atomic
def announce_file(*, sha256: str, size: int, type: str, owner: str, now: datetime) -> Progress:
    """Say that a file will come in parts; repeatable. Already whole, whoever brought it: nothing needs to come.

    Problems: evidence.bad_hash, bad_type, bad_size, too_many_open, no_room.
    """
    rules.refuse_bad_hash(sha256)
    rules.refuse_unfit(type, size)
    kept = _kept(sha256)
    if kept is not None:
        return kept
    storage.refuse_when_full()
    _refuse_too_many(sha256, owner)
    with connection.cursor() as cursor:
        sha = bytes.fromhex(sha256)
        cursor.execute(ANNOUNCE, {"sha": sha, "owner": owner, "type": type, "size": size, "now": now})
    upload = _upload(sha256, owner, lock=True)
    assert upload is not None
    return _adopted(sha256, owner, upload, now) or Progress(sha256, _safe(sha256, owner, upload), False)


def progress_of(sha256: str, owner: str) -> Progress:
    """How far an owner's file has come. Problem evidence.unknown_file (404) when it was never announced."""
    rules.refuse_bad_hash(sha256)
    kept = _kept(sha256)
    if kept is not None:
        return kept
    upload = _upload(sha256, owner)
    if upload is None:
        raise problems.UNKNOWN_FILE()
    return Progress(sha256, _safe(sha256, owner, upload), False)


def add_part(*, sha256: str, start: int, data: bytes, owner: str, now: datetime) -> Progress:
    """Add the part of a file that begins at ``start``; with the last one the file is verified and kept.

    Problems: evidence.unknown_file, out_of_step (409, with ``received``), beyond_size, empty_part, part_too_large,
    wrong_hash (starts again from 0), no_room (503). A part of a file that is whole already changes nothing.
    """
    rules.refuse_bad_hash(sha256)
    storage.refuse_when_full()
    outcome = _add(sha256, start, data, owner, now)
    if isinstance(outcome, Problem):  # raised here, after the transaction kept what it has to say
        raise outcome
    return outcome


@transaction.atomic
def _add(sha256: str, start: int, data: bytes, owner: str, now: datetime) -> Progress | Problem:
    _execute(SAFE)
    upload = _upload(sha256, owner, lock=True)
    kept = _kept(sha256)
    if kept is not None:
        _leave(sha256, owner)
        return kept
    if upload is None:
        return problems.UNKNOWN_FILE()
    adopted = _adopted(sha256, owner, upload, now)
    if adopted is not None:
        return adopted
    received = _safe(sha256, owner, upload)
    misfit = rules.misfit_of(start, len(data), received, upload.size)
    if misfit is not None:
        return misfit(received=received, size=upload.size, limit=rules.PART_LIMIT)
    storage.add(storage.part_of(sha256, owner), start, data)
    received = start + len(data)
    if received < upload.size:
        _note_received(sha256, owner, received, now)
        return Progress(sha256, received, False)
    return _finish(sha256, owner, upload, now)


def _finish(sha256: str, owner: str, upload: _Upload, now: datetime) -> Progress | Problem:
    part = storage.part_of(sha256, owner)
    if not storage.hashes_to(part, sha256):
        part.unlink()
        _note_received(sha256, owner, 0, now)
        return problems.WRONG_HASH(received=0)
    storage.keep(part, sha256)
    return _say_complete(sha256, owner, upload, now)


def _adopted(sha256: str, owner: str, upload: _Upload, now: datetime) -> Progress | None:
    """The file as whole, when its bytes are here already: another phone's, or ours from before a sudden death."""
    target = storage.path_of(sha256)
    if storage.size_of(target) != upload.size or not storage.hashes_to(target, sha256):
        return None
    return _say_complete(sha256, owner, upload, now)


def _say_complete(sha256: str, owner: str, upload: _Upload, now: datetime) -> Progress:
    values: list[Any] = [bytes.fromhex(sha256), upload.type, upload.size, owner, upload.created_at, now]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        first = cursor.rowcount == 1
    _leave(sha256, owner)
    if first:
        data = {"size": upload.size, "type": upload.type}
        log.append(events.FILE_COMPLETED, subject=f"file:{sha256}", actor=owner, now=now, data=data)
    return Progress(sha256, upload.size, True)


def _leave(sha256: str, owner: str) -> None:
    """Forget an owner's way here: the file is whole."""
    _execute(LEAVE, [bytes.fromhex(sha256), owner])
    storage.part_of(sha256, owner).unlink(missing_ok=True)


def _kept(sha256: str) -> Progress | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT size FROM evidence_file WHERE sha256 = %s", [bytes.fromhex(sha256)])
        row = cursor.fetchone()
    return Progress(sha256, int(row[0]), True) if row else None


def _upload(sha256: str, owner: str, lock: bool = False) -> _Upload | None:
    with connection.cursor() as cursor:
        cursor.execute(FIND + (" FOR UPDATE" if lock else ""), [bytes.fromhex(sha256), owner])
        row = cursor.fetchone()
    return _Upload(*row) if row else None


def _safe(sha256: str, owner: str, upload: _Upload) -> int:
    """How much is safe: what was acknowledged, or less when the disk lost it."""
    if storage.size_of(storage.path_of(sha256)) == upload.size:
        return upload.received  # it has its name already; the next part will find it whole
    return min(upload.received, storage.size_of(storage.part_of(sha256, owner)))


def _note_received(sha256: str, owner: str, received: int, now: datetime) -> None:
    _execute(
        "UPDATE evidence_upload SET received = %s, touched_at = %s WHERE sha256 = %s AND owner = %s",
        [received, now, bytes.fromhex(sha256), owner],
    )


def _refuse_too_many(sha256: str, owner: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM evidence_upload WHERE owner = %s AND sha256 <> %s",
            [owner, bytes.fromhex(sha256)],
        )
        row = cursor.fetchone()
    if row and row[0] >= rules.OPEN_LIMIT:
        raise problems.TOO_MANY_OPEN(limit=rules.OPEN_LIMIT, seconds=storage.WAIT_SECONDS)


def _execute(sql: str, values: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
