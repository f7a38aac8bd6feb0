"""The bulk road of divisions into the database: indexes aside, one COPY, indexes back."""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

import psycopg
import pyarrow as pa
import pyarrow.csv
from django.db import connection
from django.db.backends.utils import CursorWrapper

from puyou.core import paths
from puyou.places.models import NATION_CODE, NATION_ID, Kind, Place, TreeStamp

TABLE = "places_place"
LOCK = 0x706C6163  # "plac": one writer of the tree at a time


def lock_tree() -> None:
    """Wait for other writers of the tree; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def stamp_tree() -> None:
    """Mark the tree as changed, so that every process loads it anew when this transaction commits."""
    TreeStamp.objects.update_or_create(pk=1, defaults={"stamp": uuid.uuid4()})


def make_nation(since: date) -> None:
    """The root of the tree, unless it is there."""
    Place.objects.get_or_create(
        pk=NATION_ID,
        defaults={
            "code": NATION_CODE,
            "name": "全国",
            "level": 0,
            "kind": Kind.ADMIN,
            "path": paths.step(NATION_ID),
            "valid_from": since,
        },
    )


def copy_places(table: pa.Table, since: date) -> None:
    """Write rows as from ``sources``; indexes and foreign keys stand aside when most of the table is new."""
    table = table.append_column("valid_from", pa.array([since] * len(table), pa.date32()))
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(table, buffer, pyarrow.csv.WriteOptions(include_header=False))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # ALTER TABLE refuses while checks are waiting
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        mostly_new = _number(cursor) < len(table)
        with _bare(cursor) if mostly_new else _as_it_is():
            raw = cast("psycopg.Cursor[Any]", cursor.cursor)
            with raw.copy(f"COPY {TABLE} ({', '.join(table.column_names)}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(buffer.getbuffer())


def finish(last_id: int) -> None:
    """Let new places begin after ``last_id`` and the planner know the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'),"
            " greatest(%s, (SELECT max(id) FROM places_place)))",
            [TABLE, last_id],
        )
        cursor.execute(f"ANALYZE {TABLE}")


def _number(cursor: CursorWrapper) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _bare(cursor: CursorWrapper) -> Iterator[None]:
    """The table without its indexes and own foreign keys; the primary key stays: others point at it."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('u', 'f') ORDER BY contype DESC",
        [TABLE],
    )
    constraints = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f'ALTER TABLE {TABLE} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        [TABLE],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for name, definition in constraints:
        cursor.execute(f'ALTER TABLE {TABLE} ADD CONSTRAINT "{name}" {definition}')
