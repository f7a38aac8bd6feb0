"""Ending what the desk had open about visits that their courier took back or wrote anew."""

from datetime import datetime

from django.db import transaction

from puyou.core import events as log
from puyou.reviews import events, photos, standing
from puyou.reviews.models import Question, RejectionProposal
from puyou.reviews.standing import File
from puyou.visits.models import Visit, Withdrawal

ACTOR = "system:reviews"
OPEN, DROPPED = RejectionProposal.Outcome.OPEN, RejectionProposal.Outcome.DROPPED


@transaction.atomic
def drop_withdrawn(*, now: datetime) -> int:
    """Close the open proposals and questions about visits that were taken back, with the courier's reason; how many.

    Whatever came first: a withdrawal that finds a proposal is heard here, one that was there before refuses it.
    """
    proposed = RejectionProposal.objects.filter(outcome=OPEN).values_list("visit_id", flat=True)
    asked = Question.objects.filter(closed_at=None).values_list("visit_id", flat=True)
    open_ids = {*proposed, *asked}
    taken_back = Withdrawal.objects.filter(visit_id__in=open_ids, holds=True).values_list(
        "visit_id", flat=True
    )
    visits = standing.lock(Visit.objects.filter(pk__in=set(taken_back)))
    files = [file for file in standing.files_of(visits).values() if file.taken_back]
    for file in files:
        _drop(file, now)
    return len(files)


def _drop(file: File, now: datetime) -> None:
    why = why_taken_back(file.visit)
    RejectionProposal.objects.filter(visit_id=file.visit.pk, outcome=OPEN).update(
        outcome=DROPPED, note=why, decided_at=now
    )
    Question.objects.filter(visit_id=file.visit.pk, closed_at=None).update(closed_at=now)
    photos.let_go([file], ACTOR, now)
    log.append(
        events.REVIEW_DROPPED, subject=f"visit:{file.visit.pk}", actor=ACTOR, now=now,
        data={"visit": str(file.visit.pk), "proposed": file.proposal is not None, "reason": why},
    )  # fmt: skip


def why_taken_back(visit: Visit) -> str:
    """Why the courier took a visit back, as a sentence."""
    row = Withdrawal.objects.filter(visit_id=visit.pk, holds=True).order_by("at", "envelope_id").first()
    if row is None or row.replaced_by is None:
        said = f"，理由：{row.reason}" if row and row.reason else "，未写理由"
        return f"投递员已撤回这次打卡{said}"[:300]
    return "投递员已另作更正，原打卡不再计入"
