"""What a procedure is made of: the shape of a definition, read from JSON and nothing else."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Code = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Term = Annotated[str, Meta(pattern=r"\A[1-9][0-9]{0,3}(wd|d)\Z")]  # 20wd: working days; 90d: calendar days
StateKind = Literal["open", "waiting", "final"]
FieldKind = Literal["text", "long_text", "choice", "date", "number", "boolean", "place", "person"]


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Any part of a definition: unknown words are mistakes."""


class State(Part, frozen=True):
    """Where a case can be. ``waiting``: for somebody outside the office; ``outcome`` belongs to a final state."""

    code: Code
    name: Name
    kind: StateKind = "open"
    start: bool = False
    public: str = ""
    outcome: Code | None = None


class Flag(Part, frozen=True):
    """A mark beside the state; it never replaces one."""

    code: Code
    name: Name


class Field(Part, frozen=True):
    """One thing that an action asks for; ``limit``: characters of a text, or the highest number.

    ``choices``: code → name, or pairs of them: databases forget the order of keys, so pairs are what is kept.
    """

    code: Code
    name: Name
    kind: FieldKind = "text"
    required: bool = True
    choices: dict[str, str] | tuple[tuple[str, str], ...] = ()
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 2000
    help: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.choices, dict):
            msgspec.structs.force_setattr(self, "choices", tuple(self.choices.items()))

    @property
    def options(self) -> dict[str, str]:
        """Names of the choices by code, in their order."""
        return dict(self.choices)


class Clock(Part, frozen=True):
    """A term: ``allowance`` in its own unit, its legal basis, when to warn (days before it is due)."""

    code: Code
    name: Name
    allowance: Term
    legal_basis: str
    warn_days: tuple[int, ...] = (3,)
    extension: Term | None = None
    verified: bool = False


class Material(Part, frozen=True):
    """A paper that an action needs on the case's checklist."""

    code: Code
    name: Name
    legal_basis: str = ""


class Action(Part, frozen=True):
    """What may be done: from which states, to which (none: stays), by whom, under which guards, with what effect.

    ``primary``: it is what the state waits for, so the case stands in the queue of ``who``.
    """

    code: Code
    name: Name
    who: Annotated[tuple[Code, ...], Meta(min_length=1)]
    sources: tuple[Code, ...] = ()
    target: Code | None = None
    requires: tuple[Code, ...] = ()
    forbids: tuple[Code, ...] = ()
    sets: tuple[Code, ...] = ()
    clears: tuple[Code, ...] = ()
    guards: tuple[Code, ...] = ()
    effects: tuple[Code, ...] = ()
    fields: tuple[Field, ...] = ()
    materials: tuple[Code, ...] = ()
    documents: tuple[Code, ...] = ()
    starts: tuple[Code, ...] = ()
    stops: tuple[Code, ...] = ()
    suspends: tuple[Code, ...] = ()
    resumes: tuple[Code, ...] = ()
    extends: tuple[Code, ...] = ()
    notifies: tuple[Code, ...] = ()
    primary: bool = True
    bulk: bool = False
    danger: bool = False
    reopens_within: Term | None = None


class Definition(Part, frozen=True):
    """A whole procedure. Its code and name stand on the procedure itself."""

    code: Code
    name: Name
    legal_basis: str
    retention_years: Annotated[int, Meta(ge=1, le=100)]
    states: tuple[State, ...]
    actions: tuple[Action, ...]
    flags: tuple[Flag, ...] = ()
    clocks: tuple[Clock, ...] = ()
    materials: tuple[Material, ...] = ()
    number_prefix: Annotated[str, Meta(min_length=1, max_length=8)] = "案"

    def state(self, code: str) -> State:
        """The state of a code; KeyError when there is none."""
        return {state.code: state for state in self.states}[code]

    def action(self, code: str) -> Action | None:
        """The action of a code, or None."""
        return {action.code: action for action in self.actions}.get(code)

    def clock(self, code: str) -> Clock:
        """The clock of a code; KeyError when there is none."""
        return {clock.code: clock for clock in self.clocks}[code]

    @property
    def start(self) -> State:
        """Where a case begins."""
        return next(state for state in self.states if state.start)


def read(value: Any) -> Definition:
    """A definition from plain JSON values; msgspec.ValidationError when its shape is wrong."""
    return msgspec.convert(value, Definition)


def plain(definition: Definition) -> dict[str, Any]:
    """The same as plain JSON values."""
    found: dict[str, Any] = msgspec.to_builtins(definition)
    return found
