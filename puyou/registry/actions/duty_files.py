"""Reading a file of duties: which rows are new, which are there already, which are refused and why."""

from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from puyou.core.copying import copy_out
from puyou.core.importing import Source
from puyou.places import queries as places
from puyou.registry.actions.columns import hand_over
from puyou.registry.queries import spans

COLUMNS = ("village_code", "area_class", "times", "period", "from", "to")
FIRST_YEAR, LAST_YEAR = 2000, 2100
DATE = r"\d{4}-\d{2}-\d{2}( 00:00:00)?"

# column, code, message, and the condition under which the row is refused; the first that holds is told
REFUSALS = (
    ("village_code", "village_code", "村代码应为 12 位数字，收到“{}”", "place IS NULL AND NOT code_shaped"),
    ("village_code", "unknown_village", "村代码“{}”不是已知的村级单位", "place IS NULL"),
    (
        "area_class",
        "area_class",
        "区域类别应为 urban、township_seat、rural、remote 之一，收到“{}”",
        "area IS NULL",
    ),
    ("times", "times", "次数应为整数，收到“{}”", "count IS NULL"),
    ("period", "period", "周期应为 week 或 day，收到“{}”", "span IS NULL"),
    (
        "times",
        "duty_unreasonable",
        "频次须为每周 1 至 7 次或每日 1 次，收到 {} 次",
        "NOT coalesce((span = 'week' AND count BETWEEN 1 AND 7) OR (span = 'day' AND count = 1), false)",
    ),
    ("from", "from", "开始日期应如 2026-01-01，收到“{}”", "first IS NULL"),
    ("to", "to", "截止日期应如 2026-12-31 或留空，收到“{}”", 'until IS NULL AND "to" IS NOT NULL'),
    (
        "from",
        "date_out_of_range",
        f"开始日期须在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间，收到“{{}}”",
        f"year(first) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}",
    ),
    (
        "to",
        "date_out_of_range",
        f"截止日期须在 {LAST_YEAR} 年之前，收到“{{}}”；长期有效请留空",
        f"year(until) > {LAST_YEAR}",
    ),
    ("to", "ends_before_start", "截止日期“{}”须晚于开始日期", "until <= first"),
)

READ = f"""
CREATE TABLE read AS
SELECT s.*, p.place,
       regexp_full_match(coalesce(village_code, ''), '\\d{{12}}') AS code_shaped,
       CASE lower(area_class) WHEN 'urban' THEN 'urban' WHEN 'township_seat' THEN 'township_seat'
            WHEN 'rural' THEN 'rural' WHEN 'remote' THEN 'remote' END AS area,
       TRY_CAST(CASE WHEN regexp_full_match(times, '\\d{{1,4}}') THEN times END AS INTEGER) AS count,
       CASE lower(period) WHEN 'week' THEN 'week' WHEN 'day' THEN 'day' END AS span,
       TRY_CAST(CASE WHEN regexp_full_match("from", '{DATE}') THEN "from"[:10] END AS DATE) AS first,
       TRY_CAST(CASE WHEN regexp_full_match("to", '{DATE}') THEN "to"[:10] END AS DATE) AS until
FROM source s LEFT JOIN known_places p
  ON p.code = TRY_CAST(CASE WHEN regexp_full_match(village_code, '\\d{{12}}') THEN village_code END AS BIGINT)
"""

SORT = """
CREATE TABLE sorted AS
SELECT g.*, CASE
         WHEN NOT same_as_first THEN 'conflict_in_file'
         WHEN e.place IS NOT NULL AND (e.area, e.count, e.span, e.until)
              IS DISTINCT FROM (g.area, g.count, g.span, coalesce(g.until, DATE '9999-12-31')) THEN 'conflict'
         WHEN e.place IS NOT NULL OR nth > 1 THEN 'duplicate'
         ELSE 'new' END AS fate
FROM (SELECT "row", village_code, place, area, count, span, first, until,
             row_number() OVER w AS nth,
             (area, count, span, until) IS NOT DISTINCT FROM
               (first_value(area) OVER w, first_value(count) OVER w, first_value(span) OVER w,
                first_value(until) OVER w) AS same_as_first
      FROM read WHERE "row" NOT IN (SELECT "row" FROM rejects)
      WINDOW w AS (PARTITION BY place, first ORDER BY "row")) g
LEFT JOIN existing e ON e.place = g.place AND e.first = g.first
"""

CONFLICTS = """
INSERT INTO rejects
SELECT "row", 'from', 'conflict', CASE fate
  WHEN 'conflict' THEN '村“' || village_code || '”自 ' || first || ' 起的投递频次已载入，内容不同'
  ELSE '村“' || village_code || '”自 ' || first || ' 起的投递频次在本文件前面出现过，内容不同' END
FROM sorted WHERE fate LIKE 'conflict%'
"""


def sort_rows(source: Source) -> dict[str, NDArray[Any]]:
    """Fill ``rejects``; the new rows as columns: place, area, count, span, first, until (NaT = open).

    Leaves the table ``sorted`` behind, whose ``fate`` is new, duplicate or conflict.
    """
    database = source.database
    index = places.code_index()
    hand_over(database, "known_places", {"code": index.codes, "place": index.ids})
    database.execute(READ)
    _refuse(database)
    hand_over(database, "existing", _existing())
    database.execute(SORT)
    database.execute(CONFLICTS)
    found = database.execute(
        "SELECT place, area, count, span, first, until FROM sorted WHERE fate = 'new' ORDER BY \"row\""
    ).fetchnumpy()
    return {name: np.ma.filled(column, _blank(column)) for name, column in found.items()}


def count_fates(source: Source) -> dict[str, int]:
    """How many rows are new and how many are there already."""
    rows = source.database.execute("SELECT fate, count(*) FROM sorted GROUP BY fate").fetchall()
    return {str(fate): int(count) for fate, count in rows}


def _blank(column: NDArray[Any]) -> Any:
    return np.datetime64("NaT") if column.dtype.kind == "M" else None


def _refuse(database: duckdb.DuckDBPyConnection) -> None:
    branches = " ".join(f"WHEN {condition} THEN {at}" for at, (_, _, _, condition) in enumerate(REFUSALS))
    database.execute(f"CREATE TABLE refused AS SELECT *, CASE {branches} END AS why FROM read")
    for at, (column, code, message, _) in enumerate(REFUSALS):
        before, after = message.split("{}")
        told = f"coalesce(substr(\"{column}\", 1, 40), '空')"
        database.execute(
            f'INSERT INTO rejects SELECT "row", ?, ?, ? || {told} || ? FROM refused WHERE why = {at}',
            [column, code, before, after],
        )


def _existing() -> dict[str, NDArray[Any]]:
    """The duties that are there, without those taken back on their first day."""
    types = {
        "place": "int8",
        "first": "date",
        "area": "int2",
        "count": "int2",
        "span": "bool",
        "until": "date",
    }
    classes = "array_position('{urban,township_seat,rural,remote}'::text[], area_class::text)::int2"
    found = copy_out(
        f"SELECT place_id::int8, valid_from, {classes}, times, period = 'day', {spans.end()}"
        f" FROM registry_duty WHERE operator_id IS NULL AND {spans.end()} > valid_from",
        types,
    )
    names = np.array(["urban", "township_seat", "rural", "remote"])
    found["area"] = names[found["area"] - 1] if len(found["area"]) else names[:0]
    found["span"] = np.where(found["span"], "day", "week")
    return found
