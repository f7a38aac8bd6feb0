"""Recomputing days of many villages at once from the visits that count and the sets that were loaded."""

from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.core.periods import DAYS_IN_SET
from puyou.visits import daysets, storing

LOCK = """
INSERT INTO visits_villageyear AS held (place_id, iso_year, days)
SELECT place_id, iso_year, repeat('0', 371)::bit(371) FROM unnest(%s::int[], %s::int[]) AS n(place_id, iso_year)
ORDER BY place_id, iso_year ON CONFLICT (place_id, iso_year) DO UPDATE SET days = held.days
"""
SERVED = """
SELECT n.place_id, n.day - DATE '1970-01-01' FROM unnest(%s::int[], %s::date[], %s::int[], %s::int[])
    AS n(place_id, day, iso_year, index)
WHERE EXISTS (SELECT 1 FROM visits_visit v WHERE v.place_id = n.place_id AND v.day = n.day AND v.counting)
    OR EXISTS (SELECT 1 FROM visits_loadedyear l WHERE l.place_id = n.place_id AND l.iso_year = n.iso_year
        AND get_bit(l.days, n.index) = 1)
"""
REPLACE = """
UPDATE visits_villageyear y SET days = (y.days & ~n.asked::bit(371)) | n.held::bit(371)
FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[]) AS n(place_id, iso_year, asked, held)
WHERE y.place_id = n.place_id AND y.iso_year = n.iso_year
"""
Ints = NDArray[np.int64]


def recompute_days(places: NDArray[Any], days: NDArray[Any]) -> None:
    """Lock the years of (place, day) pairs (days since 1970), in order, and set just those days as they are now."""
    if not len(places):
        return
    pairs = np.unique(np.stack([places, days]).astype(np.int64), axis=1)
    owners, years, asked = daysets.build(pairs[0], pairs[1])
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [owners.tolist(), years.tolist()])
        iso_years, index = daysets.places_in_set(pairs[1])
        dates = [storing.day_of_number(day) for day in pairs[1].tolist()]
        cursor.execute(SERVED, [pairs[0].tolist(), dates, iso_years.tolist(), index.tolist()])
        served = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
        held = _texts(_sets_of(served, owners, years))
        cursor.execute(REPLACE, [owners.tolist(), years.tolist(), _texts(asked), held])


def _sets_of(served: Ints, owners: NDArray[Any], years: NDArray[Any]) -> NDArray[np.uint8]:
    """The sets of served (place, day) rows, one for each owner, empty ones too."""
    sets = np.zeros((len(owners), daysets.BYTES), np.uint8)
    if len(served):
        places, in_year, found = daysets.build(served[:, 0], served[:, 1])
        row = {key: at for at, key in enumerate(zip(owners.tolist(), years.tolist(), strict=True))}
        sets[[row[key] for key in zip(places.tolist(), in_year.tolist(), strict=True)]] = found
    return sets


def _texts(sets: NDArray[np.uint8]) -> list[str]:
    digits = np.unpackbits(sets, axis=1)[:, :DAYS_IN_SET] + ord("0")
    return [row.tobytes().decode() for row in digits]
