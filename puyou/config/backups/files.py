"""Evidence files in a place of backups: by their hash, each once."""

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.db import connection

from puyou.config import embedded
from puyou.config.backups import problems
from puyou.config.backups.places import Place

HASH = re.compile(r"[0-9a-f]{64}")
LANES = 6
FRESH = 2_000_000_000  # nanoseconds; file systems tell time more coarsely than files come
WANTED = "SELECT encode(sha256, 'hex') FROM evidence_file WHERE expired_at IS NULL"
EXPIRED = (
    "SELECT encode(sha256, 'hex') FROM evidence_file WHERE expired_at < now() - make_interval(days => %s)"
)


class Shipper:
    """Remembers what is there, so that a round looks only into folders that changed."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.kept = place.has("files")
        self._looked: dict[Path, int] = {}

    def ship(self) -> int:
        """Send what is not there yet; how many. A folder is looked into again until all of it was sent."""
        changed = self._changed()
        found = {name: path for folder in changed for name, path in _whole(folder)}
        fresh = {name: path for name, path in found.items() if name not in self.kept}
        _in_lanes(lambda name: self._send(name, fresh[name]), fresh)
        self._looked |= changed
        return len(fresh)

    def _changed(self) -> dict[Path, int]:
        """Folders that changed since they were looked into, or so lately that their time may hide another change."""
        root = embedded.home() / "files"
        folders = [one for one in root.iterdir() if len(one.name) == 2] if root.is_dir() else []
        times = {one: one.stat().st_mtime_ns for one in folders}
        lately = time.time_ns() - FRESH
        return {one: at for one, at in times.items() if self._looked.get(one) != at or at > lately}

    def _send(self, name: str, path: Path) -> None:
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # expired while we looked
            return
        self.place.put(f"files/{name}", data)
        self.kept.add(name)


def ship(place: Place) -> int:
    """Send every file that is not there yet; how many."""
    return Shipper(place).ship()


def _whole(folder: Path) -> Iterable[tuple[str, Path]]:
    return [(one.name, one) for one in folder.iterdir() if HASH.fullmatch(one.name)]


def _in_lanes(work: Callable[[str], None], names: Iterable[str]) -> None:
    with ThreadPoolExecutor(LANES) as lanes:
        waiting = [lanes.submit(work, name) for name in names]
        try:
            for done in waiting:
                done.result()
        except BaseException:
            lanes.shutdown(cancel_futures=True)
            raise


def bring_back(place: Place, home: Path) -> dict[str, int]:
    """The files that the restored database asks for; what the law has deleted does not come back.

    Problem backup_damaged when one of them is not what its name says.
    """
    with connection.cursor() as cursor:
        cursor.execute(WANTED)
        wanted = {row[0] for row in cursor.fetchall()}
    kept = place.has("files")
    _in_lanes(lambda name: _bring(place, home, name), wanted & kept)
    return {"restored": len(wanted & kept), "missing": len(wanted - kept)}


def _bring(place: Place, home: Path, name: str) -> None:
    data = place.get(f"files/{name}")
    if hashlib.sha256(data).hexdigest() != name:
        raise problems.DAMAGED(name=f"files/{name}")
    folder = home / "files" / name[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def expired(days: int) -> set[str]:
    """Files whose time was over so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRED, [days])
        return {row[0] for row in cursor.fetchall()}
