"""Taking in what phones said about rounds and consent: rows once each, whatever is repeated."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.fieldwork import events, validators
from puyou.fieldwork.models import Consent, RoundMark
from puyou.ingest import actions as ingest
from puyou.ingest.actions import Taken

ACTOR = "system:fieldwork"
Check = Callable[[Sequence[dict[str, Any]]], list[Problem | None]]


@transaction.atomic
def take_in_marks(*, limit: int, now: datetime) -> int:
    """Turn waiting ``round_mark`` envelopes into rows; returns how many left the queue."""
    taken, well = _take("round_mark", validators.check_round_marks, limit, now)
    rows = [
        RoundMark(
            day=date.fromisoformat(each.envelope["payload"]["day"]),
            kind=each.envelope["payload"]["event"],
            **_known(each),
        )
        for each in well
    ]
    _keep(RoundMark, rows, events.ROUNDS_MARKED, now)
    return taken


@transaction.atomic
def take_in_consents(*, limit: int, now: datetime) -> int:
    """Turn waiting ``consent`` envelopes into rows; returns how many left the queue."""
    taken, well = _take("consent", validators.check_consents, limit, now)
    rows = [
        Consent(
            version=each.envelope["payload"]["version"],
            agreed=each.envelope["payload"]["agreed"],
            **_known(each),
        )
        for each in well
    ]
    _keep(Consent, rows, events.CONSENTS_HEARD, now)
    return taken


def _take(kind: str, check: Check, limit: int, now: datetime) -> tuple[int, list[Taken]]:
    """How many were taken off the queue, and those that can be understood; the rest goes to quarantine."""
    taken = ingest.take_pending(kind, limit)
    said = check([_payload(each) for each in taken])
    refusals = [(str(each.id), problem) for each, problem in zip(taken, said, strict=True) if problem]
    if refusals:
        ingest.quarantine(refusals=refusals, by=ACTOR, now=now)
    return len(taken), [each for each, problem in zip(taken, said, strict=True) if problem is None]


def _payload(taken: Taken) -> dict[str, Any]:
    payload = taken.envelope.get("payload")
    return payload if isinstance(payload, dict) else {}


def _known(taken: Taken) -> dict[str, Any]:
    return {
        "id": taken.id,
        "courier_id": taken.courier_id,
        "device_id": taken.device_id,
        "happened_at": taken.happened_at,
        "received_at": taken.received_at,
    }


def _keep(model: type[models.Model], rows: Sequence[models.Model], kind: str, now: datetime) -> None:
    if not rows:
        return
    model._default_manager.bulk_create(rows, ignore_conflicts=True)
    data = {"count": len(rows), "ids": sorted(str(row.pk) for row in rows)[:50]}
    log.append(kind, subject="fieldwork", actor=ACTOR, now=now, data=data)
