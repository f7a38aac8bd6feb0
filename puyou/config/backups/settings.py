"""The operator's settings of backups, all from the environment, and what the last ones came to (``backup.json``)."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from puyou.config import embedded

KEEP_DAYS, KEEP_AT_LEAST, EVERY_HOURS = 30, 3, 24
ROUND_SECONDS = 15


def address() -> str:
    """Where ``serve`` sends the log and the daily base; empty: nowhere."""
    return os.environ.get("PUYOU_BACKUP_URL", "")


def number(name: str, default: int) -> int:
    """A whole number from the environment, the default when it is missing or no number."""
    said = os.environ.get(name, "")
    return int(said) if said.isdecimal() else default


def keep_days() -> int:
    """Bases older than so many days go."""
    return number("PUYOU_BACKUP_KEEP_DAYS", KEEP_DAYS)


def keep_at_least() -> int:
    """But so many stay, however old."""
    return max(1, number("PUYOU_BACKUP_KEEP_AT_LEAST", KEEP_AT_LEAST))


def every_hours() -> int:
    """How often ``serve`` takes a base; 0: never by itself."""
    return number("PUYOU_BACKUP_EVERY_HOURS", EVERY_HOURS)


def _path() -> Path:
    return embedded.home() / "backup.json"


def state() -> dict[str, Any]:
    """What the last base and the last shipping came to; empty when there were none."""
    try:
        told = json.loads(_path().read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def note(**changes: Any) -> None:
    """Change some of the state; readers never see half of it, and two writers keep both changes."""
    path = _path()
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh = path.with_suffix(".fresh")
        fresh.write_text(json.dumps(state() | changes, ensure_ascii=False, default=str))
        os.replace(fresh, path)
