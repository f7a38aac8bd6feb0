"""Handing columns, with text and nulls, to PostgreSQL and to an import's own database."""

from typing import Any, cast

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.csv
from django.db import connection

from puyou.registry import problems


def insert_columns(table: str, columns: dict[str, Any]) -> int:
    """Insert columns of equal length (arrays or lists; NaT, None = null) by COPY; the number of rows."""
    if len({len(column) for column in columns.values()}) > 1:
        raise problems.BULK_UNEVEN()
    rows = pa.table({name: pa.array(column) for name, column in columns.items()})
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(rows, sink, pyarrow.csv.WriteOptions(include_header=False))
    with connection.cursor() as cursor:
        raw = cast("psycopg.Cursor[Any]", cursor.cursor)
        with raw.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(memoryview(sink.getvalue()))
    return int(rows.num_rows)


def hand_over(database: duckdb.DuckDBPyConnection, name: str, columns: dict[str, Any]) -> None:
    """Make columns a table of an import's database."""
    database.register("handed_over", pa.table({key: pa.array(column) for key, column in columns.items()}))
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM handed_over")
    database.unregister("handed_over")
