"""Taking visits back: by a withdrawal, or by a visit that corrects another; either may come before its visit."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.ingest import actions as ingest
from puyou.ingest.actions import Taken
from puyou.visits import events, particulars, problems, rescreening, storing
from puyou.visits.models import Withdrawal

KIND = "withdrawal"
CAUSE = "correction"
ACTOR = "system:visits"
REASON_LIMIT = 300
FIELDS = {"visit", "reason"}
Payload = dict[str, Any]
WAITING_DAYS = """
SELECT DISTINCT v.day FROM visits_withdrawal w JOIN visits_visit v ON v.id = w.visit_id WHERE w.holds IS NULL
"""
# Only the courier who reported a visit, or the phone that did, takes it back.
SETTLE = """
UPDATE visits_withdrawal w SET holds = t.own FROM (
    SELECT h.envelope_id, v.day, coalesce(h.courier_id <> 0 AND h.courier_id = v.courier_id, false)
        OR coalesce(h.device_id <> 0 AND h.device_id = v.device_id, false) AS own
    FROM visits_withdrawal h JOIN visits_visit v ON v.id = h.visit_id
    WHERE h.holds IS NULL AND v.day = ANY(%s) ORDER BY h.envelope_id FOR UPDATE OF h SKIP LOCKED
) t WHERE w.envelope_id = t.envelope_id RETURNING w.envelope_id, w.visit_id, w.replaced_by, t.day, t.own
"""


def check_withdrawals(payloads: Sequence[Payload]) -> list[Problem | None]:
    """For each payload of kind withdrawal the Problem to refuse it with, or None."""
    return [_check(payload) for payload in payloads]


def _check(payload: Payload) -> Problem | None:
    for name in payload:
        if name not in FIELDS:
            return problems.UNKNOWN_FIELD(field=name[:40])
    if payload.get("visit") is None:
        return problems.MISSING_FIELD(field="visit")
    if not particulars.is_uuid(payload["visit"]):
        return problems.BAD_FIELD(field="visit", expected="应为所撤回的到村打卡的编号（UUID）")
    reason = payload["reason"] if payload.get("reason") is not None else ""
    if reason != "" and not particulars.is_text(reason, REASON_LIMIT):
        return problems.BAD_FIELD(field="reason", expected=f"应为至多 {REASON_LIMIT} 个字符的文字")
    return None


def note_withdrawals(taken: Sequence[Taken], visits: Sequence[Taken], now: datetime) -> None:
    """Keep what withdrawals and correcting visits take back; what was kept stays as it is."""
    payloads = [each.envelope.get("payload") for each in taken]
    said = check_withdrawals([each if isinstance(each, dict) else {} for each in payloads])
    refusals = [(str(each.id), problem) for each, problem in zip(taken, said, strict=True) if problem]
    if refusals:
        ingest.quarantine(refusals=refusals, by=ACTOR, now=now)
    rows = [
        _row(each, each.envelope["payload"]["visit"], each.envelope["payload"].get("reason") or "", None)
        for each, problem in zip(taken, said, strict=True)
        if problem is None
    ]
    for each in visits:
        corrected = each.envelope["payload"].get("corrects")
        if corrected:
            rows.append(_row(each, corrected, "", each.id))
    Withdrawal.objects.bulk_create(rows, ignore_conflicts=True)


def _row(taken: Taken, visit: str, reason: str, replaced_by: UUID | None) -> Withdrawal:
    return Withdrawal(
        envelope_id=taken.id, visit_id=UUID(visit), reason=reason, replaced_by=replaced_by, at=taken.happened_at,
        received_at=taken.received_at, courier_id=taken.courier_id or 0, device_id=taken.device_id or 0,
    )  # fmt: skip


def waiting_days() -> NDArray[np.int64]:
    """The days of visits that stand and that a withdrawal waits for."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING_DAYS)
        return np.array([(day - storing.EPOCH).days for (day,) in cursor.fetchall()], np.int64)


def settle(days: NDArray[Any], now: datetime) -> int:
    """Decide on withdrawals whose visit stands on one of these days, which the caller has locked; how many.

    A visit taken back by its own courier or phone is screened again: it counts no more, and the others of its day are
    judged without it. A withdrawal by somebody else goes into quarantine; a visit that corrects another's stands.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [[storing.day_of_number(day) for day in np.unique(days).tolist()]])
        settled = cursor.fetchall()
    if not settled:
        return 0
    strange = [
        str(envelope) for envelope, _, replaced_by, _, own in settled if not own and replaced_by is None
    ]
    ingest.quarantine(refusals=[(each, problems.NOT_YOURS()) for each in strange], by=ACTOR, now=now)
    gone = {visit: day for _, visit, _, day, own in settled if own}
    _screen(gone, now)
    said = {"withdrawn": len(gone), "not_theirs": sum(not row[4] for row in settled)}
    log.append(events.VISITS_WITHDRAWN, subject="visits", actor=ACTOR, now=now, data=said)
    return len(settled)


def _screen(gone: dict[UUID, date], now: datetime) -> None:
    listed = ",".join(str(each) for each in sorted(gone))
    if gone:
        where = f"v.id = ANY('{{{listed}}}'::uuid[])"
        rescreening.screen_days(sorted(set(gone.values())), where, 0, CAUSE, KIND, ACTOR, now)


@transaction.atomic
def settle_withdrawals(*, now: datetime) -> int:
    """Decide on withdrawals whose visit came by another way or at the same moment; how many."""
    days = waiting_days()
    if not len(days):
        return 0
    storing.lock_days(days)
    return settle(days, now)
