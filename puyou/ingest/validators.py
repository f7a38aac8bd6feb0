"""Who may judge the payload of which kind: rooms above hand their judges in, so the door stays ignorant."""

from collections.abc import Callable
from typing import Any

from puyou.ingest import problems

Validator = Callable[[dict[str, Any]], object]
_validators: dict[str, Validator] = {}


def register(kind: str, function: Validator) -> None:
    """Let envelopes of ``kind`` in; ``function(payload)`` raises a Problem to refuse one. For config only."""
    _validators[kind] = function


def check(kind: str, payload: dict[str, Any]) -> None:
    """Raise the Problem that the kind's validator finds, or ingest.unknown_kind when nobody knows it."""
    validator = _validators.get(kind)
    if validator is None:
        raise problems.UNKNOWN_KIND(field="kind", kind=kind[:30])
    validator(payload)
