"""Reading files that people hand in: text columns with row numbers, and the rows that could not be taken.

Rows are numbered as a spreadsheet shows them: in CSV and xlsx the head is row 1. Parquet has no
head; its first row is 1.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from puyou.core import import_formats, problems

NOT_A_FILE = problems.declare("core.not_a_file", "找不到文件“{path}”，或它不是一个文件")
UNKNOWN_FORMAT = problems.declare(
    "core.unknown_format", "不支持的文件类型“{suffix}”，请提供 CSV、Parquet 或 xlsx"
)
EMPTY_FILE = problems.declare("core.empty_file", "文件“{name}”是空的")
MISSING_COLUMNS = problems.declare("core.missing_columns", "文件“{name}”缺少列：{columns}")
REPEATED_COLUMNS = problems.declare("core.repeated_columns", "文件“{name}”有重复的列：{columns}")
MISCOUNTED = problems.declare(
    "core.miscounted", "核对不平：读入 {read}，接收 {accepted}，重复 {duplicate}，拒绝 {rejected}"
)

REJECTS = 'CREATE TABLE rejects ("row" BIGINT, "column" VARCHAR, code VARCHAR, message VARCHAR)'


@dataclass(frozen=True)
class Source:
    """A file opened for import.

    ``database`` is a private DuckDB holding the table ``source`` (``row`` BIGINT and one VARCHAR per column,
    trimmed, empty = NULL) and the table ``rejects`` (``row, column, code, message``), already filled with
    rows that have a wrong number of cells. ``read`` counts all rows of the file, those included; ``digest``
    is the file's SHA-256 in hex. Fetch every result to its end: an unfinished one blocks the database.
    """

    path: Path
    digest: str
    read: int
    database: duckdb.DuckDBPyConnection

    @property
    def rejected(self) -> int:
        """How many rows have a reject so far."""
        rows = self.database.execute('SELECT count(DISTINCT "row") FROM rejects').fetchall()
        return int(rows[0][0])


@dataclass(frozen=True)
class Outcome:
    """What became of a file: ``read = accepted + duplicate + rejected``, checked when made."""

    read: int
    accepted: int
    duplicate: int
    rejected: int
    digest: str
    reject_file: str | None = None

    def __post_init__(self) -> None:
        if self.read != self.accepted + self.duplicate + self.rejected:
            raise MISCOUNTED(
                read=self.read, accepted=self.accepted, duplicate=self.duplicate, rejected=self.rejected
            )


@contextmanager
def open_source(path: str | Path, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Source]:
    """Open a CSV (UTF-8, BOM, UTF-16, GB18030), Parquet or xlsx file as text columns.

    Other columns are ignored; absent optional ones are NULL. Problems: no file, unknown type, empty,
    unreadable, wrong encoding, NUL bytes, columns missing or repeated. The database lives inside the block.
    """
    path = Path(path)
    if not path.is_file():
        raise NOT_A_FILE(path=path)
    reader = import_formats.READERS.get(path.suffix.lower())
    if reader is None:
        raise UNKNOWN_FORMAT(suffix=path.suffix or path.name)
    if path.stat().st_size == 0:
        raise EMPTY_FILE(name=path.name)
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        database = duckdb.connect(f"{folder}/source.duckdb")
        try:
            database.execute("SET TimeZone = 'Asia/Shanghai'")
            database.execute("SET memory_limit = '1GB'")
            # a passing table: filled three times faster
            database.execute("SET force_compression = 'uncompressed'")
            database.execute(f"SET temp_directory = '{folder}'")
            database.execute(REJECTS)
            wanted = [*required, *optional]
            sheet = reader(path, Path(folder), database)
            names = _check_columns(path.name, sheet.columns, required)
            sheet.load([(name, names.get(name)) for name in wanted])
            yield Source(path, file_digest(path), sheet.read(), database)
        finally:
            database.close()


def _check_columns(name: str, columns: Sequence[str], required: Sequence[str]) -> dict[str, str]:
    """The file's own spelling of each column by its trimmed name."""
    trimmed = [column.strip().lstrip("\ufeff") for column in columns]
    repeated = sorted({column for column in trimmed if column and trimmed.count(column) > 1})
    if repeated:
        raise REPEATED_COLUMNS(name=name, columns="、".join(repeated))
    missing = [column for column in required if column not in trimmed]
    if missing:
        raise MISSING_COLUMNS(name=name, columns="、".join(missing))
    return dict(zip(trimmed, columns, strict=True))


def file_digest(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_rejects(source: Source, folder: Path, now: datetime) -> str | None:
    """Write the rejects as UTF-8 CSV ``row, column, code, message`` into ``folder``; None without any."""
    if not source.rejected:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]", "_", source.path.stem)[:60]
    target = folder / f"{stem}-{now:%Y%m%dT%H%M%S}-{source.digest[:8]}.csv"
    partial = target.with_suffix(".partial")
    source.database.execute(
        'COPY (SELECT "row", "column", code, message FROM rejects ORDER BY "row", "column", code) '
        f"TO {_quoted(partial)} (FORMAT csv, HEADER)"
    )
    os.replace(partial, target)
    return str(target)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
