"""Opening a round with its places by county, taking in candidates and deciding about them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases import events
from puyou.cases.actions.opening import office_for
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import counties, problems, rules
from puyou.cases.supervisors.models import Candidate, CandidateReview, RecruitmentQuota, RecruitmentRound
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.places.models import Place
from puyou.standards import queries as standards

DAY = timedelta(days=1)
PLACES_LIMIT = 5000
GROUND_LIMIT = 300
RURAL_SHARE = "supervisor_rural_share"


@transaction.atomic
def open_round(
    *, place: Place, title: str, places: int, first: date, last: date, scope: Scope, by: User, now: datetime
) -> RecruitmentRound:
    """Call for supervisors until ``last`` (included); the places are shared out among counties by the rule of today.

    Problems: out of scope, number of places, dates, no counties.
    """
    scope.require(place.path, HANDLE)
    if not 1 <= places <= PLACES_LIMIT:
        raise problems.BAD_PLACES(limit=PLACES_LIMIT)
    if last < first:
        raise problems.BACKWARDS()
    found = counties.list_counties(place, day_of(now))
    if not found:
        raise problems.NO_COUNTIES(place=place.name)
    share = standards.get_value(RURAL_SHARE, day_of(now), place_path=place.path).number
    opened = RecruitmentRound.objects.create(
        office=office_for(place), place=place, title=title.strip(), places=places, rural_share=share,
        valid_from=first, valid_to=last + DAY, opened_by=_actor(by), opened_at=now,
    )  # fmt: skip
    quotas = {one.key: one for one in rules.share_out(places, [one.county for one in found], share)}
    RecruitmentQuota.objects.bulk_create(
        RecruitmentQuota(
            round=opened,
            place=one.place,
            places=quotas[one.place.pk].places,
            rural_places=quotas[one.place.pk].rural,
            villages=one.county.villages,
            rural_villages=one.county.rural_villages,
        )
        for one in found
    )
    _say(events.ROUND_OPENED, f"recruitment:{opened.pk}", by, now, places=places, rural_share=share)
    return opened


@transaction.atomic
def close_round(*, round_id: int, scope: Scope, by: User, now: datetime) -> None:
    """End a round: no more candidates, reviews or appointments. Problems: unknown, closed already."""
    held = open_round_of(round_id, scope)
    held.closed_at, held.closed_by = now, _actor(by)
    held.save(update_fields=["closed_at", "closed_by"])
    _say(events.ROUND_CLOSED, f"recruitment:{held.pk}", by, now)


@transaction.atomic
def enter_candidate(
    *, round_id: int, place: Place, scope: Scope, by: User, now: datetime, **fields: Any
) -> Candidate:
    """Write a candidate down. ``fields`` are those of the model: name, phone, background, channel …

    Problems: unknown or closed round, a place outside it, the same telephone twice.
    """
    held = open_round_of(round_id, scope)
    scope.require(place.path, HANDLE)
    if not place.path.startswith(held.place.path):
        raise problems.OUTSIDE_ROUND(place=place.name, title=held.title)
    if held.candidates.filter(phone=fields["phone"]).exists():
        raise problems.CANDIDATE_TWICE()
    made = Candidate.objects.create(round=held, place=place, entered_by=_actor(by), entered_at=now, **fields)
    _say(events.CANDIDATE_ENTERED, f"candidate:{made.pk}", by, now, round=held.pk)
    return made


@transaction.atomic
def review_candidate(
    *, candidate_id: int, decision: str, ground: str, scope: Scope, by: User, now: datetime
) -> CandidateReview:
    """Decide about a candidate; the latest decision holds. Problems: unknown, closed, appointed, no ground."""
    candidate = open_candidate_of(candidate_id, scope)
    ground = ground.strip()
    if not 1 <= len(ground) <= GROUND_LIMIT:
        raise problems.GROUND_NEEDED(limit=GROUND_LIMIT)
    made = CandidateReview.objects.create(
        candidate=candidate, decision=CandidateReview.Decision(decision), ground=ground, by=by, at=now
    )
    _say(events.CANDIDATE_REVIEWED, f"candidate:{candidate.pk}", by, now, decision=decision)
    return made


def open_round_of(pk: int, scope: Scope) -> RecruitmentRound:
    """A round in scope that is not closed, locked until the transaction ends."""
    rows = RecruitmentRound.objects.select_for_update(of=("self",)).select_related("place", "office")
    held = rows.filter(scope.q("place__path", HANDLE), pk=pk).first()
    if held is None:
        raise problems.UNKNOWN_ROUND()
    if held.closed_at is not None:
        raise problems.ROUND_CLOSED(title=held.title)
    return held


def open_candidate_of(pk: int, scope: Scope) -> Candidate:
    """A candidate in scope of an open round who is not appointed yet; the round is locked."""
    rows = Candidate.objects.select_related("place")
    candidate = rows.filter(scope.q("place__path", HANDLE), pk=pk).first()
    if candidate is None:
        raise problems.UNKNOWN_CANDIDATE()
    held = RecruitmentRound.objects.select_for_update(of=("self",)).get(pk=candidate.round_id)
    if held.closed_at is not None:
        raise problems.ROUND_CLOSED(title=held.title)
    appointed = getattr(candidate, "supervisor", None)
    if appointed is not None:
        raise problems.APPOINTED_ALREADY(name=candidate.name, number=appointed.number)
    candidate.round = held
    return candidate


def _actor(by: User) -> str:
    return f"user:{by.pk}"


def _say(kind: str, subject: str, by: User, now: datetime, **data: Any) -> None:
    log.append(kind, subject=subject, actor=_actor(by), now=now, data=data)
