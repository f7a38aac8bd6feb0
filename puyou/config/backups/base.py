"""A base backup: the whole database as PostgreSQL streams it, boxed in parts, then files, secret and the manifest."""

import fcntl
import hashlib
import json
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Any

import psycopg
from django.db import connection

from puyou.config import embedded
from puyou.config.backups import belongings, figures, files, problems, retention, settings
from puyou.config.backups.places import Place
from puyou.core import clock
from puyou.core.progress import step

PART = 32 * 1024 * 1024
SETTLED = timedelta(
    seconds=30
)  # no transaction of the front door lasts longer: what is older has been committed
POSITION = (
    "SELECT pg_walfile_name(pg_current_wal_lsn()), (pg_control_system()).system_identifier::text,"
    " current_setting('server_version_num')::int / 10000, now()"
)


def take(place: Place, *, by: str = "") -> dict[str, Any]:
    """Back everything up and read it back; the manifest, written last, makes it valid.

    An interrupted one leaves parts without a manifest, which the next one clears away; files that are there stay.
    Problems: backup_busy, backup_not_copied, backup_unreachable, backup_damaged.
    """
    with _alone():
        _clear_unfinished(place)
        identifier = f"{clock.now():%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
        manifest = _copied(place, identifier)
        place.put(f"base/{identifier}/manifest", _json(manifest))
        removed = retention.prune(place)
    settings.note(base={key: manifest[key] for key in ("id", "finished_at", "bytes")})
    return manifest | {"removed": removed}


def _copied(place: Place, identifier: str) -> dict[str, Any]:
    counted = figures.taken(clock.now() - SETTLED)
    with step("备份数据库"), _wal_kept() as session:
        first, system, version, started = session.execute(POSITION).fetchone() or ("", "", 0, None)
        parts = list(_parts(place, identifier))
        finished = (session.execute("SELECT clock_timestamp()").fetchone() or [None])[0]
    with step("备份证据文件"):
        new = files.ship(place)
    place.put(f"base/{identifier}/home", belongings.packed())
    return {
        "id": identifier, "started_at": _text(started), "finished_at": _text(finished), "first_segment": first,
        "system": system, "postgresql": version, "parts": parts, "bytes": sum(part["size"] for part in parts),
        "files_added": new, "figures": counted,
    }  # fmt: skip


def _parts(place: Place, identifier: str) -> Iterator[dict[str, Any]]:
    command = [embedded.program("pg_basebackup"), *embedded.reach(), "--no-password"]
    command += [
        "-D",
        "-",
        "-F",
        "tar",
        "-X",
        "fetch",
        "-c",
        "fast",
        "--manifest-checksums=SHA256",
        "--no-slot",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as copying:
        assert copying.stdout and copying.stderr
        try:
            for number, plain in enumerate(_cut(copying.stdout)):
                name = f"base/{identifier}/{number:06}"
                kept = place.put(name, plain)
                yield {"name": name, "size": kept, "sha256": hashlib.sha256(plain).hexdigest()}
        except BaseException:
            copying.kill()
            raise
        said = copying.stderr.read().decode(errors="replace")
    if copying.returncode:
        raise problems.NOT_COPIED(reason=said.strip()[-300:])


def _cut(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(PART):
        yield chunk


@contextmanager
def _wal_kept() -> Iterator[Any]:
    """A session whose temporary slot keeps the log from being recycled while the copy runs."""
    parameters = connection.get_connection_params()
    keep = {
        key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)
    }
    try:
        with psycopg.connect(**keep, autocommit=True) as session:
            name = f"puyou_base_{uuid.uuid4().hex[:8]}"
            session.execute("SELECT pg_create_physical_replication_slot(%s, true, true)", [name])
            yield session
    except psycopg.errors.InsufficientPrivilege as error:
        raise problems.NOT_COPIED(reason=f"数据库账号没有复制（REPLICATION）权限：{error}") from error


@contextmanager
def _alone() -> Iterator[None]:
    with (embedded.prepare_home() / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise problems.BUSY() from error
        yield


def _clear_unfinished(place: Place) -> None:
    names = [name for name, _, _ in place.store.names("base")]
    complete = {name.rsplit("/", 1)[0] for name in names if name.endswith("/manifest")}
    place.store.delete([name for name in names if name.rsplit("/", 1)[0] not in complete])


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
