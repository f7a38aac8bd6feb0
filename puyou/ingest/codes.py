"""Enrolment codes as people read and type them; what is kept of one is a keyed hash."""

import hmac
import secrets
from datetime import timedelta

from puyou.ingest import derived

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L: they are told apart badly
LENGTH = 10
LIFETIME = timedelta(hours=24)
_IGNORED = str.maketrans("", "", " -\t\u3000－–—")


def mint() -> str:
    """A new code, 49 bits of chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spaced(code: str) -> str:
    """As it is shown: XXXXX-XXXXX."""
    return f"{code[:5]}-{code[5:]}"


def fragment(code: str) -> str:
    """The part of the app's address that a QR carries."""
    return f"#enrol={code}"


def normalised(text: str) -> str | None:
    """The code in what somebody typed: any case, with or without its dash; None when it cannot be one."""
    code = text.translate(_IGNORED).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def digest(code: str) -> bytes:
    """What is kept of a code. Keyed, because 49 bits are soon guessed by whoever holds a plain hash."""
    return hmac.digest(derived.key("enrolment"), code.encode(), "sha256")
