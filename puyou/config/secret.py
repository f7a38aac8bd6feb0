"""The site's secret: generated once, kept in a file only its owner can read."""

import os
import secrets
from pathlib import Path


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
