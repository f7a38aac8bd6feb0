"""Putting an archive together as a ZIP: the same archive is the same bytes, and only of files that are whole."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from puyou.cases import problems
from puyou.cases.archive.verifying import INDEX
from puyou.cases.models import Case, CaseArchive
from puyou.evidence import shelf, storage

WRITTEN_AT = (1980, 1, 1, 0, 0, 0)  # moments stand inside; those of a ZIP would make every copy another
REGULAR = 0o100644 << 16


def pack(archive: CaseArchive) -> BinaryIO:
    """The ZIP, rewound, in a file that is gone once it is closed.

    Problems: a file is missing or not what its hash names (nothing is given out), no room on the disk.
    """
    storage.refuse_when_full()
    folder = storage.root() / "parts"
    with storage.telling_of_full_disk():
        folder.mkdir(parents=True, exist_ok=True)
        made = tempfile.TemporaryFile(dir=folder)
        try:
            with ZipFile(made, "w") as target:
                _fill(target, archive)
        except BaseException:
            made.close()
            raise
    made.seek(0)
    return made


def _fill(target: ZipFile, archive: CaseArchive) -> None:
    for path in (INDEX, *sorted(archive.texts.keys() - {INDEX})):
        target.writestr(_info(path, ZIP_DEFLATED), archive.texts[path].encode())
    for entry in json.loads(archive.texts[INDEX])["files"]:
        if entry["kind"] != "text":
            _copy(target, entry, archive.case)


def _info(path: str, how: int) -> ZipInfo:
    info = ZipInfo(path, WRITTEN_AT)
    info.compress_type, info.external_attr, info.create_system = how, REGULAR, 3
    return info


def _copy(target: ZipFile, entry: dict[str, Any], case: Case) -> None:
    found, info = hashlib.sha256(), _info(entry["path"], ZIP_STORED)
    info.file_size = entry["size"]
    with OPENING[entry["kind"]](entry, case) as pieces, target.open(info, "w") as file:
        for piece in pieces:
            found.update(piece)
            file.write(piece)
    if found.hexdigest() != entry["sha256"]:
        raise problems.ARCHIVE_BROKEN(name=entry["name"])


@contextmanager
def _from_shelf(entry: dict[str, Any], case: Case) -> Iterator[Iterator[bytes]]:
    path: Path = shelf.path_of(entry["sha256"])
    if not path.exists():
        raise problems.ARCHIVE_BROKEN(name=entry["name"])
    file: IO[bytes]
    with path.open("rb") as file:
        yield shelf.pieces_of(file)


@contextmanager
def _from_rows(entry: dict[str, Any], case: Case) -> Iterator[Iterator[bytes]]:
    document = case.documents.filter(sha256=entry["sha256"]).first()
    if document is None:
        raise problems.ARCHIVE_BROKEN(name=entry["name"])
    yield iter([bytes(document.data)])


OPENING: dict[str, Callable[..., Any]] = {"attachment": _from_shelf, "document": _from_rows}
