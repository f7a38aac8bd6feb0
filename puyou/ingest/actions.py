"""What the front door does: accept, claim identities, hand over, quarantine, issue and revoke keys."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.ingest import envelopes, events, problems, receipts, rules, storing, validators
from puyou.ingest.claims import claim_identities
from puyou.ingest.envelopes import Reading
from puyou.ingest.models import Quarantine
from puyou.ingest.receipts import Receipt
from puyou.ingest.taking import Taken, take_pending
from puyou.ingest.tokens import Bearer, issue_token, revoke_tokens

__all__ = [
    "Taken",
    "accept_envelopes",
    "claim_identities",
    "issue_token",
    "quarantine",
    "revoke_tokens",
    "take_pending",
]
CONTACT_EVERY = timedelta(minutes=1)
CONTACT_CHANGE = 1.0  # seconds of skew worth a write


def accept_envelopes(
    *, raw_items: Sequence[bytes], token: Bearer, now: datetime, device_time: datetime | None = None
) -> list[Receipt]:
    """Take in raw JSON envelopes from a device: a receipt per item, in order, valid once this returns.

    Everything new is stored in one transaction with one event; refused items leave no trace.
    ``device_time`` is what the phone's clock says at sending. Problem ingest.unreadable when an item is no JSON.
    """
    skew = rules.estimate_skew(device_time, now, token.skew_seconds)
    outcomes = [_judge(raw, token, skew, now) for raw in raw_items]
    candidates: dict[str, Reading] = {}
    for outcome in outcomes:
        if isinstance(outcome, Reading):
            candidates.setdefault(outcome.id, outcome)
    known = _store(list(candidates.values()), token, skew, now)
    return list(_answers(outcomes, known))


def _judge(raw: bytes, token: Bearer, skew: float, now: datetime) -> Reading | Receipt:
    try:
        reading = envelopes.read(raw)
        if reading.device != token.device_identifier:
            raise problems.WRONG_DEVICE(field="device")
        if rules.is_future(reading.happened_at, skew, now):
            raise problems.FUTURE(field="happened_at")
        validators.check(reading.kind, reading.payload)
    except Problem as problem:
        return receipts.refused(envelopes.peek_id(raw), problem)
    except (ValueError, RecursionError) as error:
        raise problems.UNREADABLE(reason="某一项无法解析") from error
    return reading


def _store(readings: list[Reading], token: Bearer, skew: float, now: datetime) -> dict[str, storing.Known]:
    if not readings:
        return {}
    storing.ensure_partitions(now)
    with transaction.atomic():
        storing.guard()
        known = storing.store(readings, device=token.device_id, courier=token.courier_id, skew=skew, now=now)
        fresh = sorted((identifier, each.digest) for identifier, each in known.items() if each.fresh)
        if fresh:
            _say_accepted([digest for _, digest in fresh], token, now)
        if _worth_noting(token, skew, now):
            storing.note_contact(device=token.device_id, skew=skew, now=now)
    return known


def _say_accepted(digests: list[bytes], token: Bearer, now: datetime) -> None:
    whole = hashlib.sha256(b"".join(digests)).hexdigest()
    log.append(
        events.BATCH_ACCEPTED,
        subject=f"device:{token.device_id}",
        actor=f"device:{token.device_id}",
        now=now,
        data={"count": len(digests), "digest": whole, "courier": token.courier_id},
    )


def _worth_noting(token: Bearer, skew: float, now: datetime) -> bool:
    if token.heard_at is None or abs(skew - token.skew_seconds) >= CONTACT_CHANGE:
        return True
    return now - token.heard_at >= CONTACT_EVERY


def _answers(outcomes: list[Reading | Receipt], known: dict[str, storing.Known]) -> Iterable[Receipt]:
    told: set[str] = set()
    for outcome in outcomes:
        if isinstance(outcome, Receipt):
            yield outcome
            continue
        held = known[outcome.id]
        if held.digest != outcome.digest:
            yield receipts.refused(outcome.id, problems.CONFLICT(field="id"))
            continue
        yield receipts.kept(outcome.id, held.received_at, first=held.fresh and outcome.id not in told)
        told.add(outcome.id)


@transaction.atomic
def quarantine(*, refusals: Sequence[tuple[str, Problem]], by: str, now: datetime) -> int:
    """Set aside accepted envelopes (id, why) whose meaning could not be taken in, so that none disappears.

    Returns how many were new; repeating changes nothing.
    """
    rows = [
        Quarantine(envelope_id=identifier, code=problem.code, message=problem.message[:300], at=now)
        for identifier, problem in refusals
    ]
    before = Quarantine.objects.filter(envelope_id__in=[row.envelope_id for row in rows]).count()
    Quarantine.objects.bulk_create(rows, ignore_conflicts=True)
    new = len({str(row.envelope_id) for row in rows}) - before
    if new:
        codes = sorted({row.code for row in rows})
        log.append(
            events.BATCH_QUARANTINED, subject="ingest", actor=by, now=now, data={"count": new, "codes": codes}
        )
    return new
