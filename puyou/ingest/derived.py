"""Secrets of single purposes, derived from the site's, so that none of them opens anything else."""

import hmac
from functools import lru_cache

from django.conf import settings


def key(purpose: str) -> bytes:
    """The secret for a purpose, such as ``nonce``."""
    return _derive(settings.SECRET_KEY, purpose)


@lru_cache(maxsize=32)
def _derive(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"puyou.ingest.{purpose}".encode(), "sha256")
