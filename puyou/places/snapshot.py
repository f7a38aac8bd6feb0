"""The tree in this process's memory, loaded anew when its stamp in the database has changed."""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv
from django.conf import settings
from django.db import connection

from puyou.core import copying, steady
from puyou.core.together import Together
from puyou.places import arrays, finder
from puyou.places.kept import arrays_in_file
from puyou.places.problems import NOT_LOADED

Thing = TypeVar("Thing")
KEPT = 8  # trees of different days at once; one of the nation is about 40 MB
PRESENT = "present"
_kept: OrderedDict[tuple[str, str, str], Any] = OrderedDict()
_building = threading.RLock()


def stamp() -> str:
    """The mark of the tree as this transaction sees it: one small query, once a page."""
    return steady.once("places_treestamp", lambda: _together.ask(None))


def _read_stamp() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp FROM places_treestamp WHERE id = 1")
        row = cursor.fetchone()
    if row is None:
        raise NOT_LOADED()
    return str(row[0])


_together: Together[None, str] = Together(lambda asked: [_read_stamp()] * len(asked))


def keep(kind: str, moment: str, mark: str, build: Callable[[], Thing]) -> Thing:
    """What ``build`` makes, kept in this process until the tree changes."""
    key = (kind, moment, mark)
    with _building:
        if key not in _kept:
            made = build()
            for old in [other for other in _kept if other[2] != mark]:
                del _kept[old]
            _kept[key] = made
            trees = [other for other in _kept if other[0] == "tree" and other[1] != PRESENT]
            for old in trees[:-KEPT]:
                del _kept[old]
        _kept.move_to_end(key)
        return cast(Thing, _kept[key])


def _folder() -> Path:
    return Path(settings.PUYOU_HOME) / "cache"


def open_tree(mark: str) -> arrays.Tree:
    """The present tree, from its file where there is one."""
    kept = arrays_in_file(_folder(), "tree", mark, lambda: read_tree(None).packed())
    return arrays.unpacked_tree(kept)


def open_code_index(mark: str) -> arrays.CodeIndex:
    """The index of level-5 codes, from its file where there is one."""
    kept = arrays_in_file(_folder(), "codes", mark, lambda: vars(read_code_index()))
    return arrays.CodeIndex(**kept)


def open_finder(mark: str) -> finder.Finder:
    """The finder of the present tree, from its file where there is one."""
    return finder.unpacked(arrays_in_file(_folder(), "finder", mark, lambda: _build_finder().packed()))


def read_tree(day: date | None) -> arrays.Tree:
    """The tree as it is now (None) or as it was on a day, from the rows."""
    rows = copying.copy_out(_PRESENT if day is None else _as_of(day), _TREE)
    padded = rows["path"]
    texts = np.where(padded == ord(" "), 0, padded).astype(np.uint8).view(f"S{arrays.PATH}").ravel()
    return arrays.build_tree(rows["id"], rows["code"], rows["level"].astype(np.int8), texts)


# fixed width for binary COPY: paths are padded with blanks, which read_tree takes away
_TREE = {"id": "int4", "code": "int8", "level": "int2", "path": "bytea(24)"}
_PRESENT = (
    "SELECT id, code::bigint, level, convert_to(rpad(path, 24, ' '), 'UTF8')"
    " FROM places_place WHERE valid_to IS NULL ORDER BY path"
)


def _as_of(day: date) -> str:
    return (
        "SELECT p.id, coalesce(h.code, p.code)::bigint, p.level,"
        " convert_to(rpad(coalesce(h.path, p.path), 24, ' '), 'UTF8')"
        " FROM places_place p LEFT JOIN places_placehistory h"
        f" ON h.place_id = p.id AND h.valid_from <= '{day:%Y-%m-%d}' AND h.valid_to > '{day:%Y-%m-%d}'"
        f" WHERE h.id IS NOT NULL OR (p.valid_from <= '{day:%Y-%m-%d}'"
        f" AND (p.valid_to IS NULL OR p.valid_to > '{day:%Y-%m-%d}'))"
    )


def read_code_index() -> arrays.CodeIndex:
    """The index of level-5 codes, present and past, from the rows."""
    columns = {"code": "int8", "id": "int4"}
    now = copying.copy_out(
        "SELECT code::bigint, id FROM places_place WHERE level = 5 AND valid_to IS NULL ORDER BY code",
        columns,
    )
    past = copying.copy_out(
        "SELECT h.code::bigint, h.place_id FROM places_placehistory h"
        " JOIN places_place p ON p.id = h.place_id"
        " WHERE p.level = 5 AND p.valid_to IS NULL AND h.code <> p.code ORDER BY h.valid_to",
        columns,
    )
    return arrays.build_code_index(now["code"], now["id"], past["code"], past["id"])


def _build_finder() -> finder.Finder:
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        raw = cast("psycopg.Cursor[Any]", cursor.cursor)
        with raw.copy(
            "COPY (SELECT id, level, code::bigint AS code, coalesce(parent_id, 0) AS parent_id,"
            " row_number() OVER (ORDER BY path) - 1 AS rank, name FROM places_place WHERE valid_to IS NULL"
            " ORDER BY level, path) TO STDOUT (FORMAT csv, HEADER)"
        ) as copy:
            for block in copy:
                buffer.write(block)
    buffer.seek(0)
    as_text = pyarrow.csv.ConvertOptions(column_types={"name": pa.string()}, strings_can_be_null=False)
    table = pyarrow.csv.read_csv(buffer, convert_options=as_text)
    columns = {name: table[name].to_numpy() for name in ("id", "level", "code", "parent_id", "rank")}
    return finder.build(columns, table["name"].combine_chunks())


def forget() -> None:
    """Drop everything kept in this process; for tests and benchmarks."""
    with _building:
        _kept.clear()
