"""The one read path: what may be done with a case, by whom, and why not."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, QuerySet, Value, When
from django.db.models import Case as Choose

from puyou.cases import names, rules
from puyou.cases.definition import Action, Definition, read
from puyou.cases.models import Case, ProcedureVersion
from puyou.cases.names import Actor, Performing
from puyou.cases.papers import checklist
from puyou.core import formats
from puyou.core.periods import day_of
from puyou.standards import queries as standards


@dataclass(frozen=True)
class Offer:
    """An action with whether it may be done now; ``reason``: why not, in Chinese."""

    action: Action
    allowed: bool
    reason: str = ""


def definition_of(version_id: int) -> Definition:
    """The definition of a version; published ones never change, so they are kept."""
    return _definition(version_id)


@lru_cache(maxsize=256)
def _definition(version_id: int) -> Definition:
    return read(ProcedureVersion.objects.values_list("definition", flat=True).get(pk=version_id))


Held = frozenset[str] | None  # relations_held, where a page asked once; None asks anew


def relations_held(case: Case, actor: Actor, held: Held = None) -> frozenset[str]:
    """How somebody stands to a case, by the very predicates that queues are made of; one query, none with ``held``."""
    return relations_of([case.pk], actor)[case.pk] if held is None else held


def relations_of(cases: Iterable[int], actor: Actor) -> dict[int, frozenset[str]]:
    """How somebody stands to each of some cases; one query for all."""
    return {standing.case_id: standing.held for standing in standings(cases, actor)}


@dataclass(frozen=True)
class Standing:
    """Where a case stands, and how somebody stands to it."""

    case_id: int
    version_id: int
    state: str
    flags: frozenset[str]
    held: frozenset[str]


def standings(cases: Iterable[int], actor: Actor) -> list[Standing]:
    """Some cases as far as who may do what depends on them; one query for all."""
    found = Case.objects.filter(pk__in=list(cases)).only("version_id", "state", "flags")
    return [_standing(case) for case in marked(found, actor)]


def marked(cases: QuerySet[Case], actor: Actor) -> QuerySet[Any]:
    """Cases that carry how somebody stands to each of them: ``is_office``, ``is_handler`` and so on."""
    marks = {
        f"is_{code}": Choose(
            When(relation.q(actor), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for code, relation in names.relations().items()
    }
    found: QuerySet[Any] = cases.annotate(**marks)
    return found


def _standing(case: Any) -> Standing:
    held = frozenset(code for code in names.relations() if getattr(case, f"is_{code}"))
    return Standing(case.pk, case.version_id, case.state, frozenset(case.flags), held)


def available(case: Case, actor: Actor, now: datetime, held: Held = None) -> list[Offer]:
    """Every action of the procedure with allowed or denied and the reason: buttons, API and queues follow it."""
    definition, stands = definition_of(case.version_id), relations_held(case, actor, held)
    return [_offer(Performing(case, definition, action, actor, now), stands) for action in definition.actions]


def next_actions(cases: Iterable[Case], actor: Actor, now: datetime) -> dict[int, Action]:
    """The first action of each case that its state waits for and the person may do now: the button in a list.

    Cases of which the person can do nothing are left out. Costs one query, and what guards and materials ask.
    """
    listed = list(cases)
    held = relations_of([case.pk for case in listed], actor) if listed else {}
    found = ((case, _next_action(case, actor, now, held.get(case.pk, frozenset()))) for case in listed)
    return {case.pk: action for case, action in found if action is not None}


def _next_action(case: Case, actor: Actor, now: datetime, held: Set[str]) -> Action | None:
    definition = definition_of(case.version_id)
    asked = (action for action in definition.actions if action.primary)
    return next(
        (one for one in asked if why_not(Performing(case, definition, one, actor, now), held) is None), None
    )


def with_first_actions(cases: QuerySet[Case], actor: Actor) -> list[tuple[Case, Action | None]]:
    """A list with the first step of each case that its state waits for and that no guard and no paper could deny.

    One query however long the list is. None: the next step must be judged first, which the case's own page does.
    """
    return [(case, _first_action(_standing(case))) for case in marked(cases, actor)]


def _first_action(standing: Standing) -> Action | None:
    definition = definition_of(standing.version_id)
    asked = (
        one for one in definition.actions if one.primary and not (one.danger or one.guards or one.materials)
    )
    return next(
        (
            one
            for one in asked
            if standing.held & set(one.who)
            and rules.why_not(definition, one, standing.state, standing.flags) is None
        ),
        None,
    )


def _offer(performing: Performing, held: Set[str]) -> Offer:
    reason = why_not(performing, held)
    return Offer(performing.action, reason is None, reason or "")


def why_not(performing: Performing, held: Set[str]) -> str | None:
    """Why an action is denied: who asks, state and flags, then the guards in order; None when it is allowed."""
    action, case = performing.action, performing.case
    if not held & set(action.who):
        who = "、".join(names.relation_of(code).name for code in action.who)
        return f"由{who}办理"
    reason = rules.why_not(performing.definition, action, case.state, set(case.flags))
    if reason is not None:
        return reason
    lacking = checklist.why_lacking(case, performing.definition, action) or _too_late(performing)
    if lacking is not None:
        return lacking
    for guard in names.guards_of(action):
        said = guard.function(performing)
        if said is not None:
            return str(said)
    return None


def _too_late(performing: Performing) -> str | None:
    """Why a closed case may not be opened again by an action with a window; None while it may."""
    closed_at, window = performing.case.closed_at, performing.action.reopens_within
    if closed_at is None or window is None:
        return None
    last = standards.due(day_of(closed_at), window).due
    return f"已过重新办理的期限（{formats.day(last)}）" if day_of(performing.now) > last else None
