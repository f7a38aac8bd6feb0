"""Appointing, renewing, ending and commending supervisors; each term has its letter, kept as bytes."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from puyou.accounts.models import User, in_force
from puyou.accounts.scopes import Scope
from puyou.cases import events, numbering
from puyou.cases.models import DocumentSequence
from puyou.cases.papers.typesetting import pdf_of
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import counties, problems, rules
from puyou.cases.supervisors.actions.recruiting import GROUND_LIMIT, open_candidate_of
from puyou.cases.supervisors.models import (
    AppointmentLetter,
    Candidate,
    CandidateReview,
    Commendation,
    RecruitmentQuota,
    Supervisor,
    SupervisorTerm,
)
from puyou.core import chaining, formats
from puyou.core import events as log
from puyou.core.paths import ids
from puyou.core.periods import day_of
from puyou.standards import queries as standards

DAY = timedelta(days=1)
TERM_YEARS = "supervisor_term_years"
CERTIFICATE, LETTER = "supervisor_certificate", "appointment_letter"
Kind = SupervisorTerm.Kind


@transaction.atomic
def appoint_candidate(*, candidate_id: int, first: date, scope: Scope, by: User, now: datetime) -> Supervisor:
    """Make an approved candidate a supervisor from ``first`` for the term of the rule, with certificate and letter.

    Problems: unknown, not approved, appointed already, the county's (or its urban) places are filled, no fonts.
    """
    candidate = open_candidate_of(candidate_id, scope)
    latest = candidate.reviews.order_by("-pk").first()
    if latest is None or latest.decision != CandidateReview.Decision.APPROVED:
        raise problems.NOT_APPROVED(name=candidate.name)
    _require_place(candidate)
    office, year = candidate.round.office, day_of(now).year
    order = numbering.next_order(DocumentSequence, office=office, kind=CERTIFICATE, year=year)
    supervisor = Supervisor.objects.create(
        number=numbering.spelled("邮监", office, year, order),
        name=candidate.name,
        phone=candidate.phone,
        background=candidate.background,
        employer=candidate.employer,
        office=office,
        place=candidate.place,
        area_class=candidate.area_class,
        candidate=candidate,
        appointed_at=now,
    )
    _give_term(supervisor, Kind.APPOINTMENT, first, by, now)
    _say(events.SUPERVISOR_APPOINTED, supervisor, by, now, candidate=candidate.pk)
    return supervisor


@transaction.atomic
def renew_supervisor(*, supervisor_id: int, scope: Scope, by: User, now: datetime) -> SupervisorTerm:
    """A further term from the end of the running one. Problems: unknown, not active, renewed already."""
    supervisor = supervisor_of(supervisor_id, scope)
    running = _running(supervisor, now)
    if supervisor.terms.filter(valid_from__gte=running.valid_to).exists():
        raise problems.RENEWED_ALREADY(name=supervisor.name)
    term = _give_term(supervisor, Kind.RENEWAL, running.valid_to, by, now)
    _say(events.SUPERVISOR_RENEWED, supervisor, by, now, term=term.pk)
    return term


@transaction.atomic
def end_supervisor(
    *, supervisor_id: int, ground: str, words: str, scope: Scope, by: User, now: datetime
) -> None:
    """End the running term today, and take back later ones. Problems: unknown, not active, no words."""
    supervisor = supervisor_of(supervisor_id, scope)
    _running(supervisor, now)
    words, today = words.strip(), day_of(now)
    if not 1 <= len(words) <= GROUND_LIMIT:
        raise problems.GROUND_NEEDED(limit=GROUND_LIMIT)
    for term in supervisor.terms.filter(valid_to__gt=today):
        term.valid_to = max(today, term.valid_from)
        term.end_ground, term.end_words = SupervisorTerm.End(ground), words
        term.ended_by, term.ended_at = f"user:{by.pk}", now
        term.save()
    _say(events.SUPERVISOR_ENDED, supervisor, by, now, ground=ground)


@transaction.atomic
def commend_supervisor(
    *, supervisor_id: int, title: str, ground: str, scope: Scope, by: User, now: datetime
) -> Commendation:
    """Honour a supervisor. Problems: unknown, no ground."""
    supervisor = supervisor_of(supervisor_id, scope)
    title, ground = title.strip(), ground.strip()
    if not title or not 1 <= len(ground) <= GROUND_LIMIT:
        raise problems.GROUND_NEEDED(limit=GROUND_LIMIT)
    made = Commendation.objects.create(
        supervisor=supervisor, title=title, ground=ground, day=day_of(now), by=f"user:{by.pk}", at=now
    )
    _say(events.SUPERVISOR_COMMENDED, supervisor, by, now, title=title)
    return made


def supervisor_of(pk: int, scope: Scope) -> Supervisor:
    """A supervisor in scope, locked until the transaction ends."""
    rows = Supervisor.objects.select_for_update(of=("self",)).select_related("place", "office")
    found = rows.filter(scope.q("place__path", HANDLE), pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_SUPERVISOR()
    return found


def _running(supervisor: Supervisor, now: datetime) -> SupervisorTerm:
    term = supervisor.terms.filter(in_force(day_of(now))).order_by("-valid_from").first()
    if term is None:
        raise problems.NOT_ACTIVE(name=supervisor.name)
    return term


def _require_place(candidate: Candidate) -> None:
    """The county still has a place, and one that is not kept for rural areas where the candidate is from a town."""
    quotas = RecruitmentQuota.objects.select_for_update(of=("self",)).select_related("place")
    quota = quotas.filter(round=candidate.round, place_id__in=ids(candidate.place.path)).first()
    if quota is None:
        raise problems.QUOTA_FULL(place=candidate.place.name, places=0)
    taken = Supervisor.objects.filter(
        candidate__round=candidate.round, place__path__startswith=quota.place.path
    )
    if taken.count() >= quota.places:
        raise problems.QUOTA_FULL(place=quota.place.name, places=quota.places)
    urban = taken.exclude(area_class__in=counties.RURAL_CLASSES).count()
    rural = candidate.area_class in counties.RURAL_CLASSES
    if not rural and urban >= quota.places - quota.rural_places:
        raise problems.QUOTA_RURAL(place=quota.place.name, places=quota.places, rural=quota.rural_places)


def _give_term(supervisor: Supervisor, kind: str, first: date, by: User, now: datetime) -> SupervisorTerm:
    years = int(standards.get_value(TERM_YEARS, day_of(now), place_path=supervisor.place.path).number)
    term = SupervisorTerm.objects.create(
        supervisor=supervisor, kind=kind, valid_from=first, valid_to=rules.term_end(first, years),
        given_by=f"user:{by.pk}", given_at=now,
    )  # fmt: skip
    _issue_letter(supervisor, term, now)
    return term


def _issue_letter(supervisor: Supervisor, term: SupervisorTerm, now: datetime) -> None:
    office, year = supervisor.office, day_of(now).year
    order = numbering.next_order(DocumentSequence, office=office, kind=LETTER, year=year)
    number = numbering.spelled("邮聘", office, year, order)
    verb = "续聘" if term.kind == Kind.RENEWAL else "聘请"
    until = formats.day(term.valid_to - DAY)
    lines = [
        f"兹{verb}您为邮政特邀监督员（证书编号：{supervisor.number}），负责监督{supervisor.place.name}的"
        f"邮政普遍服务，聘期自{formats.day(term.valid_from)}至{until}。",
        "监督员不取报酬，不具有执法权；所反映的情况作为监管线索，由邮政管理部门核实处理。",
    ]
    said = {
        "office": office.name, "number": number, "title": "聘书", "to": supervisor.name,
        "lines": lines, "day": formats.day(now),
    }  # fmt: skip
    data = pdf_of(said, now)
    AppointmentLetter.objects.create(
        term=term, office=office, year=year, order=order, number=number, data=data,
        sha256=chaining.sha256(data).hex(), sm3=chaining.sm3(data).hex(), at=now,
    )  # fmt: skip


def _say(kind: str, supervisor: Supervisor, by: User, now: datetime, **data: Any) -> None:
    log.append(kind, subject=f"supervisor:{supervisor.pk}", actor=f"user:{by.pk}", now=now, data=data)
