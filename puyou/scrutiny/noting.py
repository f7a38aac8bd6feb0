"""Reading the sealed event log on, and noting which county days must be scored because of it."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Max
from numpy.typing import NDArray

from puyou.core.models import Event, Seal
from puyou.core.periods import day_of
from puyou.scrutiny import weightings
from puyou.scrutiny.late_facts import READERS, Concern
from puyou.scrutiny.models import ScoreCursor
from puyou.scrutiny.reading import counties_of
from puyou.standards import queries as standards

BATCH = 500  # sealed events at a time
CURSOR = 1
NEXT = """
SELECT e.id FROM core_seal s JOIN core_event e ON e.id = s.event_id AND e.at = s.event_at
WHERE s.sequence > %s AND s.sequence <= %s AND e.kind = ANY(%s) ORDER BY s.sequence
"""
# Visits that look back on those that came: the same courier's or phone's of the same and the following days.
FOLLOWING = """
SELECT DISTINCT v.place_id, v.day FROM unnest(%s::int[], %s::date[]) AS k(who, day)
    JOIN visits_visit v ON v.courier_id = k.who AND v.day BETWEEN k.day AND k.day + %s::int AND v.day >= %s
UNION SELECT DISTINCT v.place_id, v.day FROM unnest(%s::int[], %s::date[]) AS k(who, day)
    JOIN visits_visit v ON v.device_id = k.who AND v.day BETWEEN k.day AND k.day + %s::int AND v.day >= %s
"""
OF_DAYS = "SELECT DISTINCT place_id, day FROM visits_visit WHERE day BETWEEN %s AND %s"
WAIT = """
INSERT INTO scrutiny_waitingday (day, county_id) SELECT * FROM unnest(%s::date[], %s::int[])
ON CONFLICT (day, county_id) DO NOTHING
"""
FOREVER = date(9999, 12, 31)
Found = list[tuple[int, date]]


@transaction.atomic
def note_late_facts(*, now: datetime) -> int:
    """Turn events sealed since the last look into waiting county days; how many were read, or 1 to go on.

    The cursor moves in the same transaction: no event is lost while the worker is down, none is used twice.
    """
    ScoreCursor.objects.get_or_create(pk=CURSOR)
    held = ScoreCursor.objects.select_for_update().get(pk=CURSOR)
    newest = Seal.objects.aggregate(last=Max("sequence"))["last"] or 0
    until = min(newest, held.sequence + BATCH)
    if until <= held.sequence:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [held.sequence, until, list(READERS)])
        found = [row[0] for row in cursor.fetchall()]
    told = Event.objects.in_bulk(found)
    earliest = day_of(now) - timedelta(days=score_days(day_of(now)))
    for identifier in found:
        event = told[identifier]
        note(READERS[event.kind](event), earliest)
    ScoreCursor.objects.filter(pk=CURSOR).update(sequence=until)
    return len(found) or int(until < newest)


def score_days(today: date) -> int:
    """How many days back visits are scored; older ones (imported history) are not."""
    return int(standards.get_value("score_days", today).number)


def note(concern: Concern, earliest: date) -> int:
    """Let county days wait that a fact concerns, not before ``earliest``; returns how many were named."""
    if concern.first is not None:
        return _wait(_of_days(max(concern.first, earliest), concern.last or FOREVER))
    with connection.cursor() as cursor:
        cursor.execute(f"{concern.sql} AND day >= %s", [earliest - timedelta(days=_history())])
        rows = cursor.fetchall()
    own: Found = [(place, day) for place, day, _, _ in rows if day >= earliest]
    couriers = sorted({(who, day) for _, day, who, _ in rows if who})
    devices = sorted({(who, day) for _, day, _, who in rows if who})
    return _wait(own + _following(couriers, devices, earliest))


def _history() -> int:
    return int(weightings.get_weights(FOREVER).limits.history_days)


def _of_days(first: date, last: date) -> Found:
    with connection.cursor() as cursor:
        cursor.execute(OF_DAYS, [first, last])
        return list(cursor.fetchall())


def _following(couriers: Found, devices: Found, earliest: date) -> Found:
    asked: list[Any] = []
    for keys in (couriers, devices):
        asked += [[who for who, _ in keys], [day for _, day in keys], _history(), earliest]
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWING, asked)
        return list(cursor.fetchall())


def _wait(found: Found) -> int:
    if not found:
        return 0
    counties: NDArray[np.int64] = counties_of(np.array([place for place, _ in found]))
    pairs = sorted(set(zip([day for _, day in found], counties.tolist(), strict=True)))
    with connection.cursor() as cursor:
        cursor.execute(WAIT, [[day for day, _ in pairs], [county for _, county in pairs]])
    return len(pairs)
