"""Bytes on disk: parts while a file is on its way, whole files by their hash, and what a full disk means."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from puyou.evidence import problems

# The database lives on the same disk and must never be the one that finds it full.
KEEP_FREE = 512 * 1024 * 1024
WAIT_SECONDS = 300
FULL = {errno.ENOSPC, errno.EDQUOT}


def root() -> Path:
    """The folder of all files."""
    return Path(settings.PUYOU_HOME) / "files"


def path_of(sha256: str, shelf: str = "") -> Path:
    """Where a whole file lies. ``shelf``: of a room above that keeps its files itself; nothing here deletes there."""
    return root() / shelf / sha256[:2] / sha256


def part_of(sha256: str, owner: str) -> Path:
    """Where an owner's unfinished copy lies: each has its own, so that nobody can spoil another's."""
    return root() / "parts" / f"{sha256}-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"


def size_of(path: Path) -> int:
    """The size of a file; 0 when it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def refuse_when_full() -> None:
    """Problem evidence.no_room when files would take the room that the database needs."""
    with telling_of_full_disk():
        root().mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(root()).free < KEEP_FREE:
            raise problems.NO_ROOM(seconds=WAIT_SECONDS)


@contextmanager
def telling_of_full_disk() -> Iterator[None]:
    """A disk that is full becomes Problem evidence.no_room; any other fault stays what it is."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise problems.NO_ROOM(seconds=WAIT_SECONDS) from error
        raise


def add(path: Path, start: int, data: bytes) -> None:
    """Write ``data`` at ``start`` and end the file there, on disk; bytes beyond were never acknowledged.

    Problem evidence.no_room when the disk is full: what was safe before still is.
    """
    with telling_of_full_disk():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, start)
            _write(descriptor, data, start)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(descriptor: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, at)
        view, at = view[written:], at + written


def hashes_to(path: Path, sha256: str) -> bool:
    """Whether the bytes at ``path`` are those that ``sha256`` names."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def keep(part: Path, sha256: str, shelf: str = "") -> None:
    """Give a finished, verified part its name, durably."""
    target = path_of(sha256, shelf)
    with telling_of_full_disk():
        fresh = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, target)
        _sync_folder(target.parent)
        if fresh:
            for folder in {target.parent.parent, root()}:
                _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(sha256: str) -> bytes | None:
    """The bytes of a whole file; None when they are not there."""
    try:
        return path_of(sha256).read_bytes()
    except FileNotFoundError:
        return None


def forget(sha256: str) -> None:
    """Delete the bytes of a file and its small picture; nothing happens when they are gone already."""
    path_of(sha256).unlink(missing_ok=True)
    small_of(sha256).unlink(missing_ok=True)


def small_of(sha256: str) -> Path:
    """Where a file's small picture is kept once somebody looked at it."""
    return root() / "small" / sha256[:2] / f"{sha256}.jpg"
