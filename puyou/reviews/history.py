"""What happened to a visit at the desk, in order, in words."""

from dataclasses import dataclass, field
from datetime import datetime

from puyou.evidence.showing import Shown
from puyou.reviews import photos
from puyou.reviews.models import RejectionProposal
from puyou.reviews.standing import File


@dataclass(frozen=True)
class Happening:
    """One thing that happened: when, by whom, what, and the words that were written."""

    at: datetime
    who: str
    what: str
    text: str = ""
    photos: int = 0
    subject: str = ""  # as evidence names it, where photos came with it
    files: list[Shown] = field(default_factory=list)


def told_of(file: File) -> list[Happening]:
    """Everything that people said and decided about a visit, latest first."""
    told = [Happening(each.asked_at, each.asked_by.name, "询问投递员", each.text) for each in file.questions]
    told += [
        Happening(each.received_at, "投递员", "答复", each.text, len(each.photos), photos.of_answer(each.pk))
        for each in file.answers
    ]
    told += [
        Happening(each.received_at, "投递员", "申诉", each.text, len(each.photos), photos.of_appeal(each.pk))
        for each in file.appeals
    ]
    for proposal in file.proposals:
        told += _of_proposal(proposal)
    confirmed = {each.review_id for each in file.proposals if each.review_id}
    upheld = {appeal.decision.at for appeal in file.appeals if hasattr(appeal, "decision")}
    for review in file.reviews:
        if review.pk not in confirmed and review.at not in upheld:
            told.append(Happening(review.at, review.by.name, review.get_decision_display(), review.ground))
    for appeal in file.appeals:
        if hasattr(appeal, "decision"):
            made = appeal.decision
            told.append(Happening(made.at, made.by.name, made.label, made.ground))
    return sorted(told, key=lambda each: each.at, reverse=True)


def _of_proposal(proposal: RejectionProposal) -> list[Happening]:
    told = [Happening(proposal.proposed_at, proposal.proposed_by.name, "拟不予认可", proposal.ground)]
    if proposal.decided_at and proposal.decided_by:
        ended = proposal.get_outcome_display()
        told.append(Happening(proposal.decided_at, proposal.decided_by.name, ended, proposal.note))
    elif proposal.decided_at:
        ended = f"拟不予认可{proposal.get_outcome_display()}"
        told.append(Happening(proposal.decided_at, "系统", ended, proposal.note))
    return told
