"""A second person decides about a proposal: confirm, which un-counts; return; or its proposer takes it back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from puyou.accounts.models import User
from puyou.reviews import events, photos, rules
from puyou.reviews.actions.opening import Seen, open_files, required, say
from puyou.reviews.models import RejectionProposal
from puyou.reviews.standing import File
from puyou.visits import actions as visits
from puyou.visits.models import Review, Visit

Outcome = RejectionProposal.Outcome


@transaction.atomic
def confirm_rejection(
    *, doubtful: Sequence[Visit], note: str = "", seen: Seen | None = None, by: User, now: datetime
) -> int:
    """Confirm the open proposals of visits: only now they stop counting (contracts 2). All or none.

    Problems: as ``open_files``; no proposal, one's own proposal.
    """
    files = _opened(doubtful, rules.CONFIRM, seen, by)
    for file in files:
        proposal = _open_proposal(file)
        proposal.review = visits.review_visit(
            visit=file.visit, decision=Review.Decision.REJECTED, ground=proposal.ground,
            proposed_by=proposal.proposed_by, by=by, now=now,
        )  # fmt: skip
        _close(proposal, Outcome.CONFIRMED, note, by, now)
    say(events.REJECTION_CONFIRMED, files, by, now, note=note.strip())
    return len(files)


@transaction.atomic
def return_proposal(
    *, doubtful: Sequence[Visit], note: str, seen: Seen | None = None, by: User, now: datetime
) -> int:
    """Send the proposals of visits back with a reason: they wait at the desk again, and count."""
    files = _opened(doubtful, rules.RETURN, seen, by)
    note = required(note, rules.RETURN)
    for file in files:
        _close(_open_proposal(file), Outcome.RETURNED, note, by, now)
    photos.let_go(files, f"user:{by.pk}", now)
    say(events.REJECTION_RETURNED, files, by, now, note=note)
    return len(files)


@transaction.atomic
def withdraw_proposal(
    *, doubtful: Sequence[Visit], note: str = "", seen: Seen | None = None, by: User, now: datetime
) -> int:
    """The proposer takes proposals back."""
    files = _opened(doubtful, rules.WITHDRAW, seen, by)
    for file in files:
        _close(_open_proposal(file), Outcome.WITHDRAWN, note, by, now)
    photos.let_go(files, f"user:{by.pk}", now)
    say(events.REJECTION_WITHDRAWN, files, by, now, note=note.strip())
    return len(files)


def _opened(doubtful: Sequence[Visit], step: str, seen: Seen | None, by: User) -> list[File]:
    return [file for file, _ in open_files(visits=doubtful, step=step, seen=seen, by=by)]


def _open_proposal(file: File) -> RejectionProposal:
    assert file.proposal is not None  # the step would not have been open otherwise
    return file.proposal


def _close(proposal: RejectionProposal, outcome: str, note: str, by: User, now: datetime) -> None:
    proposal.outcome, proposal.note = outcome, note.strip()[:300]
    proposal.decided_by, proposal.decided_at = by, now
    proposal.save(update_fields=["outcome", "note", "decided_by", "decided_at", "review"])
