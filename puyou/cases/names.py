"""What definitions may name: guards, effects, relations and documents, registered by whoever has them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases.definition import Action, Definition
from puyou.cases.models import Case
from puyou.cases.rules import Known


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with a scope, or a process of the product's own (``user`` None).

    ``roles``: the cases in which the person is a party today, by role, where a page asked once for all its lists;
    None asks anew each time.
    """

    scope: Scope
    user: User | None = None
    roles: Mapping[str, Sequence[int]] | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """As the log knows it, such as ``user:12``."""
        return self.scope.name


@dataclass
class Performing:
    """An action being done: what guards judge and effects change. ``data``: the checked fields."""

    case: Case
    definition: Definition
    action: Action
    actor: Actor
    now: datetime
    data: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)  # what effects add to the event


Guard = Callable[[Performing], str | None]
Effect = Callable[[Performing], None]


@dataclass(frozen=True)
class Relation:
    """How somebody stands to a case: one predicate, used by lists, queues and permission alike."""

    code: str
    name: str
    q: Callable[[Actor], Q]


@dataclass(frozen=True)
class Named:
    """A registered function with its Chinese explanation."""

    code: str
    explanation: str
    function: Callable[..., Any]


_guards: dict[str, Named] = {}
_effects: dict[str, Named] = {}
_relations: dict[str, Relation] = {}
_documents: dict[str, str] = {}


def guard(code: str, explanation: str) -> Callable[[Guard], Guard]:
    """Register a guard: it returns None when it lets pass, else the reason in Chinese.

    Guards must not change anything, and are asked without ``data`` when a page is drawn.
    """
    return _entering(_guards, code, explanation)


def effect(code: str, explanation: str) -> Callable[[Effect], Effect]:
    """Register an effect: it changes rows inside the action's transaction, and may raise a Problem."""
    return _entering(_effects, code, explanation)


def _entering(held: dict[str, Named], code: str, explanation: str) -> Callable[[Any], Any]:
    def enter(function: Any) -> Any:
        if code in held:
            raise ValueError(f"{code} is registered twice")
        held[code] = Named(code, explanation, function)
        return function

    return enter


def relate(relation: Relation) -> Relation:
    """Register a relation."""
    if relation.code in _relations:
        raise ValueError(f"relation {relation.code} is registered twice")
    _relations[relation.code] = relation
    return relation


def document(code: str, name: str) -> None:
    """Register a kind of document that actions may produce."""
    if code in _documents:
        raise ValueError(f"document {code} is registered twice")
    _documents[code] = name


@dataclass(frozen=True)
class Panel:
    """What a procedure adds to the page of its cases: a template and what it is given."""

    template: str
    context: Callable[[Case, Actor], dict[str, Any]]


_panels: dict[str, Panel] = {}


def panel(procedure: str, template: str) -> Callable[[Any], Any]:
    """Register the panel of a procedure: ``function(case, actor)`` gives the template's context."""

    def enter(function: Any) -> Any:
        _panels[procedure] = Panel(template, function)
        return function

    return enter


def panel_of(procedure: str) -> Panel | None:
    """The panel of a procedure, or None."""
    return _panels.get(procedure)


def known() -> Known:
    """Every registered name."""
    return Known(_guards.keys(), _effects.keys(), _relations.keys(), _documents.keys())


def guards_of(action: Action) -> list[Named]:
    """The guards of an action, in its order."""
    return [_guards[code] for code in action.guards]


def effects_of(action: Action) -> list[Named]:
    """The effects of an action, in its order."""
    return [_effects[code] for code in action.effects]


def relation_of(code: str) -> Relation:
    """The relation of a code; KeyError when nobody registered it."""
    return _relations[code]


def relations() -> dict[str, Relation]:
    """Every registered relation by code."""
    return dict(_relations)


def explanations() -> dict[str, str]:
    """Chinese explanations of every guard and effect, by code."""
    return {code: named.explanation for code, named in (_guards | _effects).items()}


def document_names() -> dict[str, str]:
    """Chinese names of every kind of document, by code."""
    return dict(_documents)
