"""Reading cases: lists, queues and search, every one of them inside the same predicate."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Count, F, Func, Q, QuerySet

from puyou.accounts.models import User, in_force
from puyou.accounts.scopes import Scope
from puyou.cases import names, problems, reading, relations, rules, wording
from puyou.cases.models import Awaiting, Case, CaseEvent, CaseNotice, Procedure, ProcedureVersion, Watch
from puyou.cases.names import Actor

Roles = Mapping[str, Sequence[int]] | None
Awaitings = Sequence[Awaiting] | None  # list_awaiting, where a page asked once; None asks anew
Offices = Sequence[int] | None  # offices_of, likewise
SHOWN = ("place", "office", "operator", "handler", "version__procedure")
UNREAD = ("words", "fields", "version__definition")  # long, and no list shows them


def list_cases(scope: Scope, user: User | None = None, roles: Roles = None) -> QuerySet[Case]:
    """Every case that somebody may see, newest first. ``roles``: see ``names.Actor``."""
    found = Case.objects.filter(relations.visible(Actor(scope, user, roles)))
    return found.select_related(*SHOWN).defer(*UNREAD).order_by("-opened_at", "-id")


def get_case(scope: Scope, pk: int, user: User | None = None) -> Case:
    """One case; Problem (404) when there is none or it is not the asker's to see."""
    found = list_cases(scope, user).defer(None).filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_CASE()
    return found


def list_waiting(
    scope: Scope, user: User | None = None, roles: Roles = None, awaiting: Awaitings = None
) -> QuerySet[Case]:
    """Open cases that wait for this person: who stands to the case as its state asks. First what is due first."""
    waits = _waits_for(Actor(scope, user, roles), awaiting)
    return by_due(list_cases(scope, user, roles).filter(waits, closed_at=None))


def _waits_for(actor: Actor, awaiting: Awaitings) -> Q:
    waits, related = Q(pk__in=()), names.relations()
    known = list_awaiting(actor.scope) if awaiting is None else awaiting
    for relation, states in awaited(known).items():
        if relation != "system":
            waits |= related[relation].q(actor) & states
    return waits


def offices_of(user: User, on: date) -> list[int]:
    """The organisations in which a person holds a post on a day."""
    held = user.appointments.filter(in_force(on)).values_list("post__organisation", flat=True)
    return sorted(set(held))


def list_mine(
    scope: Scope,
    user: User,
    today: date,
    roles: Roles = None,
    awaiting: Awaitings = None,
    offices: Offices = None,
) -> QuerySet[Case]:
    """What waits for this person and is theirs: their own office's or company's, in their hands, or their part in it.

    ``list_waiting`` also holds what offices below them should do.
    """
    part = [case for cases in _roles(user, roles).values() for case in cases]
    own = _own(user, today, offices) | Q(handler=user) | Q(pk__in=sorted(part))
    return list_waiting(scope, user, roles, awaiting).filter(own)


def _roles(user: User, roles: Roles) -> Mapping[str, Sequence[int]]:
    return relations.roles_of(user) if roles is None else roles


def list_office(
    scope: Scope, user: User, today: date, roles: Roles = None, offices: Offices = None
) -> QuerySet[Case]:
    """Open cases that the person's own office is in charge of, or that concern their own company."""
    return by_due(list_cases(scope, user, roles).filter(_own(user, today, offices), closed_at=None))


def _own(user: User, today: date, offices: Offices) -> Q:
    held = offices_of(user, today) if offices is None else offices
    return Q(office__in=held) | Q(operator__in=held)


def list_elsewhere(
    scope: Scope,
    user: User,
    today: date,
    roles: Roles = None,
    awaiting: Awaitings = None,
    offices: Offices = None,
) -> QuerySet[Case]:
    """Open cases of the person's own or their office's that wait for somebody else."""
    own = _own(user, today, offices) | Q(handler=user)
    held = list_cases(scope, user, roles).filter(own, closed_at=None)
    return by_due(held.exclude(_waits_for(Actor(scope, user, roles), awaiting)))


def list_changes(
    scope: Scope, user: User, since: datetime, today: date, roles: Roles = None, offices: Offices = None
) -> QuerySet[CaseEvent]:
    """What others did since a moment in cases of the person, of their office, or that they follow; newest first."""
    watched = list(Watch.objects.filter(user=user).values_list("case", flat=True))
    part = [case for cases in _roles(user, roles).values() for case in cases]
    own = _own(user, today, offices) | Q(handler=user) | Q(pk__in=watched + part)
    cases = Case.objects.filter(relations.visible(Actor(scope, user, roles))).filter(own).values("pk")
    # A case that changed since is open, or was closed since: two lists that indexes serve, each on its own.
    lately = cases.filter(closed_at=None).union(cases.filter(closed_at__gte=since), all=True)
    said = CaseEvent.objects.filter(at__gte=since, case__in=lately).exclude(by=user)
    return (
        said.select_related("case", "by").defer("case__words", "case__fields", "data").order_by("-at", "-id")
    )


def count_by_day(found: QuerySet[Case], first: date, last: date) -> dict[date, int]:
    """How many of the cases are due on each day of a span, both ends included."""
    held = found.filter(due_on__gte=first, due_on__lte=last).order_by().values("due_on")
    return {row["due_on"]: row["count"] for row in held.annotate(count=Count("pk")) if row["due_on"]}


def by_due(found: QuerySet[Case]) -> QuerySet[Case]:
    """What is due first comes first; what has no term comes last."""
    return found.order_by(F("due_on").asc(nulls_last=True), "id")


def list_awaiting(scope: Scope) -> list[Awaiting]:
    """Whom every state of every version that was ever in force waits for, with its procedure; procedures are public."""
    return list(Awaiting.objects.select_related("version__procedure").defer("version__definition"))


def awaited(awaiting: Iterable[Awaiting]) -> dict[str, Q]:
    """Which cases wait for whom: relation → condition on version and state, and on marks where steps depend on them."""
    plain: dict[str, dict[int, list[str]]] = {}
    marked: dict[str, Q] = {}
    for row in awaiting:
        marks = _marks(row)
        if marks is None:
            plain.setdefault(row.relation, {}).setdefault(row.version_id, []).append(row.state)
        else:
            held = Q(version=row.version_id, state=row.state) & marks
            marked[row.relation] = marked.get(row.relation, relations.NOBODY) | held
    return {
        relation: reduce(
            or_,
            (Q(version=version, state__in=sorted(held)) for version, held in plain.get(relation, {}).items()),
            marked.get(relation, relations.NOBODY),
        )
        for relation in {*plain, *marked}
    }


def _marks(row: Awaiting) -> Q | None:
    """The marks without which no step of a relation in a state can be taken; None when a step asks for none."""
    definition = reading.definition_of(row.version_id)
    steps = [
        action
        for action in definition.actions
        if action.primary and row.relation in action.who and row.state in rules.sources_of(definition, action)
    ]
    if any(not action.requires and not action.forbids for action in steps):
        return None
    found = relations.NOBODY
    for action in steps:
        wanted = Q(flags__contains=list(action.requires)) if action.requires else relations.ANYBODY
        hindered = Q(flags__overlap=list(action.forbids)) if action.forbids else relations.NOBODY
        found |= wanted & ~hindered
    return found


def list_due(
    scope: Scope, user: User | None, today: date, *, overdue: bool, roles: Roles = None
) -> QuerySet[Case]:
    """Open cases whose term has passed (or is about to, by the procedure's own warning)."""
    held = list_cases(scope, user, roles).filter(closed_at=None)
    near = held.filter(due_on__lt=today) if overdue else held.filter(due_on__gte=today, warn_on__lte=today)
    return near.order_by("due_on", "id")


def list_watched(scope: Scope, user: User, roles: Roles = None) -> QuerySet[Case]:
    """Cases that the person follows and may still see."""
    watched = Watch.objects.filter(user=user).values("case")
    return list_cases(scope, user, roles).filter(pk__in=watched)


def search(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Narrow a list to the cases whose words hold ``text`` (two letters at least; one finds numbers and titles)."""
    text = text.strip()[:60]
    grams = wording.bigrams(text).split()
    if not grams:
        return found.filter(Q(title__contains=text) | Q(number__contains=text)) if text else found
    asked = SearchQuery(" & ".join(f"'{gram}'" for gram in grams), config="simple", search_type="raw")
    narrowed: QuerySet[Any] = found.alias(vector=_Vector("words")).filter(vector=asked)
    return narrowed


class _Vector(Func):
    """The words of a case spelt exactly as their index spells them, so that the index serves."""

    template = "to_tsvector('simple', %(expressions)s)"
    output_field = SearchVectorField()


def list_notices(scope: Scope, user: User) -> QuerySet[CaseNotice]:
    """What the person was told, newest first."""
    return CaseNotice.objects.filter(user=user).select_related("case").order_by("-at", "-id")


def list_procedures(scope: Scope) -> QuerySet[Procedure]:
    """Every procedure; procedures are public."""
    return Procedure.objects.order_by("code")


def outcomes(versions: Iterable[int]) -> dict[str, str]:
    """What cases on some versions can end with: code → the name of the final state."""
    return {
        state.outcome: state.name
        for version in sorted(versions)
        for state in reading.definition_of(version).states
        if state.outcome is not None
    }


def with_written(found: QuerySet[Case]) -> QuerySet[Case]:
    """The same list with what people wrote, which lists leave out."""
    return found.defer(None).defer("words", "version__definition")


def get_version(scope: Scope, code: str, number: int | None = None) -> ProcedureVersion:
    """A version of a procedure: the one asked for, else the published one, else the newest."""
    held = ProcedureVersion.objects.filter(procedure__code=code).select_related("procedure")
    held = held.filter(number=number) if number is not None else held
    found = held.filter(status=ProcedureVersion.Status.PUBLISHED).first() or held.order_by("-number").first()
    if found is None:
        raise problems.UNKNOWN_VERSION()
    return found
