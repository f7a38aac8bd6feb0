"""Turning what couriers report from the field into excuses that wait for approval."""

import uuid
from datetime import datetime

from django.db import transaction

from puyou.compliance import events, hindrances, problems
from puyou.compliance.hindrances import Report
from puyou.compliance.models import Excuse, Hindrance
from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.evidence import actions as evidence
from puyou.ingest import actions as ingest
from puyou.ingest.actions import Taken
from puyou.places import queries as places
from puyou.registry.models import Courier
from puyou.visits.mentioning import photo_mentions
from puyou.visits.validators import find_villages

ACTOR = "system:compliance"
NOTE_LIMIT = 300


@transaction.atomic
def take_in_hindrances(*, limit: int = 1000, now: datetime) -> int:
    """Propose an excuse for each waiting hindrance; how many envelopes left the queue.

    Reports of the same village, ground and days by one company share one excuse. What cannot be understood goes into
    quarantine. One transaction: repeated or parallel runs take each envelope in once. Says excuse.proposed.
    """
    taken = ingest.take_pending(hindrances.KIND, limit)
    if not taken:
        return 0
    couriers = Courier.objects.select_related("organisation").in_bulk([each.courier_id for each in taken])
    refusals: list[tuple[str, Problem]] = []
    for each in taken:
        try:
            _take_in(each, couriers.get(each.courier_id), now)
        except Problem as problem:
            refusals.append((str(each.id), problem))
    if refusals:
        ingest.quarantine(refusals=refusals, by=ACTOR, now=now)
    return len(taken)


def _take_in(taken: Taken, courier: Courier | None, now: datetime) -> None:
    payload = taken.envelope.get("payload")
    if not isinstance(payload, dict) or courier is None:
        raise problems.NOT_UNDERSTOOD()
    report = hindrances.read_report(payload)
    (place_id,) = find_villages([report.village])
    if place_id < 0:
        raise problems.UNKNOWN_VILLAGE(field="village", code=report.village)
    excuse = _excuse(report, place_id, courier, taken.id, now)
    Hindrance.objects.create(
        envelope_id=taken.id, excuse=excuse, courier=courier, device_id=taken.device_id, happened_at=taken.happened_at,
        received_at=taken.received_at, note=report.note, photos=len(report.photos), lon=report.lon, lat=report.lat,
    )  # fmt: skip
    evidence.mention_files(mentions=list(photo_mentions(taken, f"hindrance:{taken.id}")), now=now)


def _excuse(report: Report, place_id: int, courier: Courier, notice: uuid.UUID, now: datetime) -> Excuse:
    same = Excuse.objects.filter(
        place_id=place_id, ground=report.ground, valid_from=report.first, valid_to=report.until,
        applicant=courier.organisation, status=Excuse.Status.PROPOSED, hindrances__isnull=False,
    )  # fmt: skip
    place = places.get_places([place_id])[place_id]
    type(place).objects.select_for_update().get(pk=place_id)
    found = same.first()
    if found is not None:
        return found
    note = f"{courier.name}（{courier.number}）从通邮APP上报" + (f"：{report.note}" if report.note else "")
    made = Excuse.objects.create(
        place=place, valid_from=report.first, valid_to=report.until, ground=report.ground,
        document=f"通邮APP上报 {notice}", note=note[:NOTE_LIMIT], notice=notice, status=Excuse.Status.PROPOSED,
        applicant=courier.organisation, proposed_at=now,
    )  # fmt: skip
    data = {
        "excuses": [made.pk], "from": report.first, "to": report.until, "document": made.document,
        "courier": courier.pk,
    }  # fmt: skip
    log.append(events.EXCUSE_PROPOSED, subject=f"notice:{notice}", actor=ACTOR, now=now, data=data)
    return made
