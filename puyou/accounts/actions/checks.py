"""The questions that several verbs ask before they change who may do what."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from django.db.models import F, Q, QuerySet

from puyou.accounts import problems, roles, rules
from puyou.accounts.models import Grant, Organisation, Post, User
from puyou.accounts.scopes import Scope
from puyou.places.models import Place

MANAGE = "accounts.manage"


def not_over(today: date, through: str = "") -> Q:
    """Dated rows in force today or later."""
    return Q(**{f"{through}valid_to": None}) | Q(**{f"{through}valid_to__gt": today})


def text(value: str, what: str, limit: int) -> str:
    """A name without blanks around it; problem name_missing when it is empty or too long."""
    value = value.strip()
    if not 1 <= len(value) <= limit:
        raise problems.NAME_MISSING(what=what, limit=limit)
    return value


def period(valid_from: date, valid_to: date | None) -> rules.Period:
    """The dates as a period; problem ends_before_it_begins."""
    if rules.runs_backwards((valid_from, valid_to)):
        raise problems.ENDS_BEFORE_IT_BEGINS()
    return valid_from, valid_to


def earlier_end(thing: str, valid_from: date, valid_to: date | None, on: date) -> date:
    """The first day no longer in force, never before the first day; an end is only ever moved earlier."""
    if valid_to is not None and valid_to <= on:
        raise problems.NO_LONGER_IN_FORCE(thing=thing, on=valid_to)
    return max(valid_from, on)


def locked_post(post: Post) -> Post:
    """The post, held until the transaction ends: its holders and grants change one at a time."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("organisation__place")
    return rows.get(pk=post.pk)


def lock_people(ids: Iterable[int]) -> None:
    """Hold people until the transaction ends, in one order, so that two changes cannot pass each other."""
    list(
        User.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk").values_list("pk")
    )


def not_oneself(by: Scope, user: User) -> None:
    """Nobody changes their own posts."""
    if by.name == f"user:{user.pk}":
        raise problems.OWN_POST()


def seat(organisation: Organisation | None) -> str:
    """Where a person is looked after: the path of the organisation's place, else of the nation."""
    if organisation is not None:
        return organisation.place.path
    return Place.objects.filter(level=0, valid_to=None).values_list("path", flat=True).first() or ""


def require_person(by: Scope, user: User, today: date) -> None:
    """The person must be looked after inside the actor's places, and hold nothing beyond them."""
    by.require(seat(user.organisation), MANAGE)
    held = Grant.objects.filter(
        not_over(today), not_over(today, "post__appointments__"), post__appointments__user=user
    )
    require_powers(by, held)


def require_powers(by: Scope, grants: QuerySet[Grant]) -> None:
    """Nobody hands out, or takes over, what reaches beyond their own places."""
    for path in set(grants.values_list("place__path", flat=True)):
        by.require(path, MANAGE)


def require_separate_administrators(user: User) -> None:
    """Nobody may hold two of the three administrators' offices on the same day."""
    offices = []
    grants = Grant.objects.select_related("role").filter(
        post__appointments__user=user, role__code__in=roles.ADMINISTRATORS
    )
    for row in grants.annotate(
        came=F("post__appointments__valid_from"), went=F("post__appointments__valid_to")
    ):
        held = rules.shared((row.valid_from, row.valid_to), (row.came, row.went))
        if held:
            offices.append((row.role.code, held))
    for (one, when), (other, then) in combinations(offices, 2):
        if one != other and rules.overlap(when, then):
            raise problems.ADMINISTRATORS_MUST_DIFFER(name=user.name)
