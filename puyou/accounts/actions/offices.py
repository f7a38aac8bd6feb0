"""Setting up organisations and posts, and putting people into posts for a time."""

from datetime import date, datetime

from django.db import transaction

from puyou.accounts import events, problems, rules
from puyou.accounts.actions import checks
from puyou.accounts.models import Appointment, Organisation, Post, User
from puyou.accounts.scopes import Scope
from puyou.core.events import append
from puyou.core.periods import day_of
from puyou.places.models import Place

MANAGE = "accounts.manage"


@transaction.atomic
def create_organisation(
    *, kind: str, name: str, parent: Organisation | None, place: Place, by: Scope, now: datetime
) -> Organisation:
    """A new office or company inside its parent's place; problems outside_parent, name_taken."""
    by.require(place.path, MANAGE)
    name = checks.text(name, "机构名称", 100)
    if parent is not None and (parent.kind != kind or not place.path.startswith(parent.place.path)):
        raise problems.OUTSIDE_PARENT(place=place.name, parent=parent.name)
    row, new = Organisation.objects.get_or_create(
        place=place, name=name, defaults={"kind": kind, "parent": parent}
    )
    if not new:
        raise problems.NAME_TAKEN(name=name)
    append(
        events.ORGANISATION_CREATED,
        subject=f"organisation:{row.pk}",
        actor=by.name,
        now=now,
        data={"kind": kind, "name": name, "parent": parent.pk if parent else None, "place": place.pk},
    )
    return row


@transaction.atomic
def create_post(*, organisation: Organisation, title: str, by: Scope, now: datetime) -> Post:
    """A new seat in an organisation; it may do nothing until it is granted a role."""
    by.require(organisation.place.path, MANAGE)
    title = checks.text(title, "岗位名称", 60)
    row, new = Post.objects.get_or_create(organisation=organisation, title=title)
    if not new:
        raise problems.NAME_TAKEN(name=title)
    data = {"organisation": organisation.pk, "title": title}
    append(events.POST_CREATED, subject=f"post:{row.pk}", actor=by.name, now=now, data=data)
    return row


@transaction.atomic
def appoint(
    *, user: User, post: Post, valid_from: date, valid_to: date | None = None, by: Scope, now: datetime
) -> Appointment:
    """Put a person into a post for ``[valid_from, valid_to)``.

    Refused: oneself, a person or a post (with all it is granted) beyond the actor's places, a second time in
    the same days, and a person who would hold two of the three administrators' offices.
    """
    post = checks.locked_post(post)
    checks.lock_people([user.pk])
    by.require(post.organisation.place.path, MANAGE)
    checks.not_oneself(by, user)
    checks.require_person(by, user, day_of(now))
    checks.require_powers(by, post.grants.filter(checks.not_over(day_of(now))))
    period = checks.period(valid_from, valid_to)
    if rules.overlap_any(period, user.appointments.filter(post=post).values_list("valid_from", "valid_to")):
        raise problems.ALREADY_APPOINTED(name=user.name, title=post.title)
    row = Appointment.objects.create(user=user, post=post, valid_from=valid_from, valid_to=valid_to)
    checks.require_separate_administrators(user)
    append(
        events.APPOINTMENT_MADE,
        subject=f"user:{user.pk}",
        actor=by.name,
        now=now,
        data={"appointment": row.pk, "post": post.pk, "from": valid_from, "to": valid_to},
    )
    return row


@transaction.atomic
def end_appointment(*, appointment: Appointment, on: date, by: Scope, now: datetime) -> Appointment:
    """End a person's time in a post: ``on`` is the first day without it. Today's date works at once."""
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("post__organisation__place", "user")
        .get(pk=appointment.pk)
    )
    by.require(row.post.organisation.place.path, MANAGE)
    checks.not_oneself(by, row.user)
    checks.require_powers(by, row.post.grants.filter(checks.not_over(day_of(now))))
    row.valid_to = checks.earlier_end("任职", row.valid_from, row.valid_to, on)
    row.save(update_fields=["valid_to"])
    append(
        events.APPOINTMENT_ENDED,
        subject=f"user:{row.user_id}",
        actor=by.name,
        now=now,
        data={"appointment": row.pk, "post": row.post_id, "to": row.valid_to},
    )
    return row
