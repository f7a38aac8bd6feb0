"""Where visits stand at the desk: what was proposed, asked, appealed, and a mark that changes with any of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from puyou.accounts.models import User
from puyou.core import formats
from puyou.registry.models import Courier
from puyou.reviews.models import Answer, Appeal, Question, RejectionProposal
from puyou.reviews.rules import Standing
from puyou.visits.models import Review, Visit
from puyou.visits.rules import MASK

OPEN, DROPPED = RejectionProposal.Outcome.OPEN, RejectionProposal.Outcome.DROPPED
CONFIRMED = RejectionProposal.Outcome.CONFIRMED
WITHDRAWN = MASK["withdrawn"]


@dataclass
class File:
    """Everything the desk holds about one visit, oldest first."""

    visit: Visit
    courier: Courier | None = None
    proposals: list[RejectionProposal] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)

    @property
    def proposal(self) -> RejectionProposal | None:
        """The open one."""
        return next((each for each in self.proposals if each.outcome == OPEN), None)

    @property
    def appeal(self) -> Appeal | None:
        """The one that waits for its decision."""
        return next((each for each in self.appeals if not hasattr(each, "decision")), None)

    @property
    def question(self) -> Question | None:
        """The latest one that waits for its answer."""
        return next((each for each in reversed(self.questions) if each.closed_at is None), None)

    @property
    def taken_back(self) -> bool:
        """Whether its courier or phone took the visit back, or wrote it anew."""
        return bool(self.visit.findings & WITHDRAWN)

    @property
    def took_part(self) -> frozenset[int]:
        """Who proposed and confirmed the rejection that holds; whoever decided alone before two were asked for."""
        latest = self.reviews[-1] if self.reviews else None
        if latest is None or latest.decision != Review.Decision.REJECTED:
            return frozenset()
        asked = {each.proposed_by_id for each in self.proposals if each.review_id == latest.pk}
        return frozenset({latest.by_id, *asked})

    @property
    def standing(self) -> Standing:
        """As the rules want to know it."""
        proposal, user = self.proposal, self.courier.user_id if self.courier else None
        return Standing(
            self.visit.rejected, proposal.proposed_by_id if proposal else 0, self.appeal is not None, self.took_part,
            user or 0, self.courier is not None, self.taken_back,
        )  # fmt: skip

    @property
    def mark(self) -> str:
        """A short text that differs after anything happened to the visit at the desk."""
        decided = sum(hasattr(each, "decision") for each in self.appeals)
        outcome = self.proposals[-1].outcome if self.proposals else "-"
        closed = sum(each.closed_at is not None for each in self.questions)
        counts = (len(self.reviews), len(self.proposals), len(self.questions), closed, len(self.answers))
        return "-".join(map(str, (*counts, outcome, len(self.appeals), decided, self.visit.findings)))

    @property
    def latest(self) -> str:
        """The last thing that happened, in words."""
        told = [(each.at, f"{each.by.name}{each.get_decision_display()}") for each in self.reviews]
        for proposal in self.proposals:
            told.append((proposal.proposed_at, f"{proposal.proposed_by.name}拟不予认可"))
            if proposal.decided_at and proposal.outcome == DROPPED:
                told.append((proposal.decided_at, proposal.note))
            if proposal.decided_at and proposal.decided_by:
                ended = f"{proposal.decided_by.name}{proposal.get_outcome_display()}"
                told.append((proposal.decided_at, ended))
        told += [(each.asked_at, f"{each.asked_by.name}询问了投递员") for each in self.questions]
        told += [(each.received_at, "投递员已答复") for each in self.answers]
        told += [(each.received_at, "投递员提出申诉") for each in self.appeals]
        told += [
            (a.decision.at, f"{a.decision.by.name}{a.decision.label}")
            for a in self.appeals
            if hasattr(a, "decision")
        ]
        if not told:
            return "疑点已重新核验"
        at, what = max(told, key=lambda each: each[0])
        return f"{formats.moment(at)}，{what}"


def files_of(visits: Sequence[Visit]) -> dict[UUID, File]:
    """The files of visits, in the order given; a handful of queries however many there are."""
    files = {visit.pk: File(visit) for visit in visits}
    ids = list(files)
    couriers = Courier.objects.in_bulk({v.courier_id for v in visits if v.courier_id and v.courier_id > 0})
    for file in files.values():
        file.courier = couriers.get(file.visit.courier_id or 0)
    for review in Review.objects.filter(visit_id__in=ids).select_related("by").order_by("pk"):
        files[review.visit_id].reviews.append(review)
    proposals = RejectionProposal.objects.filter(visit_id__in=ids).select_related("proposed_by", "decided_by")
    for proposal in proposals.order_by("pk"):
        files[proposal.visit_id].proposals.append(proposal)
    _add_questions(files, ids)
    appeals = Appeal.objects.filter(visit_id__in=ids).select_related("decision__by", "review")
    for appeal in appeals.order_by("received_at", "pk"):
        files[appeal.visit_id].appeals.append(appeal)
    return files


def _add_questions(files: dict[UUID, File], ids: list[UUID]) -> None:
    bundles: dict[UUID, set[UUID]] = {}
    for question in Question.objects.filter(visit_id__in=ids).select_related("asked_by").order_by("pk"):
        files[question.visit_id].questions.append(question)
        bundles.setdefault(question.bundle, set()).add(question.visit_id)
    answers = Answer.objects.filter(question__bundle__in=bundles).select_related("question")
    for answer in answers.order_by("received_at", "pk"):
        for visit in bundles[answer.question.bundle]:
            files[visit].answers.append(answer)


def file_of(visit: Visit) -> File:
    """The file of one visit."""
    return files_of([visit])[visit.pk]


def files_of_bundles(bundles: Iterable[UUID]) -> list[File]:
    """The files of every visit that questions asked together are about."""
    ids = Question.objects.filter(bundle__in=set(bundles)).values_list("visit_id", flat=True)
    return list(files_of(list(Visit.objects.filter(pk__in=set(ids)))).values()) if bundles else []


def own_couriers(user: User) -> set[int]:
    """The couriers that a person is."""
    return set(Courier.objects.filter(user=user).values_list("pk", flat=True))


def lock(visits: Iterable[Visit]) -> list[Visit]:
    """The same visits as they are now, held until the transaction ends, always in the same order."""
    wanted = {visit.pk: visit for visit in visits}
    days = {visit.day for visit in wanted.values()}
    rows = Visit.objects.select_for_update().filter(pk__in=list(wanted), day__in=days)
    return list(rows.order_by("pk"))
