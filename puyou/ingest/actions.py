"""What the front door does: accept, claim identities, hand over, quarantine, issue and revoke keys."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from puyou.core import events as log
from puyou.core.problems import Problem
from puyou.ingest import events
from puyou.ingest.accepting import accept_envelopes
from puyou.ingest.checking import check_proofs
from puyou.ingest.claims import claim_identities
from puyou.ingest.contacts import note_contact
from puyou.ingest.enrolling import Enrolled, enrol_device, issue_enrolment_code
from puyou.ingest.models import Quarantine
from puyou.ingest.replacing import replace_device
from puyou.ingest.standings import resume_device, revoke_device, suspend_device
from puyou.ingest.taking import Taken, take_pending
from puyou.ingest.tokens import issue_token, revoke_tokens

__all__ = [
    "Enrolled",
    "Taken",
    "accept_envelopes",
    "check_proofs",
    "claim_identities",
    "enrol_device",
    "issue_enrolment_code",
    "issue_token",
    "note_contact",
    "quarantine",
    "replace_device",
    "resume_device",
    "revoke_device",
    "revoke_tokens",
    "suspend_device",
    "take_pending",
]


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
