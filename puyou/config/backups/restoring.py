"""Restoring into another home: the database to a moment, the files it asks for, the secret; then figures compared."""

import hashlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.db import connection

from puyou.config import embedded
from puyou.config.backups import belongings, figures, files, problems
from puyou.config.backups.places import Place
from puyou.core.progress import step

WAL = "restored_wal"
TOO_EARLY = "recovery ended before configured recovery target was reached"
REACHED = re.compile(r"last completed transaction was at log time (.+)")
VERSION = 18
FRESH = {"secret", "server.lock", "database.log"}  # what a command leaves in a home that holds nothing yet


def restore(place: Place, home: Path, at: datetime | None) -> dict[str, Any]:
    """The system as it was at ``at`` (or as late as is kept) in the empty folder ``home``; its server is left stopped.

    Problems: backup_not_empty, backup_no_base, backup_damaged, backup_missing, backup_not_restored.
    """
    if home.exists() and {path.name for path in home.iterdir()} - FRESH:
        raise problems.NOT_EMPTY(home=home)
    base = place.last_before(at)
    if base["postgresql"] != VERSION:
        raise problems.OTHER_VERSION(theirs=base["postgresql"], ours=VERSION)
    with at_home(home):
        try:
            reached = _database(place, base, at)
        except RuntimeError as error:
            raise problems.NOT_RESTORED(reason=str(error)[-400:]) from error
        belongings.unpack(place.get(f"base/{base['id']}/home"), home)
        embedded.ensure()
        try:
            with step("取回证据文件"):
                brought = files.bring_back(place, home)
            compared = figures.compared(base["figures"])
            weeks = figures.taken(datetime.fromisoformat(base["figures"]["moment"]))["weeks"]
        finally:
            connection.close()
            embedded.stop()
    return {
        "base": base["id"], "home": str(home), "at": at and at.isoformat(), "last_transaction": reached,
        "files": brought, "figures": compared, "weeks": {"backup": base["figures"]["weeks"], "here": weeks},
        "sound": all(row["kept"] for row in compared) and not brought["missing"],
    }  # fmt: skip


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    """Everything that is done in between is done with the embedded server of another home."""
    before, standing = dict(os.environ), dict(connection.settings_dict)
    connection.close()
    os.environ.pop("DATABASE_URL", None)
    os.environ["PUYOU_HOME"] = str(home)
    embedded.prepare_home().chmod(0o755)
    host = str(embedded.socket_folder())
    connection.settings_dict.update(
        NAME=embedded.DATABASE, USER=embedded.USER, HOST=host, PASSWORD="", PORT=""
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(standing)
        os.environ.clear()
        os.environ.update(before)


def _database(place: Place, base: dict[str, Any], at: datetime | None) -> str:
    folder = embedded.cluster()
    if folder.exists() and any(folder.iterdir()):
        raise problems.NOT_EMPTY(home=folder)
    folder.mkdir(parents=True, exist_ok=True)
    with step("取回数据库"):
        _unpack(place, base, folder)
        _verify(folder)
        folder.chmod(0o700)
    with step("取回预写日志"):
        _fetch_wal(place, base, folder / WAL)
    with step("重放预写日志"):
        _replay(folder, at)
    shutil.rmtree(folder / WAL)
    told = REACHED.findall((embedded.home() / "database.log").read_text(errors="replace"))
    return told[-1].strip() if told else str(base["finished_at"])


class _Joined:
    """The parts of a base, one after the other, each compared with what the manifest says of it."""

    def __init__(self, place: Place, parts: list[dict[str, Any]]) -> None:
        self._place, self._parts, self._rest = place, iter(parts), b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return b""
            self._rest = self._place.get(part["name"])
            if hashlib.sha256(self._rest).hexdigest() != part["sha256"]:
                raise problems.DAMAGED(name=part["name"])
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def _unpack(place: Place, base: dict[str, Any], folder: Path) -> None:
    stream = cast(IO[bytes], _Joined(place, base["parts"]))
    with tarfile.open(fileobj=stream, mode="r|", bufsize=1024 * 1024) as archive:
        # the filter keeps every member inside the folder
        archive.extractall(folder, filter="tar")  # nosec B202


def _verify(folder: Path) -> None:
    """Compare each file with the manifest that PostgreSQL itself wrote. Problem backup_damaged."""
    for told in json.loads((folder / "backup_manifest").read_text())["Files"]:
        path = folder / (told.get("Path") or bytes.fromhex(told["Encoded-Path"]).decode())
        with path.open("rb") if path.exists() else io.BytesIO() as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != told["Checksum"]:
            raise problems.DAMAGED(name=path.name)


def _fetch_wal(place: Place, base: dict[str, Any], folder: Path) -> None:
    """All of the log since the base; the last, unfinished segment takes the place of its whole one."""
    folder.mkdir()
    names = place.has("wal")
    for name in sorted(names):
        whole = name.removesuffix(".partial")
        if name != whole and whole in names:
            continue
        if name.endswith(".history") or whole[8:] >= base["first_segment"][8:]:
            (folder / whole).write_bytes(place.get(f"wal/{name}"))


def _replay(folder: Path, at: datetime | None) -> None:
    command = f"cp {shlex.quote(str(folder / WAL))}/%f %p"
    words = "-c restore_command=" + shlex.quote(command)
    target = ""
    if at is not None:
        target = " -c recovery_target_action=promote -c recovery_target_time=" + shlex.quote(at.isoformat())
    (folder / "recovery.signal").touch()
    embedded.give(folder)
    try:
        embedded.take_over(words + target)
    except RuntimeError as error:
        # Nothing that is kept is later than the moment: everything kept is what was asked for.
        if TOO_EARLY not in (embedded.home() / "database.log").read_text(errors="replace"):
            raise error
        embedded.take_over(words)


def check(home: Path) -> dict[str, Any]:
    """What the restored system says of itself: its log verified, every figure computed again. Exit codes by command."""
    log = home / "restored-log.jsonl"
    with at_home(home):
        said = {
            "export_log": _told("export_log", str(log)),
            "verify_log": _told("verify_log", str(log)),
            "rebuild": _told("rebuild", "--check", "--json"),
        }
        embedded.stop()
    log.unlink(missing_ok=True)
    return {name: code == 0 for name, code in said.items()}


def _told(*words: str) -> int:
    command = [sys.executable, "-m", "puyou.config.cli", *words]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
