"""How each kind of file that people hand in becomes text columns: CSV, Parquet, xlsx."""

import codecs
import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import python_calamine

from puyou.core import problems

UNREADABLE = problems.declare(
    "core.unreadable_file", "文件“{name}”无法读取，可能已损坏或不完整；请重新导出后再导入"
)
WRONG_ENCODING = problems.declare(
    "core.wrong_encoding", "文件“{name}”的编码既不是 UTF-8 也不是 GB18030（第 {row} 行附近）"
)
NUL_BYTES = problems.declare("core.nul_bytes", "文件“{name}”第 {row} 行附近含有空字符（NUL），不是文本")

CHUNK = 1 << 24
Choice = tuple[str, str | None]  # the wanted name, and the file's own spelling of it or None


@dataclass
class Sheet:
    """A file whose columns are known; ``load`` fills the tables, then ``read`` counts the file's rows."""

    columns: list[str]
    load: Callable[[Sequence[Choice]], None]
    read: Callable[[], int]


def open_csv(path: Path, folder: Path, database: duckdb.DuckDBPyConnection) -> Sheet:
    """A CSV file; rows with a wrong number of cells go to ``rejects``."""
    plain = _as_utf8(path, folder)
    broken: list[tuple[int, int, int]] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        broken.append((row.number, row.actual_columns, row.expected_columns))
        return "skip"

    def stream(convert: pyarrow.csv.ConvertOptions | None = None) -> pyarrow.csv.CSVStreamingReader:
        return pyarrow.csv.open_csv(
            plain,
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=8 << 20),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
            convert_options=convert,
        )

    head = _head(path, plain)

    def load(choices: Sequence[Choice]) -> None:
        found = [own for _, own in choices if own is not None]
        convert = pyarrow.csv.ConvertOptions(
            include_columns=found, column_types=dict.fromkeys(found, pa.string()), strings_can_be_null=False
        )
        broken.clear()
        schema = pa.schema([("row", pa.int64()), *((own, pa.string()) for own in found)])
        try:
            reader = pa.RecordBatchReader.from_batches(schema, _numbered(stream(convert), broken, schema))
            _fill(database, reader, choices)
        except (pa.ArrowInvalid, duckdb.Error) as error:
            if "Empty CSV file" in str(error) or "no columns" in str(error):
                return _fill(database, schema.empty_table(), choices)
            raise UNREADABLE(name=path.name) from error
        if broken:
            _reject_broken(database, broken)
        return None

    return Sheet(head, load, lambda: _count(database) + len(broken))


def _head(path: Path, plain: Path) -> list[str]:
    """The names in the first row of a CSV file."""
    record = _first_record(plain)
    if not record.strip():
        return []
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(record),
            read_options=pyarrow.csv.ReadOptions(autogenerate_column_names=True),
            convert_options=pyarrow.csv.ConvertOptions(column_types={"f0": pa.string()}),
        )
    except pa.ArrowInvalid as error:
        raise UNREADABLE(name=path.name) from error
    return [str(column[0].as_py() or "") for column in table.columns]


def _first_record(plain: Path) -> bytes:
    with plain.open("rb") as file:
        line = file.readline(1 << 20)
        while line and not line.strip():
            line = file.readline(1 << 20)
    return line.rstrip(b"\r\n").removeprefix(codecs.BOM_UTF8) + b"\n"


def _numbered(
    batches: pyarrow.csv.CSVStreamingReader, broken: list[tuple[int, int, int]], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Put the file's row number (head = 1) before each batch, stepping over broken rows."""
    kept = 0
    for batch in batches:
        gaps = np.array([number - 2 - i for i, (number, _, _) in enumerate(broken)], dtype=np.int64)
        index = np.arange(kept, kept + batch.num_rows, dtype=np.int64)
        rows = index + 2 + np.searchsorted(gaps, index, side="right")
        kept += batch.num_rows
        yield pa.RecordBatch.from_arrays([pa.array(rows), *batch.columns], schema=schema)


def _reject_broken(database: duckdb.DuckDBPyConnection, broken: list[tuple[int, int, int]]) -> None:
    rows = pa.table(
        {
            "row": [number for number, _, _ in broken],
            "message": [f"应有 {expected} 个单元格，实际 {actual} 个" for _, actual, expected in broken],
        }
    )
    database.register("broken_rows", rows)
    database.execute("INSERT INTO rejects SELECT \"row\", '', 'cells', message FROM broken_rows")
    database.unregister("broken_rows")


def open_parquet(path: Path, folder: Path, database: duckdb.DuckDBPyConnection) -> Sheet:
    """A Parquet file; other types become text (times in Asia/Shanghai with their offset)."""
    try:
        head = pyarrow.parquet.read_schema(path)
    except (pa.ArrowException, OSError) as error:
        raise UNREADABLE(name=path.name) from error
    texts = {
        field.name for field in head if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    }
    bare = {
        field.name for field in head if pa.types.is_primitive(field.type) or pa.types.is_decimal(field.type)
    }

    def load(choices: Sequence[Choice]) -> None:
        link = folder / "source.parquet"  # a name with * or ? would be read as a pattern
        link.symlink_to(path.resolve())
        database.execute("SET VARIABLE path = ?", [str(link)])
        read = "read_parquet([getvariable('path')], file_row_number = true)"
        try:
            database.execute(f"CREATE TABLE source AS {_select(choices, 'file_row_number + 1', read, bare)}")
        except (duckdb.Error, UnicodeDecodeError) as error:
            raise UNREADABLE(name=path.name) from error
        _refuse_nul(database, path.name, [name for name, own in choices if own in texts])

    return Sheet(list(head.names), load, lambda: _count(database))


def _refuse_nul(database: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str]) -> None:
    if not columns:
        return
    test = " OR ".join(f'contains("{column}", chr(0))' for column in columns)
    row = database.execute(f'SELECT min("row") FROM source WHERE {test}').fetchall()[0][0]
    if row is not None:
        raise NUL_BYTES(name=name, row=row)


def open_xlsx(path: Path, folder: Path, database: duckdb.DuckDBPyConnection) -> Sheet:
    """The first sheet of an xlsx workbook; its first row is the head."""
    try:
        rows = (
            python_calamine.CalamineWorkbook.from_path(str(path))
            .get_sheet_by_index(0)
            .to_python(skip_empty_area=False)
        )
    except Exception as error:  # the library raises many kinds for a broken workbook
        raise UNREADABLE(name=path.name) from error
    head = [_cell(value) for value in rows[0]] if rows else []
    body = [
        (i, row) for i, row in enumerate(rows[1:], start=2) if any(value not in ("", None) for value in row)
    ]

    def load(choices: Sequence[Choice]) -> None:
        columns = {"row": pa.array([i for i, _ in body], pa.int64())}
        for _, own in choices:
            if own is not None:
                place = head.index(own)
                columns[own] = pa.array([_cell(row[place]) for _, row in body], pa.string())
        _fill(database, pa.table(columns), choices)

    return Sheet(head, load, lambda: _count(database))


def _cell(value: object) -> str:
    """A spreadsheet cell as a person reads it: whole numbers without a point, dates in ISO form."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value).replace("\0", "")


def _fill(
    database: duckdb.DuckDBPyConnection, data: pa.RecordBatchReader | pa.Table, choices: Sequence[Choice]
) -> None:
    database.register("handed_in", data)
    database.execute(f"CREATE TABLE source AS {_select(choices, 'row', 'handed_in')}")
    database.unregister("handed_in")


BLANKS = " \t\r\n\u3000"


def _select(choices: Sequence[Choice], row: str, origin: str, bare: Collection[str] = ()) -> str:
    """``bare``: the file's columns whose text never has blanks around it."""
    columns = [f'{_cell_of(own, own in bare)} AS "{name}"' for name, own in choices]
    return f'SELECT {row} AS "row", {", ".join(columns)} FROM {origin}'


def _cell_of(own: str | None, bare: bool) -> str:
    if own is None:
        return "CAST(NULL AS VARCHAR)"
    name = own.replace('"', '""')
    text = f'CAST("{name}" AS VARCHAR)'
    return text if bare else f"CASE WHEN {_is_tidy(text)} THEN {text} ELSE {_trimmed(text)} END"


def _is_tidy(text: str) -> str:
    """SQL: there is nothing to trim; trimming every cell takes twice as long as looking."""
    ends = " AND ".join(f"NOT suffix({text}, '{blank}')" for blank in BLANKS)
    return f"{text} > ' ' AND NOT prefix({text}, ' ') AND NOT prefix({text}, '\u3000') AND {ends}"


def _trimmed(text: str) -> str:
    return f"nullif(trim({text}, '{BLANKS}'), '')"


def _count(database: duckdb.DuckDBPyConnection) -> int:
    return int(database.execute("SELECT count(*) FROM source").fetchall()[0][0])


def _as_utf8(path: Path, folder: Path) -> Path:
    """The file itself when it is UTF-8, else a UTF-8 copy in ``folder``."""
    with path.open("rb") as file:
        first = file.read(4)
    if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _copied(path, folder, "utf-16")
    try:
        for _ in _decoded(path, "utf-8"):
            pass
    except UnicodeDecodeError:
        return _copied(path, folder, "gb18030")
    return path


def _copied(path: Path, folder: Path, encoding: str) -> Path:
    target = folder / "utf8.csv"
    lines = 1
    try:
        with target.open("w", encoding="utf-8", newline="") as file:
            for text in _decoded(path, encoding):
                file.write(text)
                lines += text.count("\n")
    except UnicodeDecodeError as error:
        raise WRONG_ENCODING(
            name=path.name, row=lines + bytes(error.object[: error.start]).count(b"\n")
        ) from error
    return target


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            if "\0" in text:
                raise NUL_BYTES(name=path.name, row=lines + text[: text.index("\0")].count("\n"))
            lines += text.count("\n")
            yield text
        yield decoder.decode(b"", final=True)


READERS: dict[str, Callable[[Path, Path, duckdb.DuckDBPyConnection], Sheet]] = {
    ".csv": open_csv,
    ".parquet": open_parquet,
    ".xlsx": open_xlsx,
}
