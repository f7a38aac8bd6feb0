"""Backups and restores of whole systems: to a moment, with the right key, complete or refused."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.bucket import NAME, bucket
from tests.journeys.files import DUTIES, table
from tests.journeys.homes import VILLAGES, Home, home, visit

pytestmark = pytest.mark.xdist_group("recovery")  # one world for all
FIGURES = (
    "import json\nfrom puyou.config.backups import figures\nfrom puyou.core import clock\n"
    "print(json.dumps(figures.taken(clock.now())))"
)
NOW = "from puyou.core import clock; print(clock.now().isoformat())"


@dataclass
class World:
    """A system with duties and a phone, its key, and where its backups lie."""

    home: Home
    token: str
    villages: list[str]
    store: Path
    counter: int = 0

    def send(self, count: int) -> list[str]:
        """So many visits through the front door, taken in and judged."""
        made = []
        for _ in range(count):
            self.counter += 1
            made.append(visit(self.villages[self.counter % len(self.villages)], "D1", self.counter))
        return self.home.send(self.token, made)

    def photo(self, data: bytes) -> str:
        """A file as the evidence room keeps it."""
        name = hashlib.sha256(data).hexdigest()
        path = self.home.folder / "files" / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.home.ask(KEEP.format(name=name, size=len(data)))
        return name


KEEP = """
from puyou.core import clock
from puyou.evidence.models import EvidenceFile
now = clock.now()
EvidenceFile.objects.create(sha256=bytes.fromhex("{name}"), type="image/jpeg", size={size}, owner="device:1",
                            created_at=now, complete_at=now)
"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with home() as made:
        key = made.folder.parent / "key"
        made.environment["PUYOU_BACKUP_KEY_FILE"] = str(key)
        made.told("backup", "--make-key", str(key))
        villages = json.loads(made.ask(VILLAGES))
        duties = made.folder.parent / "duties.csv"
        duties.write_bytes(table(DUTIES, *(f"{code},rural,3,week,2026-01-01," for code in villages)))
        made.told("import_duties", str(duties))
        token = made.told("issue_token", "--courier", "K1", "--device", "D1")["token"]
        yield World(made, token, villages, made.folder.parent / "store")


@pytest.fixture
def other(world: World) -> Iterator[Home]:
    """A place to restore to."""
    made = Home(world.home.folder.parent / "other", dict(world.home.environment))
    yield made
    made.run("stop")
    shutil.rmtree(made.folder, ignore_errors=True)


def test_the_drill_a_system_comes_back_as_it_was_at_a_moment(world, other):
    store = str(world.store)
    photo = world.photo(b"first picture" * 1000)
    before = world.send(3)
    base = world.home.told("backup", "--to", store)
    before += world.send(4)
    late_photo = world.photo(b"second picture" * 1000)
    figures, moment = json.loads(world.home.ask(FIGURES)), world.home.ask(NOW).strip()
    after = world.send(2)
    shipped = world.home.told("backup", "--to", store, "--wal", "--once")
    assert shipped["files"] == 1 and base["files_added"] == 1 and base["verified"]

    said = other.told("restore", "--from", store, "--to", str(other.folder), "--at", moment, "--check")
    assert said["sound"] and said["checks"] == {"export_log": True, "verify_log": True, "rebuild": True}
    assert said["files"] == {"restored": 2, "missing": 0}
    assert (other.folder / "secret").read_text() == (world.home.folder / "secret").read_text()
    for name in (photo, late_photo):
        kept = other.folder / "files" / name[:2] / name
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == name
    identities, envelopes, visits = other.envelopes()
    assert identities == envelopes == sorted(before) and visits == len(before)
    again = json.loads(other.ask(FIGURES))
    assert figures["weeks"] and again["weeks"] == figures["weeks"]
    assert again["visits"] == figures["visits"] and again["seal"] == figures["seal"]
    assert world.home.envelopes()[0] == sorted(before + after)  # the running one was not touched

    # The latest: everything that was acknowledged and shipped.
    other.run("stop")
    shutil.rmtree(other.folder)
    other.told("restore", "--from", store, "--to", str(other.folder))
    assert other.envelopes()[0] == sorted(before + after)
    # And it goes on: new visits come in, exactly once each.
    assert len(other.send(world.token, [visit(world.villages[0], "D1", 99)])) == 1


def test_what_is_damaged_or_locked_is_refused(world, other):
    store = world.store.parent / "damaged"
    world.home.told("backup", "--to", str(store))
    words = ("restore", "--from", str(store), "--to", str(other.folder))

    wrong = other.run(*words, PUYOU_BACKUP_KEY_FILE="", PUYOU_BACKUP_PASSPHRASE="another pass phrase")
    assert wrong.returncode == 2 and "请提供密钥文件" in wrong.stderr
    key = store.parent / "wrong-key"
    world.home.told("backup", "--make-key", str(key))
    wrong = other.run(*words, PUYOU_BACKUP_KEY_FILE=str(key))
    assert wrong.returncode == 2 and "密钥或口令与这份备份不符" in wrong.stderr

    part = next(store.glob("base/*/000000"))
    whole = part.read_bytes()
    for spoilt in (
        whole[: len(whole) // 2],
        whole[:-1],
        whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
    ):
        part.write_bytes(spoilt)
        shutil.rmtree(other.folder, ignore_errors=True)
        done = other.run(*words)
        assert done.returncode == 2 and "已被截断或改动" in done.stderr and "000000" in done.stderr
    part.write_bytes(whole)
    assert other.run(*words).returncode == 2  # what the refused attempt left is not written over
    shutil.rmtree(other.folder)
    assert other.run(*words, "--at", "2026-11-26").returncode == 2
    early = other.run(*words, "--at", "2020-01-01T00:00:00+08:00")
    assert early.returncode == 2 and "之前没有完整的基础备份" in early.stderr


def test_an_s3_bucket_an_interruption_and_the_rest_sent_later(world, other):
    with bucket() as kept:
        address, lines = f"s3://{NAME}/puyou", kept.environment
        names = [f"puyou/files/{world.photo(f'picture {n}'.encode() * 500)}" for n in range(3)]
        expected = {f"puyou/files/{path.name}" for path in world.home.folder.glob("files/??/*")}
        kept.breaks_after = 2
        broken = world.home.run("backup", "--to", address, **lines)
        assert broken.returncode == 2 and "备份位置无法使用" in broken.stderr
        sent = {name for name in kept.objects if "/files/" in name}
        assert sent and sent < expected
        nothing = other.run("restore", "--from", address, "--to", str(other.folder), **lines)
        assert nothing.returncode == 2 and "没有完整的基础备份" in nothing.stderr

        kept.breaks_after = None
        said = world.home.told("backup", "--to", address, **lines)
        assert said["files_added"] == len(expected - sent)
        assert set(names) <= set(kept.objects) and all(kept.puts[name] == 1 for name in expected)
        assert len({name.split("/")[2] for name in kept.objects if "/base/" in name}) == 1
        listed = other.told("backups", "--from", address, **lines)
        assert [one["id"] for one in listed["bases"]] == [said["id"]] and listed["files"] == len(expected)
        back = other.told("restore", "--from", address, "--to", str(other.folder), **lines)
        assert back["files"] == {"restored": len(expected), "missing": 0}
