"""The chain of a case: each record's digest covers the one before, so that none can be changed or left out unseen."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64


def digest(before: str, record: dict[str, Any]) -> str:
    """SHA-256 over the digest before and the record in one fixed spelling."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_spell)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def spell_moment(moment: datetime) -> str:
    """A moment in the one spelling that digests cover."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _spell(value: Any) -> str:
    return spell_moment(value) if isinstance(value, datetime) else str(value)


def record_of(event: Any) -> dict[str, Any]:
    """What of a CaseEvent the digest covers."""
    names = ("revision", "action", "source", "target", "data", "actor", "role", "organisation", "at")
    return {name: getattr(event, name) for name in names} | {
        "case": event.case_id,
        "flags": sorted(event.flags),
    }


def first_fault(events: Iterable[Any]) -> int | None:
    """The revision of the first record that does not follow from those before it; None when the chain holds."""
    before, expected = FIRST, 1
    for event in events:
        if event.revision != expected or event.digest != digest(before, record_of(event)):
            return expected
        before, expected = event.digest, expected + 1
    return None
