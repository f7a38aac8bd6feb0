"""Certificates to enforce the law: the register, and the guards that ask for them."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from puyou.accounts.models import Organisation, User, in_force
from puyou.accounts.scopes import Scope
from puyou.cases import events, grounds, names, problems
from puyou.cases.models import Party, Qualification
from puyou.cases.names import Actor, Performing
from puyou.cases.relations import HANDLE
from puyou.core import events as log
from puyou.core.periods import day_of

OFFICER = "officer"
LONGEST_YEARS = 30
SOON = timedelta(days=60)


@transaction.atomic
def register_qualification(
    *, user: User, number: str, first: date, last: date, actor: Actor, now: datetime
) -> Qualification:
    """Enter an officer's certificate, good on every day from ``first`` to ``last``.

    Problems: not an officer of an office in the actor's scope, no number, days the wrong way round, number in use.
    """
    number, office = number.strip(), _office_of(user, actor.scope, day_of(now))
    if not 1 <= len(number) <= 40 or not first <= last or last.year - first.year > LONGEST_YEARS:
        raise problems.BAD_QUALIFICATION()
    try:
        with transaction.atomic():
            made = Qualification.objects.create(
                user=user, office=office, number=number, valid_from=first,
                valid_to=last + timedelta(days=1), by=actor.name, at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise problems.QUALIFICATION_EXISTS(number=number) from error
    _say(events.QUALIFICATION_REGISTERED, made, actor, now)
    return made


def _office_of(user: User, scope: Scope, on: date) -> Organisation:
    held = user.appointments.filter(in_force(on), post__organisation__kind=Organisation.Kind.REGULATOR)
    for appointment in held.select_related("post__organisation__place"):
        office: Organisation = appointment.post.organisation
        if office.place is not None and scope.covers(office.place.path, HANDLE):
            return office
    raise problems.NO_OFFICER()


@transaction.atomic
def end_qualification(*, qualification_id: int, ground: str, actor: Actor, now: datetime) -> Qualification:
    """End a certificate today, before its last day, with a ground. Problems: no such one, over already, no ground."""
    found = (
        list_qualifications(actor.scope).select_for_update(of=("self",)).filter(pk=qualification_id).first()
    )
    if found is None:
        raise problems.UNKNOWN_QUALIFICATION()
    today = day_of(now)
    if found.valid_to <= today or found.ended_ground:
        raise problems.QUALIFICATION_OVER()
    ground = grounds.taken_back(ground)
    found.valid_to, found.ended_ground = max(today, found.valid_from), ground
    found.save(update_fields=["valid_to", "ended_ground"])
    _say(events.QUALIFICATION_ENDED, found, actor, now)
    return found


def _say(kind: str, found: Qualification, actor: Actor, now: datetime) -> None:
    data = {"number": found.number, "from": str(found.valid_from), "to": str(found.valid_to)}
    log.append(kind, subject=f"user:{found.user_id}", actor=actor.name, now=now, data=data)


def list_qualifications(scope: Scope) -> QuerySet[Qualification]:
    """Certificates of officers of the offices that somebody may act for, soonest to end first."""
    found = Qualification.objects.select_related("user", "office__place").order_by("valid_to", "pk")
    if scope.everything:
        return found
    inside = Q(pk__in=())
    for grip in scope.grips:
        if HANDLE in grip.permissions and grip.organisation_id is None:
            inside |= Q(office__place__path__startswith=grip.path)
    return found.filter(inside)


def qualified(users: set[int], on: date) -> set[int]:
    """Those of some people who hold a certificate on a day."""
    held = Qualification.objects.filter(in_force(on), user__in=users)
    return set(held.values_list("user_id", flat=True))


def officers_of(performing: Performing) -> set[int]:
    """The handler and whoever helps."""
    case, day = performing.case, day_of(performing.now)
    helping = Party.objects.filter(in_force(day), case=case, role=OFFICER).exclude(user=None)
    found = set(helping.values_list("user_id", flat=True)) | {case.handler_id}
    return {one for one in found if one is not None}


@names.guard("qualified", "办理人持有有效的执法资格")
def is_qualified(performing: Performing) -> str | None:
    user = performing.actor.user
    held = user is not None and bool(qualified({user.pk}, day_of(performing.now)))
    return None if held else "您没有有效的执法资格"


@names.guard("two_qualified_officers", "承办和协办人员中至少两人持有有效的执法资格")
def has_two_qualified_officers(performing: Performing) -> str | None:
    """《中华人民共和国行政处罚法》第四十二条: 执法人员不得少于两人."""
    count = len(qualified(officers_of(performing), day_of(performing.now)))
    return None if count >= 2 else f"须有两名持有有效执法资格的承办、协办人员，现有 {count} 名"
