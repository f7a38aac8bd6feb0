"""Near pictures by their hashes: the built index and what came since, as one answer; and building it anew."""

import fcntl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection

from puyou.core import copying
from puyou.evidence import neighbours, rules
from puyou.evidence.neighbours import Found, Hashes

# Files are examined by one job at a time, but its clock is read before its turn comes.
OVERLAP = timedelta(minutes=2)
PARTS = 16
SINCE = "SELECT perceptual, examined_at FROM evidence_file WHERE perceptual IS NOT NULL AND examined_at >= %s"
BEGINNING = "1970-01-01T00:00:00+00:00"


@dataclass
class _Tail:
    """Hashes of files examined since the index was built, as far as this process has read."""

    through: datetime
    values: Hashes = field(default_factory=lambda: neighbours.EMPTY)


_tails: dict[tuple[str, str, str], _Tail] = {}


def folder() -> Path:
    """Where the index lies."""
    return Path(settings.PUYOU_HOME) / "neighbours"


def near(values: Sequence[int], radius: int) -> list[Found]:
    """For each value the hashes within ``radius`` bits of it, of every file examined so far, nearest first."""
    if not values:
        return []
    index = neighbours.current(folder())
    tail = _tail(index)
    return [_near(value, radius, index, tail) for value in values]


def _near(value: int, radius: int, index: neighbours.Index | None, tail: Hashes) -> Found:
    recent = neighbours.brute(tail, value, radius)
    if index is None:
        return recent
    return Found.among(np.concatenate([index.within(value, radius).values, recent.values]), value, radius)


def _tail(index: neighbours.Index | None) -> Hashes:
    version, through = (
        (str(index.manifest["version"]), str(index.manifest["through"])) if index else ("", BEGINNING)
    )
    key = (str(folder()), str(connection.settings_dict["NAME"]), version)
    if key not in _tails:
        _tails.clear()  # the tail of an older index
        _tails[key] = _Tail(datetime.fromisoformat(through))
    tail = _tails[key]
    with connection.cursor() as cursor:
        cursor.execute(SINCE, [tail.through - OVERLAP])
        rows = cursor.fetchall()
    if rows:
        tail.through = max(tail.through, *(row[1] for row in rows))
        seen = np.array([row[0] for row in rows], np.int64).view(np.uint64)
        fresh = np.setdiff1d(seen, tail.values)
        tail.values = np.concatenate([tail.values, fresh]) if len(fresh) else tail.values
    return tail.values


def rebuild_when_due(*, now: datetime) -> bool:
    """Build the index anew from the table, once a night or when much has come since; returns whether it did.

    One process at a time; readers go on with the old one until the new one is whole.
    """
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "building").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if not _is_due(now):
            return False
        build(now=now)
    return True


def _is_due(now: datetime) -> bool:
    index = neighbours.current(folder())
    built = datetime.fromisoformat(str(index.manifest["through"])) if index else None
    with connection.cursor() as cursor:
        since = built or datetime.fromisoformat(BEGINNING)
        cursor.execute(f"SELECT count(*) FROM ({SINCE} LIMIT %s) t", [since, rules.TAIL_LIMIT])
        row = cursor.fetchone()
    return rules.index_is_due(built, now, int(row[0]) if row else 0)


def build(*, now: datetime) -> neighbours.Index:
    """Build the index of every hash in the table. Those examined from ``now`` on are the tail's."""
    parts = [
        copying.copy_out(
            f"SELECT perceptual FROM evidence_file_{part} WHERE perceptual IS NOT NULL",
            {"perceptual": "int8"},
        )["perceptual"]
        for part in range(PARTS)
    ]
    values = np.concatenate(parts).view(np.uint64)
    return neighbours.build(folder(), values, version=f"{now:%Y%m%d%H%M%S%f}", through=now.isoformat())
