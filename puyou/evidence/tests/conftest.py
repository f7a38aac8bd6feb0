"""A store of files of the test's own, and files to put in it."""

import hashlib
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from puyou.evidence import actions, rules
from puyou.evidence.tests import scenes

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
_serial = itertools.count(10_000)


@dataclass(frozen=True)
class Made:
    """Some bytes with their hash."""

    data: bytes
    type: str = "image/jpeg"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def announce(self, owner: str = "device:1", now: datetime = NOW) -> actions.Progress:
        size = len(self.data)
        return actions.announce_file(sha256=self.sha256, size=size, type=self.type, owner=owner, now=now)

    def add(self, start: int, stop: int, owner: str = "device:1", now: datetime = NOW) -> actions.Progress:
        part = self.data[start:stop]
        return actions.add_part(sha256=self.sha256, start=start, data=part, owner=owner, now=now)

    def bring(self, owner: str = "device:1", now: datetime = NOW) -> str:
        """Announce and send all of it; returns the hash."""
        progress = self.announce(owner, now)
        while not progress.complete:
            progress = self.add(progress.received, progress.received + rules.PART_LIMIT, owner, now)
        return self.sha256

    def mention(self, subject: str, owner: str = "device:1", now: datetime = NOW, role: str = "place") -> str:
        actions.mention_files(mentions=[actions.Mention(self.sha256, subject, owner, role, now)], now=now)
        return self.sha256


def photo(seed: int | None = None, **options) -> Made:
    """A drawn photograph, small for speed."""
    picture = scenes.scene(next(_serial) if seed is None else seed, (640, 480))
    return Made(scenes.jpeg(picture, **options))


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """The folder of all files."""
    settings.PUYOU_HOME = tmp_path
    return tmp_path / "files"
