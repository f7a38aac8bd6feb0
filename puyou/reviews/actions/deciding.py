"""A first person decides: accept visits, or propose that they be rejected."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from puyou.accounts.models import User
from puyou.reviews import events, photos, rules
from puyou.reviews.actions.opening import Seen, close_questions, open_files, required, say
from puyou.reviews.models import RejectionProposal
from puyou.visits import actions as visits
from puyou.visits.models import Review, Visit


@transaction.atomic
def accept_visits(
    *, doubtful: Sequence[Visit], ground: str = "", seen: Seen | None = None, by: User, now: datetime
) -> int:
    """Accept visits together, all or none. After a rejection only a person who took part in neither step of it may.

    Problems: as ``open_files``; proposed already, appealed.
    """
    opened = open_files(visits=doubtful, step=rules.ACCEPT, seen=seen, by=by)
    files = [file for file, _ in opened]
    for file in files:
        visits.review_visit(
            visit=file.visit, decision=Review.Decision.ACCEPTED, ground=ground.strip(), by=by, now=now
        )
    close_questions(files, now)
    say(events.VISITS_ACCEPTED, files, by, now, ground=ground.strip())
    return len(files)


@transaction.atomic
def propose_rejection(
    *, doubtful: Sequence[Visit], ground: str, seen: Seen | None = None, by: User, now: datetime
) -> list[RejectionProposal]:
    """Ask that visits be rejected; they count until another person confirms. All or none.

    Problems: as ``open_files``; no ground, proposed already, rejected already.
    """
    opened = open_files(visits=doubtful, step=rules.PROPOSE, seen=seen, by=by)
    ground = required(ground, rules.PROPOSE)
    made = RejectionProposal.objects.bulk_create(
        RejectionProposal(
            visit_id=file.visit.pk, day=file.visit.day, place=village, courier=file.courier, ground=ground,
            findings=file.visit.findings, proposed_by=by, proposed_at=now,
        )
        for file, village in opened
    )  # fmt: skip
    files = [file for file, _ in opened]
    close_questions(files, now)
    photos.hold(files, photos.PROPOSED, f"user:{by.pk}", now)
    say(events.REJECTION_PROPOSED, files, by, now, ground=ground)
    return made
