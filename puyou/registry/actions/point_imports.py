"""Importing village points from a file of positions that someone surveyed."""

from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from puyou.core import events as log
from puyou.core.copying import copy_out
from puyou.core.importing import Outcome, Source, open_source, write_rejects
from puyou.core.periods import day_of
from puyou.places import queries as places
from puyou.registry import events
from puyou.registry.actions.columns import hand_over, insert_columns
from puyou.registry.actions.points import EAST, NORTH, SOUTH, WEST

COLUMNS = ("village_code", "lon", "lat", "standing")
WRONG = {
    "village_code": ("p.place IS NULL", "村代码“{}”不是已知的村级单位"),
    "lon": (f"x IS NULL OR x NOT BETWEEN {WEST} AND {EAST}", "经度“{}”不在我国境内"),
    "lat": (f"y IS NULL OR y NOT BETWEEN {SOUTH} AND {NORTH}", "纬度“{}”不在我国境内"),
    "standing": (
        "standing IS NULL OR standing NOT IN ('reference', 'learnt', 'confirmed')",
        "认定“{}”应为 reference、learnt、confirmed 之一",
    ),
}
REASONS = " ".join(f"WHEN {condition} THEN '{column}'" for column, (condition, _) in WRONG.items())
READ = f"""
CREATE TABLE read AS SELECT s.*, p.place, TRY_CAST(lon AS DOUBLE) AS x, TRY_CAST(lat AS DOUBLE) AS y,
  CASE {REASONS} END AS wrong
FROM source s LEFT JOIN known_places p ON p.code = TRY_CAST(village_code AS BIGINT)
"""
SORT = """
CREATE TABLE sorted AS SELECT r.*, CASE
  WHEN r.x = e.x AND r.y = e.y THEN 'duplicate' WHEN nth > 1 AND same THEN 'duplicate'
  WHEN nth > 1 THEN 'conflict' ELSE 'new' END AS fate
FROM (SELECT *, row_number() OVER w AS nth, x = first_value(x) OVER w AND y = first_value(y) OVER w AS same
      FROM read WHERE wrong IS NULL WINDOW w AS (PARTITION BY place, standing ORDER BY "row")) r
LEFT JOIN open_points e ON e.place = r.place AND e.standing = r.standing
"""
CONFLICTS = """
INSERT INTO rejects SELECT "row", 'village_code', 'conflict', '村“' || village_code || '”已有另一个位置'
FROM sorted WHERE fate = 'conflict'
"""
CLOSE = """
UPDATE registry_villagepoint v SET valid_to = greatest(v.valid_from, %s)
FROM unnest(%s::bigint[], %s::text[]) AS n(place, standing)
WHERE v.place_id = n.place AND v.standing = n.standing AND v.valid_to IS NULL
"""
OPEN = """
SELECT place_id::int8, array_position('{reference,learnt,confirmed}'::text[], standing::text)::int2, lon, lat
FROM registry_villagepoint WHERE valid_to IS NULL
"""


@transaction.atomic
def import_points(path: str | Path, *, by: str, now: datetime) -> Outcome:
    """Import ``village_code, lon, lat, standing``; from today a new position supersedes the former.

    The position that is there already is a duplicate; two positions for one village and standing conflict.
    """
    with open_source(path, COLUMNS) as source:
        _sort(source)
        found = source.database.execute(
            "SELECT place, x, y, standing FROM sorted WHERE fate = 'new' ORDER BY \"row\""
        ).fetchnumpy()
        today = day_of(now)
        fresh = {name: np.asarray(column) for name, column in found.items()}
        with connection.cursor() as cursor:
            cursor.execute(CLOSE, [today, fresh["place"].tolist(), fresh["standing"].tolist()])
        count = len(fresh["place"])
        columns = {
            "place_id": fresh["place"],
            "lon": fresh["x"],
            "lat": fresh["y"],
            "standing": fresh["standing"],
        }
        span = {"source": np.full(count, source.path.name[:200]), "valid_from": [today] * count}
        insert_columns("registry_villagepoint", columns | span)
        rejected = source.rejected
        outcome = Outcome(
            read=source.read,
            accepted=count,
            duplicate=source.read - count - rejected,
            rejected=rejected,
            digest=source.digest,
            reject_file=write_rejects(source, settings.PUYOU_HOME / "rejects", now),
        )
        said = {"file": source.path.name, "read": outcome.read, "accepted": count, "rejected": rejected}
        log.append(events.POINTS_IMPORTED, subject=f"file:{source.digest}", actor=by, now=now, data=said)
    return outcome


def _sort(source: Source) -> None:
    """Fill ``rejects`` and the table ``sorted``."""
    database, index = source.database, places.code_index()
    hand_over(database, "known_places", {"code": index.codes, "place": index.ids})
    database.execute(READ)
    for column, (_, message) in WRONG.items():
        before, after = message.split("{}")
        told = f"coalesce(substr(\"{column}\", 1, 40), '空')"
        database.execute(
            f'INSERT INTO rejects SELECT "row", ?, ?, ? || {told} || ? FROM read WHERE wrong = ?',
            [column, column, before, after, column],
        )
    there = copy_out(OPEN, {"place": "int8", "standing": "int2", "x": "float8", "y": "float8"})
    names = np.array(["", "reference", "learnt", "confirmed"])
    hand_over(database, "open_points", there | {"standing": names[there["standing"]]})
    database.execute(SORT)
    database.execute(CONFLICTS)
