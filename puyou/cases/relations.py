"""How people stand to cases: the office in charge, the company concerned, the handler, the parties, the product."""

from collections.abc import Mapping, Sequence

from django.db.models import Q

from puyou.accounts.models import User, in_force
from puyou.cases.models import Party
from puyou.cases.names import Actor, Relation, relate
from puyou.core import clock

RECUSED = "recused"
HANDLE, ANSWER, SEE = "cases.handle", "cases.answer", "see"
NOBODY, ANYBODY = Q(pk__in=()), Q(pk__isnull=False)
_AFTER = "{"  # the character after "z" in the C collation: no path step holds it


def below(path: str) -> Q:
    """Cases at a place and everywhere below it, as a range that a btree serves."""
    return Q(path__gte=path, path__lt=path + _AFTER)


def within(actor: Actor, permission: str, *, companies: bool = False) -> Q:
    """Cases at places held with a permission: through a regulator's post, or (``companies``) as their own operator's
    people, once the case was shared with them."""
    if actor.scope.everything:
        return NOBODY if companies else ANYBODY
    found = NOBODY
    for grip in actor.scope.grips:
        if permission not in grip.permissions or (grip.organisation_id is not None) != companies:
            continue
        inside = below(grip.path)
        found |= inside & Q(operator_id=grip.organisation_id, shared=True) if companies else inside
    return found


def roles_of(user: User) -> Mapping[str, Sequence[int]]:
    """The cases in which a person is a party today, by role."""
    found: dict[str, list[int]] = {}
    for role, case in Party.objects.filter(in_force(clock.today()), user=user).values_list("role", "case"):
        found.setdefault(role, []).append(case)
    return found


def party(actor: Actor, *roles: str) -> Q:
    """Cases in which the person has one of the roles today (any role when none is named).

    Named one by one: beside a range of paths, a subquery would keep the database from using any index.
    """
    if actor.user is None:
        return NOBODY
    held = roles_of(actor.user) if actor.roles is None else actor.roles
    cases = {case for role, found in held.items() if not roles or role in roles for case in found}
    return Q(pk__in=sorted(cases)) if cases else NOBODY


def visible(actor: Actor) -> Q:
    """Every case that somebody may see: the one predicate of list, detail, count, search, export and API."""
    if actor.scope.everything:
        return Q()
    return within(actor, SEE) | within(actor, SEE, companies=True) | party(actor)


def free(actor: Actor) -> Q:
    """All cases but those from which the person is to keep away (回避), named one by one."""
    if actor.user is None:
        return Q()
    held = roles_of(actor.user) if actor.roles is None else actor.roles
    away = held.get(RECUSED, ())
    return ~Q(pk__in=sorted(away)) if away else Q()


OFFICE = relate(Relation("office", "主管部门", lambda actor: within(actor, HANDLE) & free(actor)))
OPERATOR = relate(Relation("operator", "邮政企业", lambda actor: within(actor, ANSWER, companies=True)))
HANDLER = relate(
    Relation("handler", "承办人", lambda actor: Q(handler=actor.user) & free(actor) if actor.user else NOBODY)
)
HELPER = relate(Relation("officer", "协办人", lambda actor: party(actor, "officer") & free(actor)))
REPORTER = relate(Relation("reporter", "反映人", lambda actor: party(actor, "reporter")))
SYSTEM = relate(Relation("system", "系统", lambda actor: ANYBODY if actor.scope.everything else NOBODY))
