"""Loading whole years of day sets by one COPY: history that has no single visits, kept as a fact of its own."""

import hashlib
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.core import copying
from puyou.core import events as log
from puyou.visits import daysets, events, problems
from puyou.visits.models import Intake, LoadedYear

TYPES = {"place_id": "int4", "iso_year": "int2", "days": "bit(371)", "intake_id": "int8"}
COUNT_IN = """
INSERT INTO visits_villageyear AS held (place_id, iso_year, days)
SELECT place_id, iso_year, days FROM visits_loadedyear WHERE intake_id = %s ORDER BY place_id, iso_year
ON CONFLICT (place_id, iso_year) DO UPDATE SET days = held.days | excluded.days
"""
EMPTY_YEAR = "SELECT NOT EXISTS (SELECT 1 FROM visits_villageyear WHERE iso_year = %s)"


@transaction.atomic
def load_day_sets(
    *, place_ids: NDArray[Any], iso_year: int, sets: NDArray[np.uint8], by: str, now: datetime
) -> int:
    """Load one ISO year's day sets of distinct villages: ``sets`` uint8[n, 47], first bit = Monday of W01.

    They are kept as loaded (visits_loadedyear) with an intake row and its digest, and count like visits. No
    word is left for the judge: whoever loads a nation judges the range afterwards. Returns the number of rows.
    Problem when a village's year was loaded before.
    """
    if sets.ndim != 2 or sets.shape != (len(place_ids), daysets.BYTES):
        raise problems.BAD_SETS(bytes=daysets.BYTES)
    order = np.argsort(place_ids, kind="stable")
    places, packed = np.asarray(place_ids, np.int32)[order], np.ascontiguousarray(sets[order])
    packed[:, -1] &= 0xE0  # 371 bits: the last five of 376 are padding
    if LoadedYear.objects.filter(iso_year=iso_year, place_id__in=_sample(places)).exists():
        raise problems.YEAR_LOADED(year=iso_year)
    digest = hashlib.sha256(np.int64(iso_year).tobytes() + places.tobytes() + packed.tobytes()).hexdigest()
    row = Intake.objects.create(
        kind="day_sets", at=now, file_digest=digest, read=len(places), accepted=len(places)
    )
    columns: dict[str, NDArray[Any]] = {
        "place_id": places,
        "iso_year": np.full(len(places), iso_year, np.int16),
        "days": packed,
        "intake_id": np.full(len(places), row.pk, np.int64),
    }
    copying.copy_in("visits_loadedyear", columns, TYPES)
    _count_in(columns, iso_year, row.pk)
    log.append(
        events.DAY_SETS_LOADED,
        subject=f"intake:{row.pk}",
        actor=by,
        now=now,
        data={"iso_year": iso_year, "villages": len(places), "digest": digest},
    )
    return len(places)


def _sample(places: NDArray[Any]) -> list[int]:
    """Enough villages to notice a second loading early; the primary key notices the rest."""
    return places[:: max(1, len(places) // 100)].tolist()  # type: ignore[no-any-return]


def _count_in(columns: dict[str, NDArray[Any]], iso_year: int, intake_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE visits_villageyear IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(EMPTY_YEAR, [iso_year])
        row = cursor.fetchone()
        if row and row[0]:
            types = {name: kind for name, kind in TYPES.items() if name != "intake_id"}
            copying.copy_in("visits_villageyear", columns, types)
        else:
            cursor.execute(COUNT_IN, [intake_id])
