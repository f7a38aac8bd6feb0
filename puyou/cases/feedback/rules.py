"""Judging reports: what must not be told of a reporter, whether a text fits, and what the verified rate is made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

TEXT_LIMIT, PHOTOS_LIMIT = 2000, 6
CONCEALED = "＊＊＊"
_NUMBERS = re.compile(
    r"(?<!\d)\d{17}[\dXx](?!\d)"  # of an identity card
    r"|(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
)
_HASH = re.compile(r"[0-9a-f]{64}")
OUTSIDE = frozenset({"other_body", "merged", "withdrawn"})  # never were the office's own reports to settle
VERIFIED, REFUTED = "verified", "refuted"
SETTLED, ESTABLISHED = "settled", "established"


def concealed(text: str, secrets: Iterable[str] = ()) -> str:
    """A text without telephone and card numbers, mail addresses, and the words given (of two letters at least)."""
    for secret in sorted({one.strip() for one in secrets}, key=len, reverse=True):
        if len(secret) >= 2:
            text = text.replace(secret, CONCEALED)
    return _NUMBERS.sub(CONCEALED, text)


def are_hashes(values: Any) -> bool:
    """Whether these are at most so many SHA-256 in lower-case hex, each once."""
    fitting = isinstance(values, list | tuple) and len(values) <= PHOTOS_LIMIT
    return fitting and all(isinstance(one, str) and _HASH.fullmatch(one) for one in values)


def is_position(lon: Any, lat: Any, accuracy: Any) -> bool:
    """Whether three numbers are a place on Earth with an accuracy in metres (or none)."""
    numbers = [one for one in (lon, lat, accuracy) if one is not None]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        return False
    if lon is None or lat is None:
        return False
    return abs(lon) <= 180 and abs(lat) <= 90 and (accuracy is None or 0 <= accuracy <= 1e6)


@dataclass(frozen=True)
class Settled:
    """What the rate needs to know of a report: its outcome, and whether it was ever accepted."""

    outcome: str
    accepted: bool


def counts(one: Settled, method: str) -> bool:
    """Whether a settled report stands in the denominator. ``settled``: every accepted report but those that were
    other bodies' or merged into another; ``established``: of these, without the refuted ones as well."""
    if not one.accepted or one.outcome in OUTSIDE:
        return False
    return method != ESTABLISHED or one.outcome != REFUTED


def verified_rate(rows: Sequence[Settled], method: str) -> tuple[int, int, float | None]:
    """Verified reports, reports in the denominator, and their share (None when there is nothing to share)."""
    inside = [one for one in rows if counts(one, method)]
    verified = sum(one.outcome == VERIFIED for one in inside)
    return verified, len(inside), verified / len(inside) if inside else None


def on_time(answered_on: date | None, due_on: date | None, today: date) -> bool | None:
    """Whether an answer came in its term; None while it still may."""
    if due_on is None:
        return None
    if answered_on is not None:
        return answered_on <= due_on
    return False if today > due_on else None
