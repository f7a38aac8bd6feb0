"""Reading the sealed event log on, and noting which visits wait to be screened again because of it."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max

from puyou.core.models import Event, Seal
from puyou.visits import running
from puyou.visits.late_facts import READERS
from puyou.visits.models import Cursor, Rescreening

BATCH = 5_000  # sealed events at a time
CURSOR = 1
NEXT = """
SELECT s.sequence, e.id FROM core_seal s JOIN core_event e ON e.id = s.event_id AND e.at = s.event_at
WHERE s.sequence > %s AND s.sequence <= %s AND e.kind = ANY(%s) ORDER BY s.sequence
"""


@transaction.atomic
def note_late_facts() -> int:
    """Turn events sealed since the last look into waiting rows; how many facts were read, or 1 to go on.

    The cursor moves in the same transaction: no event is lost while the worker is down, none is used twice.
    """
    Cursor.objects.get_or_create(pk=CURSOR)
    held = Cursor.objects.select_for_update().get(pk=CURSOR)
    newest = Seal.objects.aggregate(last=Max("sequence"))["last"] or 0
    until = min(newest, held.sequence + BATCH)
    if until <= held.sequence:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [held.sequence, until, list(READERS)])
        found = [row[1] for row in cursor.fetchall()]
        horizon = running.youngest(cursor)
    told = Event.objects.in_bulk(found)
    for identifier in found:
        _note(told[identifier], horizon)
    Cursor.objects.filter(pk=CURSOR).update(sequence=until)
    return len(found) or int(until < newest)


def _note(event: Event, horizon: int) -> None:
    fact = READERS[event.kind](event)
    if fact is None or not fact.concerns_somebody:
        return
    Rescreening.objects.create(
        event_id=event.pk, reason=event.kind, cause=fact.cause, place_ids=fact.place_ids,
        courier_ids=fact.courier_ids, device_ids=fact.device_ids, next_day=fact.since,
        last_day=fact.until - timedelta(days=1) if fact.until else None, horizon=horizon,
    )  # fmt: skip
