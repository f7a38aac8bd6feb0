"""Granting posts what they may do, taking it back, and loading the catalogue of roles."""

from datetime import date, datetime

from django.db import transaction

from puyou.accounts import events, problems, roles, rules
from puyou.accounts.actions import checks
from puyou.accounts.models import Grant, Organisation, Post, Role, User
from puyou.accounts.scopes import Scope
from puyou.core.events import append
from puyou.core.periods import day_of
from puyou.places.models import Place

GRANT = "accounts.grant"


@transaction.atomic
def load_roles(*, by: str, now: datetime) -> dict[str, int]:
    """Bring the table of roles up to the catalogue, repeatably. Says how many were new or changed."""
    changed = 0
    for kind in roles.CATALOGUE:
        row = Role.objects.filter(code=kind.code).first() or Role(code=kind.code)
        wanted = (kind.name, sorted(kind.permissions))
        if row.pk and (row.name, row.permissions) == wanted:
            continue
        row.name, row.permissions = wanted
        row.save()
        changed += 1
        data = {"name": row.name, "permissions": row.permissions}
        append(events.ROLE_LOADED, subject=f"role:{row.code}", actor=by, now=now, data=data)
    return {"roles": len(roles.CATALOGUE), "changed": changed}


@transaction.atomic
def grant(
    *,
    post: Post,
    role: Role,
    place: Place,
    organisation: Organisation | None = None,
    valid_from: date,
    valid_to: date | None = None,
    by: Scope,
    now: datetime,
) -> Grant:
    """Let a post act in a role within a place for ``[valid_from, valid_to)``.

    Refused: one's own post, places beyond the actor's, a role that does not fit the organisation or the
    place's level, an operator's post without (or with a foreign) organisation, two administrators in one.
    """
    post = checks.locked_post(post)
    holders = User.objects.filter(checks.not_over(day_of(now), "appointments__"), appointments__post=post)
    people = list(holders.distinct())
    checks.lock_people(user.pk for user in people)
    by.require(post.organisation.place.path, GRANT)
    by.require(place.path, GRANT)
    for user in people:
        checks.not_oneself(by, user)
    _require_fit(post, role, place, organisation)
    period = checks.period(valid_from, valid_to)
    same = post.grants.filter(role=role, place=place, organisation=organisation)
    if rules.overlap_any(period, same.values_list("valid_from", "valid_to")):
        raise problems.ALREADY_GRANTED(title=post.title)
    row = Grant.objects.create(
        post=post, role=role, place=place, organisation=organisation, valid_from=valid_from, valid_to=valid_to
    )
    for user in people:
        checks.require_separate_administrators(user)
    _say(events.GRANT_MADE, row, by, now)
    return row


def _require_fit(post: Post, role: Role, place: Place, organisation: Organisation | None) -> None:
    kind = roles.BY_CODE.get(role.code)
    if kind is None or kind.kind != post.organisation.kind:
        raise problems.ROLE_DOES_NOT_FIT(role=role.name, kind=post.organisation.get_kind_display())
    if place.level not in kind.levels:
        levels = "、".join(roles.LEVELS[level] for level in kind.levels)
        raise problems.LEVEL_DOES_NOT_FIT(role=role.name, levels=levels, place=place.name)
    if kind.kind == Organisation.Kind.OPERATOR:
        if organisation is None or not _within(organisation, post.organisation):
            raise problems.ORGANISATION_NEEDED()
    elif organisation is not None:
        raise problems.ROLE_DOES_NOT_FIT(role=role.name, kind=organisation.get_kind_display())


def _within(organisation: Organisation | None, above: Organisation) -> bool:
    while organisation is not None and organisation.pk != above.pk:
        organisation = organisation.parent
    return organisation is not None


@transaction.atomic
def revoke_grant(*, grant: Grant, on: date, by: Scope, now: datetime) -> Grant:
    """Take a role back: ``on`` is the first day without it. Today's date works from the next request on."""
    row = (
        Grant.objects.select_for_update(of=("self",))
        .select_related("post__organisation__place", "place")
        .get(pk=grant.pk)
    )
    by.require(row.post.organisation.place.path, GRANT)
    by.require(row.place.path, GRANT)
    row.valid_to = checks.earlier_end("授权", row.valid_from, row.valid_to, on)
    row.save(update_fields=["valid_to"])
    _say(events.GRANT_REVOKED, row, by, now)
    return row


def _say(kind: str, row: Grant, by: Scope, now: datetime) -> None:
    data = {
        "grant": row.pk,
        "role": row.role.code,
        "place": row.place_id,
        "organisation": row.organisation_id,
        "from": row.valid_from,
        "to": row.valid_to,
    }
    append(kind, subject=f"post:{row.post_id}", actor=by.name, now=now, data=data)
