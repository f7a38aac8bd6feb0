"""Taking accepted envelopes in as visits, thousands at once, all or nothing."""

import hashlib
from datetime import datetime

import numpy as np
from django.db import transaction

from puyou.core import events as log
from puyou.ingest import actions as ingest
from puyou.ingest.actions import Taken
from puyou.visits import detailing, events, facts, mentioning, messages, storing, taking, withdrawing
from puyou.visits.batches import Batch
from puyou.visits.models import Intake

ACTOR = "system:visits"
CAUSE = "late_visit"


@transaction.atomic
def take_in_pending(*, limit: int = 5000, now: datetime) -> int:
    """Turn up to ``limit`` waiting envelopes into visits with findings, day sets and word for the judge.

    Withdrawals are taken in the same transaction, so that a visit and its undo never count in between.

    Returns how many envelopes left the queue. What fails by itself goes into quarantine; the batch goes on. One
    transaction: repeated or parallel runs take each envelope in exactly once. Says visits.taken_in.
    """
    taken = ingest.take_pending("visit", limit)
    withdrawals = ingest.take_pending(withdrawing.KIND, limit)
    if not taken and not withdrawals:
        return 0
    batch, refusals = messages.read_messages(taken)
    if refusals:
        ingest.quarantine(refusals=refusals, by=ACTOR, now=now)
    known = {row.tobytes() for row in batch.seen.ids}
    withdrawing.note_withdrawals(withdrawals, [each for each in taken if each.id.bytes in known], now)
    storing.ensure_partitions(np.unique(batch.seen.day).tolist())
    days = np.concatenate([batch.seen.day, withdrawing.waiting_days()])
    storing.lock_days(days)
    if len(batch):
        _take_in(batch, [each for each in taken if each.id.bytes in known], len(taken), now)
    withdrawing.settle(days, now)
    return len(taken) + len(withdrawals)


def _take_in(batch: Batch, taken: list[Taken], read: int, now: datetime) -> None:
    seen = batch.seen
    register = facts.read_register(seen.place, seen.courier, seen.device)
    judged = taking.judge(batch, register)
    digest = hashlib.sha256(b"".join(sorted(each.id.bytes for each in taken))).hexdigest()
    row = Intake.objects.create(
        kind="envelopes", at=now, file_digest=digest, read=read, accepted=len(batch),
        rejected=read - len(batch),
    )  # fmt: skip
    taking.store(judged, row.pk)
    detailing.keep_details(taken, batch)
    mentioning.mention_files(taken, now)
    storing.or_day_sets(seen.place[judged.counting], seen.day[judged.counting])
    storing.add_changes(*taking.touched(judged), CAUSE)
    log.append(
        events.VISITS_TAKEN_IN,
        subject=f"intake:{row.pk}",
        actor=ACTOR,
        now=now,
        data={"read": row.read, "accepted": row.accepted, "quarantined": row.rejected, "digest": digest},
    )
