"""Tracking numbers and codes: derived from the sender's own id, so that a repeat answers alike and nothing is kept."""

import hmac
from uuid import UUID

from django.utils.crypto import constant_time_compare

from puyou.ingest import derived
from puyou.ingest.codes import ALPHABET

NUMBER_LENGTH, CODE_LENGTH = 9, 8
_IGNORED = str.maketrans("", "", " -\t\u3000－–—")


def _letters(purpose: str, text: str, count: int) -> str:
    digest = hmac.digest(derived.key("feedback"), f"{purpose}:{text}".encode(), "sha256")
    value, found = int.from_bytes(digest), ""
    for _ in range(count):
        value, rest = divmod(value, len(ALPHABET))
        found += ALPHABET[rest]
    return found


def number_for(client_id: UUID) -> str:
    """The tracking number of a report: ``F`` and nine letters."""
    return "F" + _letters("number", str(client_id), NUMBER_LENGTH)


def code_for(client_id: UUID) -> str:
    """The code that goes with it, 39 bits; what is kept is ``digest``."""
    return _letters("code", str(client_id), CODE_LENGTH)


def normalised(text: str) -> str:
    """What somebody typed, in any case, with or without dashes."""
    return text[:60].translate(_IGNORED).upper()


def digest(number: str, code: str) -> str:
    """What is kept of a code; keyed, because so few bits are soon guessed by whoever holds a plain hash."""
    return hmac.digest(derived.key("feedback"), f"kept:{number}:{code}".encode(), "sha256").hex()


def fits(number: str, code: str, kept: str) -> bool:
    """Whether a code is the one of a number, in constant time."""
    return constant_time_compare(digest(number, code), kept)
