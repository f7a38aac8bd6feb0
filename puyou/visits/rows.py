"""Validating an imported file on columns: its good rows typed, its bad ones rejected with row and field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from django.db import connection
from numpy.typing import NDArray

from puyou.core.importing import Source
from puyou.places import queries as places
from puyou.registry.models import Round
from puyou.registry.queries import couriers_by_number, devices_by_identifier
from puyou.visits import batches, faults
from puyou.visits.batches import SOURCES, Batch
from puyou.visits.models import Stranger
from puyou.visits.screening import Columns

REQUIRED = ("visit_id", "village_code", "courier_no", "device_id", "happened_at", "lon", "lat", "accuracy_m")
OPTIONAL = ("source", "organisation_no", "round_no")
DEFAULT_SOURCE = "pda"
FUTURE_ALLOWANCE = timedelta(minutes=10)
CLAIM_ROWS = 1_000_000
CHUNK_ROWS = 500_000
UUID_TEXT = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
STABLE = "left(hash, 12) || '8' || substr(hash, 14, 3) || '8' || substr(hash, 18, 15)"
# Every row typed, with its first fault. Ids that are no UUID become a UUID of version 8 made from their hash.
TYPED = f"""
CREATE TABLE typed AS SELECT "row", coalesce(place_id, -1) AS place_id, happened,
    (happened + {batches.SHANGHAI_SHIFT}) // {batches.DAY_MICROSECONDS} AS day,
    unhex(CASE WHEN hash IS NULL THEN replace(visit_id, '-', '') ELSE {STABLE} END) AS id,
    unhex(sha256(concat_ws(chr(31), CASE WHEN hash IS NULL THEN lower(visit_id) ELSE visit_id END,
        village_code, courier_no, device_id, happened,
        coalesce(CAST(x AS VARCHAR), ''), coalesce(CAST(y AS VARCHAR), ''), coalesce(CAST(blur AS VARCHAR), ''),
        coalesce(source, '{DEFAULT_SOURCE}'), coalesce(organisation_no, ''), coalesce(round_no, '')))) AS digest,
    courier_no, device_id, x, y, CASE WHEN x IS NULL THEN NULL ELSE blur END AS blur,
    coalesce(source, '{DEFAULT_SOURCE}') AS source, round_no, {{fault}} AS fault
FROM (
    SELECT f.*, v.place_id,
        CASE WHEN NOT regexp_full_match(visit_id, '{UUID_TEXT}') THEN sha256('puyou visit ' || visit_id) END AS hash,
        epoch_us(try_cast(f.happened_at AS TIMESTAMPTZ)) AS happened,
        try_cast(f.lon AS DOUBLE) AS x, try_cast(f.lat AS DOUBLE) AS y, try_cast(f.accuracy_m AS DOUBLE) AS blur
    FROM source f LEFT JOIN villages v ON v.code = f.village_code
) s
"""
REJECT = """
INSERT INTO rejects SELECT s."row", named."column", named.code, replace(named.sentence, '{{}}', {cell})
FROM (SELECT f.*, t.fault FROM typed t JOIN source f ON f."row" = t."row" WHERE t.fault > 0) s {named}
"""
MEET = "INSERT INTO visits_stranger (kind, text) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING"


@dataclass(frozen=True)
class Sheet:
    """A validated file: its good rows wait in DuckDB's table ``clean``; ``last_row`` bounds the row numbers."""

    source: Source
    database: duckdb.DuckDBPyConnection
    last_row: int
    good: int


def validate(source: Source, now: datetime) -> Sheet:
    """Type every row of an opened file; faults go to ``rejects``."""
    database = source.database
    database.execute("SET preserve_insertion_order = false")
    database.execute("SET enable_progress_bar = false")
    index = places.code_index()
    codes = pa.array([f"{code:012d}" for code in index.codes.tolist()])
    database.register("village_codes", pa.table({"code": codes, "place_id": pa.array(index.ids)}))
    database.execute("CREATE TABLE villages AS SELECT * FROM village_codes")
    future = batches.microseconds(now + FUTURE_ALLOWANCE)
    database.execute(TYPED.replace("{fault}", faults.first_fault(future)))
    database.execute(REJECT.format(named=faults.told_fault("s.fault"), cell=faults.offending_cell()))
    database.execute("CREATE VIEW clean AS SELECT * FROM typed WHERE fault = 0")
    last, good = _row(database, 'SELECT (SELECT max("row") FROM typed), (SELECT count(*) FROM clean)')
    return Sheet(source, database, int(last or 0), int(good))


def _row(database: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    found = database.execute(sql).fetchone()
    assert found is not None
    return found


def identities(sheet: Sheet) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint8]]]:
    """Rows, ids uint8[n, 16] and digests uint8[n, 32] in order of id, then row."""
    reader = sheet.database.sql('SELECT "row", id, digest FROM clean ORDER BY id, "row"').to_arrow_reader(
        CLAIM_ROWS
    )
    for batch in reader:
        yield batch.column(0).to_numpy(), octets(batch.column(1), 16), octets(batch.column(2), 32)


def octets(column: Any, width: int) -> NDArray[np.uint8]:
    """A binary column of one width as uint8[n, width]."""
    offsets, data = column.buffers()[1:3]
    first = np.frombuffer(offsets, np.int32)[column.offset]
    flat = np.frombuffer(data, np.uint8)[first : first + width * len(column)]
    return flat.reshape(-1, width)


def reject_conflicts(sheet: Sheet, rows: NDArray[np.int64]) -> None:
    """Reject rows whose id was used for other content."""
    if not len(rows):
        return
    column, code, sentence = faults.CONFLICT
    sheet.database.register("conflicts", pa.table({"row": pa.array(rows)}))
    sheet.database.execute(
        f"INSERT INTO rejects SELECT n.\"row\", '{column}', '{code}', "
        f"replace('{sentence}', '{{}}', left(n.visit_id, 64)) "
        'FROM source n JOIN conflicts c ON c."row" = n."row"'
    )


def number_reporters(sheet: Sheet) -> None:
    """Give couriers, devices and rounds their numbers: the registry's, or a stranger's below zero."""
    rounds = dict(Round.objects.values_list("number", "id"))
    _number(sheet, "courier", "courier_no", couriers_by_number(), Stranger.Kind.COURIER)
    _number(sheet, "device", "device_id", devices_by_identifier(), Stranger.Kind.DEVICE)
    table = pa.table(
        {
            "round_no": pa.array(list(rounds), pa.string()),
            "number": pa.array(list(rounds.values()), pa.int64()),
        }
    )
    sheet.database.register("round_numbers", table)
    sources = pa.table({"source": list(SOURCES), "number": list(range(len(SOURCES)))})
    sheet.database.register("source_numbers", sources)


def _number(sheet: Sheet, name: str, column: str, known: dict[str, int], kind: str) -> None:
    texts = [text for (text,) in sheet.database.execute(f"SELECT DISTINCT {column} FROM clean").fetchall()]
    strangers = _strangers([text for text in texts if text not in known], kind)
    numbers = [known[text] if text in known else -strangers[text] for text in texts]
    table = pa.table({column: pa.array(texts, pa.string()), "number": pa.array(numbers, pa.int64())})
    sheet.database.register(f"{name}_numbers", table)


def _strangers(texts: list[str], kind: str) -> dict[str, int]:
    ordered = sorted(texts)
    with connection.cursor() as cursor:
        cursor.execute(MEET, [kind, ordered])
        cursor.execute(
            "SELECT text, id FROM visits_stranger WHERE kind = %s AND text = ANY(%s)", [kind, ordered]
        )
        return dict(cursor.fetchall())


def day_counts(sheet: Sheet) -> list[tuple[int, int]]:
    """Days since 1970 and their number of good rows, in order."""
    return sheet.database.execute("SELECT day, count(*) FROM clean GROUP BY day ORDER BY day").fetchall()


def day_chunks(counts: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of whole days, first and last included, of about ``CHUNK_ROWS`` rows."""
    first: int | None = None
    before, rows = 0, 0
    for day, count in counts:
        if first is not None and rows + count > CHUNK_ROWS:
            yield first, before
            first, rows = None, 0
        first = day if first is None else first
        before, rows = day, rows + count
    if first is not None:
        yield first, before


def read_days(sheet: Sheet, first: int, last: int, keep: NDArray[np.bool_], received: int) -> Batch:
    """The good rows of some days as a batch, those whose row number is kept, sorted by place."""
    table = sheet.database.sql(
        'SELECT c."row", c.id, c.place_id, c.day, c.happened, k.number, d.number, c.x, c.y, c.blur, '
        "coalesce(r.number, 0), s.number FROM clean c JOIN courier_numbers k USING (courier_no) "
        "JOIN device_numbers d USING (device_id) LEFT JOIN round_numbers r USING (round_no) "
        "JOIN source_numbers s USING (source) WHERE c.day BETWEEN ? AND ?",
        params=[first, last],
    ).to_arrow_table()
    kept = np.flatnonzero(keep[table.column(0).to_numpy()])
    order = kept[np.argsort(table.column(2).to_numpy()[kept], kind="stable")]
    whole = table.column(1).combine_chunks()
    ids = (octets(whole, 16) if len(table) else np.zeros((0, 16), np.uint8))[order]
    place, day, happened, courier, device = (_ints(table.column(i))[order] for i in range(2, 7))
    lon, lat, accuracy = (_floats(table.column(i))[order] for i in range(7, 10))
    none = np.zeros(len(order), np.int64)
    seen = Columns(
        ids, place, day, happened, courier, device, lon, lat, accuracy, place, none, none.astype(float)
    )
    return Batch(
        seen, np.full(len(order), received), none, _ints(table.column(10))[order],
        np.zeros((len(order), 16), np.uint8), _ints(table.column(11))[order], none.astype(bool), timely=False,
    )  # fmt: skip


def _ints(column: Any) -> NDArray[np.int64]:
    return column.to_numpy().astype(np.int64)  # type: ignore[no-any-return]


def _floats(column: Any) -> NDArray[np.float64]:
    return column.to_numpy().astype(np.float64)  # type: ignore[no-any-return]
