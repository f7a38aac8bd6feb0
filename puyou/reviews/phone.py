"""What the phone is told from the desk: open questions, and decisions with the last day for an appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from puyou.core.periods import day_of
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.reviews.models import Appeal, Question, RejectionProposal
from puyou.standards import queries as standards
from puyou.visits.models import Review, Visit

RULE = "appeal_days"


@dataclass(frozen=True)
class Asked:
    """An open question as ``GET /field/today`` tells it (docs/field.md 5)."""

    id: int
    visit: UUID
    village_name: str
    text: str
    asked_at: datetime


@dataclass(frozen=True)
class Heard:
    """What became of an appeal: ``state`` is waiting, upheld or dismissed."""

    state: str
    at: datetime
    ground: str


@dataclass(frozen=True)
class Told:
    """The decision that holds about a visit, as ``GET /field/today`` tells it (docs/field.md 5)."""

    visit: UUID
    village_name: str
    day: date
    decision: str
    ground: str
    at: datetime
    appealable_until: date | None
    appeal: Heard | None


def questions_for(courier_id: int) -> list[Asked]:
    """The open questions to a courier, oldest first; one that concerns several visits is told once."""
    rows = Question.objects.filter(courier_id=courier_id, closed_at=None).select_related("place")
    first: dict[UUID, Question] = {}
    for row in rows.order_by("pk"):
        first.setdefault(row.bundle, row)
    return [Asked(row.pk, row.visit_id, row.place.name, row.text, row.asked_at) for row in first.values()]


def decisions_for(courier_id: int, since: datetime) -> list[Told]:
    """The decisions about a courier's visits that were made or appealed since, latest first.

    ``appealable_until`` is null where nothing can be appealed (any more: then ``appeal`` says what became of it).
    """
    reviews = _latest_reviews(courier_id, since)
    visits = {visit.pk: visit for visit in Visit.objects.filter(pk__in=[row.visit_id for row in reviews])}
    villages = places.get_places({visit.place_id for visit in visits.values()})
    appeals = Appeal.objects.filter(visit_id__in=visits).select_related("decision").order_by("received_at")
    heard = {appeal.visit_id: _heard(appeal) for appeal in appeals}
    appealed = {appeal.review_id for appeal in appeals}
    told = []
    for row in reviews:
        visit = visits[row.visit_id]
        village = villages[visit.place_id]
        told.append(_told(row, visit, village, row.pk in appealed, heard.get(visit.pk)))
    return told


def dropped_for(visits: Iterable[UUID]) -> dict[UUID, str]:
    """The visits whose review ended because their courier took them back, with the sentence that says so."""
    rows = RejectionProposal.objects.filter(
        visit_id__in=list(visits), outcome=RejectionProposal.Outcome.DROPPED
    )
    return dict(rows.order_by("pk").values_list("visit_id", "note"))


LATEST = """
SELECT r.* FROM visits_review r JOIN visits_visit v ON v.id = r.visit_id AND v.courier_id = %(courier)s
WHERE NOT EXISTS (SELECT 1 FROM visits_review later WHERE later.visit_id = r.visit_id AND later.id > r.id)
    AND (r.at >= %(since)s OR EXISTS (SELECT 1 FROM reviews_appeal a LEFT JOIN reviews_appealdecision d
        ON d.appeal_id = a.id WHERE a.visit_id = r.visit_id AND coalesce(d.at, a.received_at) >= %(since)s))
ORDER BY r.at DESC, r.id DESC
"""


def _latest_reviews(courier_id: int, since: datetime) -> list[Review]:
    return list(Review.objects.raw(LATEST, {"courier": courier_id, "since": since}))


def _told(row: Review, visit: Visit, village: Place, appealed: bool, heard: Heard | None) -> Told:
    open_to_appeal = row.decision == Review.Decision.REJECTED and not appealed
    until = appealable_until(row, village.path) if open_to_appeal else None
    return Told(visit.pk, village.name, visit.day, row.decision, row.ground, row.at, until, heard)


def _heard(appeal: Appeal) -> Heard:
    decision = getattr(appeal, "decision", None)
    if decision is None:
        return Heard("waiting", appeal.received_at, "")
    return Heard("upheld" if decision.upheld else "dismissed", decision.at, decision.ground)


def appealable_until(rejection: Review, place_path: str) -> date:
    """The last day on which a rejection can be appealed, by the rule in force when it was made."""
    made_on = day_of(rejection.at)
    days = standards.get_value(RULE, made_on, place_path=place_path)
    return standards.due(made_on, f"{int(days.number)}wd").due
