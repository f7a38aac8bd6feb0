"""Opening an account in one go: organisation, post, grant, person and appointment, where missing."""

from datetime import datetime

from django.db import transaction

from puyou.accounts import problems, roles, rules
from puyou.accounts.actions import offices, people, powers
from puyou.accounts.models import Organisation, Post, Role, User, in_force
from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.core.periods import day_of
from puyou.places.models import Place


@transaction.atomic
def open_account(
    *,
    username: str,
    name: str,
    role: str,
    place: Place,
    organisation: Organisation | None = None,
    by: Scope,
    now: datetime,
) -> tuple[User, str]:
    """A person who acts in a role at a place from today on; returns the account and its one-time password.

    ``role`` is a code of roles.CATALOGUE; without ``organisation`` it is the place's office or company.
    """
    kind = roles.BY_CODE.get(role)
    if kind is None:
        raise problems.UNKNOWN_ROLE(code=role, known="、".join(roles.BY_CODE))
    organisation = organisation or seated_at(place=place, kind=kind.kind, by=by, now=now)
    post = _post(organisation, kind, place, by, now)
    user, password = people.create_user(
        username=username, name=name, organisation=organisation, by=by, now=now
    )
    offices.appoint(user=user, post=post, valid_from=day_of(now), by=by, now=now)
    return user, password


@transaction.atomic
def seated_at(*, place: Place, kind: str, by: Scope, now: datetime) -> Organisation:
    """The organisation of a kind seated at a place; set up under the nearest one above when there is none."""
    found = Organisation.objects.filter(place=place, kind=kind).order_by("pk").first()
    if found:
        return found
    above = Organisation.objects.filter(kind=kind, place_id__in=paths.ids(place.path)).exclude(place=place)
    parent = above.order_by("-place__level", "pk").first()
    name = rules.organisation_name(kind, place.level, place.name)
    return offices.create_organisation(kind=kind, name=name, parent=parent, place=place, by=by, now=now)


def _post(organisation: Organisation, kind: roles.RoleKind, place: Place, by: Scope, now: datetime) -> Post:
    """The organisation's post of that title, with the role granted at the place."""
    post = organisation.posts.filter(title=kind.post).first()
    if post is None:
        post = offices.create_post(organisation=organisation, title=kind.post, by=by, now=now)
    today = day_of(now)
    if not post.grants.filter(in_force(today), role__code=kind.code, place=place).exists():
        powers.grant(
            post=post,
            role=_role(kind.code, by, now),
            place=place,
            organisation=organisation if kind.kind == Organisation.Kind.OPERATOR else None,
            valid_from=today,
            by=by,
            now=now,
        )
    return post


def _role(code: str, by: Scope, now: datetime) -> Role:
    if not Role.objects.filter(code=code).exists():
        powers.load_roles(by=by.name, now=now)
    return Role.objects.get(code=code)
