"""Proposing excuses from one notice, and recording our own outages."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.compliance import events, problems
from puyou.compliance.actions.judging import judge_places
from puyou.compliance.models import Excuse
from puyou.core import events as log
from puyou.places.models import Place

PERMISSION = "compliance.propose_excuse"


@transaction.atomic
def propose_excuse(
    *,
    among: Sequence[Place],
    valid_from: date,
    valid_to: date,
    ground: str,
    document: str,
    note: str = "",
    scope: Scope,
    by: User,
    now: datetime,
) -> list[Excuse]:
    """Ask for days ``[valid_from, valid_to)`` to be excused at several places on the ground of one notice.

    Nothing is judged again before approval. Problems: no place, no document, no days, a place out of scope.
    """
    _check(among, valid_from, valid_to, ground, document)
    notice = uuid.uuid4()
    rows = []
    for place in among:
        scope.require(place.path, PERMISSION)
        companies = scope.operators(place.path, PERMISSION)
        rows.append(
            Excuse(
                place=place,
                valid_from=valid_from,
                valid_to=valid_to,
                ground=ground,
                document=document.strip(),
                note=note.strip(),
                notice=notice,
                status=Excuse.Status.PROPOSED,
                applicant_id=min(companies) if companies else None,
                proposed_by=by,
                proposed_at=now,
            )
        )
    made = Excuse.objects.bulk_create(rows)
    data = {"excuses": [row.pk for row in made], "from": valid_from, "to": valid_to, "document": document}
    log.append(events.EXCUSE_PROPOSED, subject=f"notice:{notice}", actor=scope.name, now=now, data=data)
    return made


@transaction.atomic
def record_outage(
    *,
    among: Sequence[Place],
    valid_from: date,
    valid_to: date,
    document: str,
    note: str = "",
    by: str,
    now: datetime,
) -> list[Excuse]:
    """Record an outage of our own: everyone it could have touched is excused at once (contracts 1.9)."""
    _check(among, valid_from, valid_to, Excuse.Ground.OUTAGE, document)
    notice = uuid.uuid4()
    made = Excuse.objects.bulk_create(
        Excuse(
            place=place,
            valid_from=valid_from,
            valid_to=valid_to,
            ground=Excuse.Ground.OUTAGE,
            document=document,
            note=note,
            notice=notice,
            status=Excuse.Status.APPROVED,
            proposed_at=now,
            decided_at=now,
        )
        for place in among
    )
    data = {"excuses": [row.pk for row in made], "from": valid_from, "to": valid_to, "document": document}
    log.append(events.OUTAGE_RECORDED, subject=f"notice:{notice}", actor=by, now=now, data=data)
    judge_places(among=among, first=valid_from, last=valid_to, cause="excuse", now=now, by=by)
    return made


def _check(among: Sequence[Place], valid_from: date, valid_to: date, ground: str, document: str) -> None:
    if not among:
        raise problems.NO_PLACES()
    if valid_from >= valid_to:
        raise problems.EMPTY_EXCUSE()
    if ground not in Excuse.Ground.values:
        raise problems.UNKNOWN_GROUND(ground=ground)
    if not document.strip():
        raise problems.NO_DOCUMENT()
