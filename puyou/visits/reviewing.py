"""Deciding about a visit: accepted, or rejected with a ground; a rejection un-counts its day."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for
from puyou.core import events as log
from puyou.core.periods import day_index
from puyou.places import queries as places
from puyou.registry.models import Courier
from puyou.visits import changes, events, problems, rules
from puyou.visits.models import Review, Visit

PERMISSION = "visits.review"
LOCK = """
INSERT INTO visits_villageyear (place_id, iso_year, days) VALUES (%s, %s, repeat('0', 371)::bit(371))
ON CONFLICT (place_id, iso_year) DO UPDATE SET days = visits_villageyear.days
"""
RECOMPUTE = """
UPDATE visits_villageyear y SET days = set_bit(y.days, %(index)s, (
    EXISTS (SELECT 1 FROM visits_visit v
        WHERE v.place_id = %(place)s AND v.day = %(day)s AND v.counting)
    OR EXISTS (SELECT 1 FROM visits_loadedyear l
        WHERE l.place_id = %(place)s AND l.iso_year = %(year)s AND get_bit(l.days, %(index)s) = 1)
)::int) WHERE y.place_id = %(place)s AND y.iso_year = %(year)s
"""


@transaction.atomic
def review_visit(
    *,
    visit: UUID | Visit,
    decision: str,
    ground: str,
    proposed_by: User | None = None,
    by: User,
    now: datetime,
) -> Review:
    """Decide about a visit. ``decision``: accepted or rejected; a rejection needs a ground and two people.

    ``proposed_by`` asked for the rejection and ``by`` confirms it; neither is the courier, nor are they one person.

    A rejected visit stops counting: its village's row is locked and that day recomputed from the visits that count.
    Accepting after a rejection restores it; accepting never makes a visit count that is too far (rule 1.10). Says
    visit.reviewed. Problems: out of scope, own visit, one person alone, no ground, the same decision twice.
    """
    found = _locked(visit.pk if isinstance(visit, Visit) else visit)
    _require_may_review(found, by)
    ground = _clean(decision, ground, found)
    rejected = decision == Review.Decision.REJECTED
    if rejected:
        _require_two(found, proposed_by, by)
    counting = rules.is_counting(found.findings, rejected)
    review = Review.objects.create(
        visit_id=found.pk, decision=decision, ground=ground, findings=found.findings, by=by, at=now
    )
    Visit.objects.filter(pk=found.pk, day=found.day).update(rejected=rejected, counting=counting)
    recompute_day(found.place_id, found.day)
    changes.add_change(found.place_id, found.day, "review")
    log.append(
        events.VISIT_REVIEWED,
        subject=f"visit:{found.pk}",
        actor=f"user:{by.pk}",
        now=now,
        data={
            "decision": decision,
            "ground": ground,
            "place": found.place_id,
            "day": found.day.isoformat(),
            "proposed_by": proposed_by.pk if rejected and proposed_by else None,
        },
    )
    return review


def _locked(identifier: UUID) -> Visit:
    found = Visit.objects.select_for_update().filter(pk=identifier).first()
    if found is None:
        raise problems.UNKNOWN_VISIT()
    return found


def _require_may_review(visit: Visit, by: User) -> None:
    place = places.get_places([visit.place_id])[visit.place_id]
    scope_for(by).require(place.path, PERMISSION)
    _refuse_own(visit, by)


def _refuse_own(visit: Visit, by: User) -> None:
    if visit.courier_id and Courier.objects.filter(user=by, pk=visit.courier_id).exists():
        raise problems.OWN_VISIT()


def _require_two(visit: Visit, proposed_by: User | None, by: User) -> None:
    """One person alone un-counts nothing (decisions/0075)."""
    if proposed_by is None or proposed_by.pk == by.pk:
        raise problems.TWO_NEEDED()
    _refuse_own(visit, proposed_by)


def _clean(decision: str, ground: str, visit: Visit) -> str:
    if decision not in Review.Decision.values:
        raise problems.BAD_DECISION()
    ground = ground.strip()[:300]
    if decision == Review.Decision.REJECTED and not ground:
        raise problems.NO_GROUND()
    if visit.rejected == (decision == Review.Decision.REJECTED) and _latest(visit.pk) == decision:
        raise problems.ALREADY_DECIDED(decision=Review.Decision(decision).label)
    return ground


def _latest(visit_id: UUID) -> str | None:
    return Review.objects.filter(visit_id=visit_id).order_by("-id").values_list("decision", flat=True).first()


def recompute_day(place_id: int, day: date) -> None:
    """Lock a village's year and set one day's bit from the visits that count now and the sets that were loaded."""
    year, index = day_index(day)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [place_id, year])
        cursor.execute(RECOMPUTE, {"place": place_id, "day": day, "year": year, "index": index})
