"""Bytes of papers on a shelf of the one store of files: streamed, hashed twice on the way, kept by hash."""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes

from puyou.evidence import storage

SHELF = "papers"  # what expires field photos does not know it
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """What was put on the shelf."""

    sha256: str
    sm3: str
    size: int


@contextmanager
def taken_in(pieces: Iterable[bytes]) -> Iterator[tuple[Path, Kept]]:
    """Stream bytes to disk and hash them; the caller looks at the file, then keeps it or lets it go.

    Problem evidence.no_room when the disk is full.
    """
    storage.refuse_when_full()
    path = storage.root() / "parts" / f"paper-{uuid.uuid4().hex}"
    try:
        with storage.telling_of_full_disk():
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = _write(path, pieces)
        yield path, kept
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, pieces: Iterable[bytes]) -> Kept:
    sha256, sm3, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
    with path.open("xb") as file:
        path.chmod(0o600)
        for piece in pieces:
            sha256.update(piece)
            sm3.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return Kept(sha256.hexdigest(), sm3.finalize().hex(), size)


def keep(path: Path, kept: Kept) -> None:
    """Give streamed bytes their name, durably; the same bytes twice are one file."""
    if storage.size_of(storage.path_of(kept.sha256, SHELF)) != kept.size:
        storage.keep(path, kept.sha256, SHELF)


def path_of(sha256: str) -> Path:
    """Where the bytes of a paper lie."""
    return storage.path_of(sha256, SHELF)


def is_whole(sha256: str) -> bool:
    """Whether the bytes are there and are those that the hash names."""
    path = path_of(sha256)
    return path.exists() and storage.hashes_to(path, sha256)


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """A file piece by piece."""
    while piece := file.read(PIECE):
        yield piece
