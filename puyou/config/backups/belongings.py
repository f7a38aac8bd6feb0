"""What else lies in the home and is not made again by itself: the secret, rejects, drawn audits, fonts."""

import io
import tarfile
from pathlib import Path

from puyou.config import embedded

NAMES = ("secret", "demo_accounts.json", "rejects", "audits", "fonts", "simulator")


def packed() -> bytes:
    """They as a tar."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name in NAMES:
            path = embedded.home() / name
            if path.exists():
                archive.add(path, name)
    return sink.getvalue()


def unpack(packed: bytes, home: Path) -> None:
    """Put them into another home."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(home, filter="data")
    if (home / "secret").exists():
        (home / "secret").chmod(0o600)
