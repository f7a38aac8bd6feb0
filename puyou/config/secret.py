"""The site's secrets: generated once and kept in a file only its owner can read, or said by the environment."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

LETTERS = 50  # of a signing key, as Django's own check asks (security.W009)
DISTINCT = 5


def said(name: str, letters: int) -> str:
    """The secret in environment variable ``name``, empty if there is none.

    ImproperlyConfigured when it is shorter than ``letters`` or repeats a handful of characters.
    """
    value = os.environ.get(name, "")
    if value and (len(value) < letters or len(set(value)) < DISTINCT):
        raise ImproperlyConfigured(f"{name} 太弱：至少 {letters} 个字符，且不能只由几个字符重复组成")
    return value


def read_or_make(home: Path) -> str:
    """The secret kept in ``home/secret`` (mode 0600), made on first use."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "secret"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
