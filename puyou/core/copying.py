"""Columns in and out of PostgreSQL by binary COPY: the bulk road between numpy and tables."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg import pq

# PostgreSQL type -> big-endian numpy type of its binary form
FIXED = {
    "int2": ">i2",
    "int4": ">i4",
    "int8": ">i8",
    "float8": ">f8",
    "date": ">i4",  # days since 2000-01-01
    "timestamptz": ">i8",  # microseconds since 2000-01-01 UTC
    "bool": "u1",
    "uuid": "S16",
}
DATE_OFFSET = 10957  # days from 1970-01-01 to 2000-01-01
MICROSECOND_OFFSET = DATE_OFFSET * 86_400_000_000
HEADER = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
TRAILER = b"\xff\xff"
CHUNK = 200_000


def _item(kind: str) -> np.dtype[Any]:
    if kind.startswith("bit("):
        bits = int(kind[4:-1])
        return np.dtype([("bits", ">i4"), ("raw", f"V{(bits + 7) // 8}")])
    if kind.startswith("bytea("):
        return np.dtype(f"V{int(kind[6:-1])}")
    return np.dtype(FIXED[kind])


def row_type(types: dict[str, str]) -> np.dtype[Any]:
    """The numpy record of one binary COPY row whose columns are all present and of fixed width."""
    fields: list[tuple[str, Any]] = [("_n", ">i2")]
    for name, kind in types.items():
        fields += [(f"_{name}", ">i4"), (name, _item(kind))]
    return np.dtype(fields)


def _encode(kind: str, values: NDArray[Any]) -> NDArray[Any]:
    if kind == "date":
        return values.astype("datetime64[D]").astype(np.int64) - DATE_OFFSET
    if kind == "timestamptz":
        return values.astype("datetime64[us]").astype(np.int64) - MICROSECOND_OFFSET
    return values


def _fill(rows: NDArray[Any], name: str, kind: str, values: NDArray[Any]) -> None:
    rows[f"_{name}"] = _item(kind).itemsize
    if kind.startswith("bit("):
        rows[name]["bits"] = int(kind[4:-1])
        rows[name]["raw"] = np.ascontiguousarray(values).view(f"V{values.shape[1]}").ravel()
    elif kind.startswith("bytea("):
        rows[name] = np.ascontiguousarray(values).view(f"V{values.shape[1]}").ravel()
    elif kind == "uuid":
        rows[name] = np.ascontiguousarray(values).view("S16").ravel() if values.ndim == 2 else values
    else:
        rows[name] = _encode(kind, values)


def copy_in(
    table: str,
    columns: dict[str, Any],
    types: dict[str, str],
    through: "psycopg.Connection[Any] | None" = None,
) -> int:
    """Insert columns of equal length without nulls; returns the number of rows.

    ``types`` names each column's PostgreSQL type: int2, int4, int8, float8, date (datetime64[D]), timestamptz
    (datetime64[us], UTC), bool, uuid (uint8[n,16]), bit(n) (uint8[n, bytes]), bytea(n) (uint8[n, bytes]). Nullable or
    textual columns: use ``copy_rows``. ``through``: the connection of ``borrow``, for threads.
    """
    count = len(next(iter(columns.values())))
    with (through or borrow()).cursor() as raw:
        with raw.copy(f"COPY {table} ({', '.join(types)}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER)
            for start in range(0, count, CHUNK):
                copy.write(_rows(columns, types, start, min(start + CHUNK, count)))
            copy.write(TRAILER)
    return count


def borrow() -> "psycopg.Connection[Any]":
    """The transaction's own connection, for a thread that copies while its owner leaves the database alone."""
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)


def _rows(columns: dict[str, Any], types: dict[str, str], start: int, stop: int) -> bytes:
    rows = np.zeros(stop - start, row_type(types))
    rows["_n"] = len(types)
    for name, kind in types.items():
        _fill(rows, name, kind, np.asarray(columns[name][start:stop]))
    return rows.tobytes()


def copy_rows(table: str, names: Sequence[str], rows: Any) -> int:
    """Insert an iterable of tuples by text COPY; nulls and text allowed. Returns the number of rows."""
    count = 0
    with connection.cursor() as cursor:
        raw = cast("psycopg.Cursor[Any]", cursor.cursor)
        with raw.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    return count


def copy_out(sql: str, types: dict[str, str]) -> dict[str, NDArray[Any]]:
    """Read a query (no parameters, no nulls, fixed-width columns) into native numpy columns.

    Dates come as datetime64[D], moments as datetime64[us], bit(n)/bytea(n)/uuid as uint8[n, bytes].
    """
    data = _drain(f"COPY ({sql}) TO STDOUT (FORMAT binary)".encode())
    body = memoryview(data)[len(HEADER) : len(data) - len(TRAILER)]
    rows = np.frombuffer(body, row_type(types))
    return {name: _decode(kind, rows[name]) for name, kind in types.items()}


def copy_text(sql: str) -> bytes:
    """What a query says as lines of COPY's text form, columns parted by tabs; for values of no fixed width."""
    return bytes(_drain(f"COPY ({sql}) TO STDOUT".encode()))


def _drain(statement: bytes) -> bytearray:
    """All that a COPY sends, straight from libpq: it comes row by row, and psycopg's own loop takes 5 µs for each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # begins the transaction when one is due
    server = borrow().pgconn
    started = server.exec_(statement)
    data = bytearray()
    if started.status == pq.ExecStatus.COPY_OUT:
        size, block = server.get_copy_data(0)
        while size > 0:
            data += block
            size, block = server.get_copy_data(0)
        started = _last_result(server, started)
    if started.status != pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(started)
    return data


def _last_result(server: pq.abc.PGconn, result: pq.abc.PGresult) -> pq.abc.PGresult:
    """What the server says at the end, an error before all."""
    while (following := server.get_result()) is not None:
        if result.status != pq.ExecStatus.FATAL_ERROR:
            result = following
    return result


def _decode(kind: str, values: NDArray[Any]) -> NDArray[Any]:
    if kind.startswith("bit("):
        return _bytes_of(np.ascontiguousarray(values["raw"]))
    if kind.startswith("bytea(") or kind == "uuid":
        return _bytes_of(np.ascontiguousarray(values))
    if kind == "date":
        return (values.astype(np.int64) + DATE_OFFSET).astype("datetime64[D]")
    if kind == "timestamptz":
        return (values.astype(np.int64) + MICROSECOND_OFFSET).astype("datetime64[us]")
    if kind == "bool":
        return values.astype(bool)
    return values.astype(np.dtype(FIXED[kind]).newbyteorder("="))


def _bytes_of(values: NDArray[Any]) -> NDArray[np.uint8]:
    """uint8[n, width], n = 0 included."""
    return values.view(np.uint8).reshape(len(values), values.dtype.itemsize)
