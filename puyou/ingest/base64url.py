"""Bytes in text as phones write them: base64url without padding, one spelling only."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

_TEXT = re.compile(r"[A-Za-z0-9_-]*\Z")


def encode(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str, size: int) -> bytes | None:
    """The ``size`` bytes that a text spells; None for any other text, a second spelling of the same included."""
    if len(text) != (size * 8 + 5) // 6 or not _TEXT.match(text):
        return None
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if encode(data) == text else None
