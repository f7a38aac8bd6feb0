"""Reading organisations, people, posts and sessions, for whoever looks after them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, Prefetch, Q, QuerySet

from puyou.accounts import problems, rules
from puyou.accounts.models import (
    AccessKey,
    Appointment,
    Grant,
    LoginSession,
    Organisation,
    Post,
    User,
    in_force,
)
from puyou.accounts.scopes import Scope
from puyou.core import clock

Row = TypeVar("Row", bound=Model)
MANAGING = ("accounts.manage", "accounts.grant")


@dataclass(frozen=True)
class Office:
    """A post that a person holds, in words."""

    organisation: str
    label: str
    post: str


def inside(scope: Scope, field: str) -> Q:
    """The condition that a path column lies where the scope looks after accounts."""
    return scope.q(field, MANAGING[0]) | scope.q(field, MANAGING[1])


def list_organisations(scope: Scope) -> QuerySet[Organisation]:
    """The organisations one looks after, in the order of places, regulators first."""
    rows = Organisation.objects.filter(inside(scope, "place__path")).select_related("place", "parent")
    return rows.order_by("place__path", "-kind", "name")


def get_organisation(scope: Scope, pk: int) -> Organisation:
    """One organisation that one looks after; problem accounts.not_here."""
    return _one(list_organisations(scope), pk)


def list_users(scope: Scope) -> QuerySet[User]:
    """The people one looks after, with their posts of today and what these may do."""
    today = clock.today()
    grants = _held_grants("post__grants", today)
    posts = Prefetch(
        "appointments",
        Appointment.objects.filter(in_force(today))
        .select_related("post__organisation")
        .prefetch_related(grants),
        to_attr="present",
    )
    rows = User.objects.filter(inside(scope, "organisation__place__path"))
    return rows.select_related("organisation").prefetch_related(posts)


def get_user(scope: Scope, pk: int) -> User:
    """One person that one looks after; problem accounts.not_here."""
    return _one(list_users(scope), pk)


def find_user(scope: Scope, username: str) -> User:
    """A person that one looks after, by user name; problem accounts.not_here."""
    found = list_users(scope).filter(username=rules.plain_username(username)).first()
    if found is None:
        raise problems.NOT_HERE()
    return found


def list_posts(scope: Scope, organisation: Organisation | None = None) -> QuerySet[Post]:
    """The posts one looks after, all or one organisation's, with their holders and powers of today."""
    today = clock.today()
    holders = Prefetch(
        "appointments", Appointment.objects.filter(in_force(today)).select_related("user"), to_attr="present"
    )
    rows = Post.objects.filter(inside(scope, "organisation__place__path"))
    rows = rows.filter(organisation=organisation) if organisation else rows
    rows = rows.select_related("organisation__place").prefetch_related(holders, _held_grants("grants", today))
    return rows.order_by("title")


def _held_grants(lookup: str, today: date) -> "Prefetch[str, QuerySet[Grant], str]":
    """What posts may do today, to be found as ``held``."""
    rows = Grant.objects.filter(in_force(today)).select_related("role", "place")
    return Prefetch(lookup, rows, to_attr="held")


def get_post(scope: Scope, pk: int) -> Post:
    """One post that one looks after; problem accounts.not_here."""
    return _one(list_posts(scope), pk)


def list_appointments(
    scope: Scope, *, user: User | None = None, post: Post | None = None
) -> QuerySet[Appointment]:
    """Appointments to posts one looks after, past ones too, latest first; of one person or one post."""
    rows = Appointment.objects.filter(inside(scope, "post__organisation__place__path"))
    rows = rows.filter(user=user) if user else rows
    rows = rows.filter(post=post) if post else rows
    return rows.select_related("user", "post__organisation__place").order_by("-valid_from", "-pk")


def get_appointment(scope: Scope, pk: int) -> Appointment:
    """One appointment to a post one looks after; problem accounts.not_here."""
    return _one(list_appointments(scope), pk)


def list_grants(scope: Scope, *, post: Post | None = None) -> QuerySet[Grant]:
    """Grants of posts one looks after, past ones too, latest first."""
    rows = Grant.objects.filter(inside(scope, "post__organisation__place__path"))
    rows = rows.filter(post=post) if post else rows
    return rows.select_related("post__organisation__place", "role", "place", "organisation").order_by(
        "-valid_from", "-pk"
    )


def get_grant(scope: Scope, pk: int) -> Grant:
    """One grant of a post one looks after; problem accounts.not_here."""
    return _one(list_grants(scope), pk)


def list_sessions(scope: Scope) -> QuerySet[LoginSession]:
    """Sessions that last, of oneself and of the people one looks after; latest seen first."""
    alive = clock.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    own = Q(user_id=int(scope.name.removeprefix("user:"))) if scope.name.startswith("user:") else Q(pk__in=())
    rows = LoginSession.objects.filter(
        own | inside(scope, "user__organisation__place__path"), ended_at=None, seen_at__gt=alive
    )
    return rows.select_related("user__organisation__place").order_by("-seen_at", "-pk")


def get_session(scope: Scope, pk: int) -> LoginSession:
    """One session, of oneself or of a person one looks after; problem accounts.not_here."""
    return _one(list_sessions(scope), pk)


def list_keys(scope: Scope, user: User) -> QuerySet[AccessKey]:
    """One's own keys for programs, those in use first, latest first; ``scope`` must be the person's own."""
    if scope.name != f"user:{user.pk}":
        raise problems.OUT_OF_SCOPE()
    return AccessKey.objects.filter(user=user).select_related("user").order_by("-ended_at", "-made_at", "-pk")


def get_key(scope: Scope, user: User, pk: int) -> AccessKey:
    """One of one's own keys; problem accounts.not_here."""
    return _one(list_keys(scope, user), pk)


def list_offices(scope: Scope, user: User, on: date | None = None) -> list[Office]:
    """The posts a person holds on a day (default today), in words; ``scope`` must be the person's own."""
    if scope.name != f"user:{user.pk}":
        raise problems.OUT_OF_SCOPE()
    held = Appointment.objects.filter(in_force(on or clock.today()), user=user).order_by("valid_from", "pk")
    rows = held.values_list(
        "post__organisation__name",
        "post__organisation__kind",
        "post__organisation__place__level",
        "post__organisation__place__name",
        "post__title",
    )
    return [
        Office(name, rules.office_label(kind, level, place), title)
        for name, kind, level, place, title in rows
    ]


def _one(rows: QuerySet[Row], pk: int) -> Row:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise problems.NOT_HERE()
    return found
