"""Who may file for others: systems with a key, named in the environment and nowhere else."""

import hmac
import os

from django.core.exceptions import ImproperlyConfigured

VARIABLE = "PUYOU_OPEN311_KEYS"
SHORTEST = 24


def known() -> dict[str, str]:
    """Keys by the name of their system, from ``name:key`` pairs parted by commas; weak ones are refused."""
    pairs = [one.strip().partition(":") for one in os.environ.get(VARIABLE, "").split(",") if one.strip()]
    for name, _, key in pairs:
        if not name or len(key) < SHORTEST or len(set(key)) < 10:
            raise ImproperlyConfigured(f"{VARIABLE}: “{name}” 的密钥过短或过于简单，至少 {SHORTEST} 个字符")
    return {name: key for name, _, key in pairs}


def holder_of(key: str) -> str | None:
    """The system that a key belongs to; every key is compared, each in constant time."""
    found = None
    for name, one in known().items():
        if hmac.compare_digest(one.encode(), key.encode()):
            found = name
    return found
