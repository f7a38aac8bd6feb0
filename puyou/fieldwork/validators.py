"""Judging at the front door what a phone says about its round and about consent."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from puyou.core.problems import Problem
from puyou.fieldwork import consent_texts, problems
from puyou.fieldwork.models import RoundMark

Payload = dict[str, Any]


def check_round_marks(payloads: Sequence[Payload]) -> list[Problem | None]:
    """For each payload of kind ``round_mark`` the Problem to refuse it with, or None."""
    return [_said(_require_mark, payload) for payload in payloads]


def check_consents(payloads: Sequence[Payload]) -> list[Problem | None]:
    """For each payload of kind ``consent`` the Problem to refuse it with, or None."""
    return [_said(_require_consent, payload) for payload in payloads]


def _said(require: Callable[[Payload], None], payload: Payload) -> Problem | None:
    try:
        require(payload)
    except Problem as problem:
        return problem
    return None


def _require_mark(payload: Payload) -> None:
    _require_fields(payload, ("event", "day"))
    if payload["event"] not in RoundMark.Kind.values:
        raise problems.BAD_FIELD(field="event", expected="应为 start（出班）或 end（收班）")
    if _day(payload["day"]) is None:
        raise problems.BAD_FIELD(field="day", expected="应为日期，如 2026-11-20")


def _require_consent(payload: Payload) -> None:
    _require_fields(payload, ("version", "agreed"))
    if not isinstance(payload["agreed"], bool):
        raise problems.BAD_FIELD(field="agreed", expected="应为 true 或 false")
    version = payload["version"]
    if not isinstance(version, str) or version not in consent_texts.BY_VERSION:
        raise problems.UNKNOWN_VERSION(field="version", version=str(version)[:20])


def _require_fields(payload: Payload, names: tuple[str, ...]) -> None:
    for name in payload:
        if name not in names:
            raise problems.UNKNOWN_FIELD(field=name[:40])
    for name in names:
        if name not in payload:
            raise problems.MISSING_FIELD(field=name)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None
