"""Who may judge the payload of which kind: rooms above hand their judges in, so the door stays ignorant."""

from collections.abc import Callable, Sequence
from typing import Any

from puyou.core.problems import Problem
from puyou.ingest import problems

Payload = dict[str, Any]
Validator = Callable[[Sequence[Payload]], Sequence[Problem | None]]
_validators: dict[str, Validator] = {}


def register(kind: str, function: Validator) -> None:
    """Let envelopes of ``kind`` in. For config only.

    ``function(payloads)`` answers for each payload of a batch the Problem to refuse it with, or None.
    Its ``field`` detail is relative to the payload.
    """
    _validators[kind] = function


def known() -> set[str]:
    """The kinds that somebody understands."""
    return set(_validators)


def check(kinds: Sequence[str], payloads: Sequence[Payload]) -> list[Problem | None]:
    """What each kind's validator says of each payload; ingest.unknown_kind where nobody knows the kind."""
    found: list[Problem | None] = [None] * len(kinds)
    for kind in dict.fromkeys(kinds):
        rows = [row for row, each in enumerate(kinds) if each == kind]
        validator = _validators.get(kind)
        if validator is None:
            unknown = problems.UNKNOWN_KIND(field="kind", kind=kind[:30])
            said: Sequence[Problem | None] = [unknown] * len(rows)
        else:
            said = validator([payloads[row] for row in rows])
        for row, problem in zip(rows, said, strict=True):
            found[row] = problem
    return found
