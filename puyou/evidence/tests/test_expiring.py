"""Bytes go after their time unless a subject is held; rows and hashes stay, and so does what they prove."""

from datetime import timedelta

import pytest

from puyou.core import clock
from puyou.core.models import Event
from puyou.evidence import actions, jobs, queries, storage
from puyou.evidence.models import EvidenceFile, EvidenceUpload
from puyou.evidence.tests.conftest import NOW, photo
from puyou.standards.models import RuleVersion

OLD, DAYS = NOW - timedelta(days=366), timedelta(days=365)


def expire(now=NOW):
    with clock.frozen(now):
        return jobs.expire_files()


def test_bytes_go_and_the_rest_stays(db):
    old, new = photo(), photo()
    old.bring(now=OLD), new.bring(now=NOW - timedelta(days=364))
    old.mention("visit:1", now=OLD)
    small = storage.small_of(old.sha256)
    small.parent.mkdir(parents=True)
    small.write_bytes(b"small")
    actions.examine_waiting(now=NOW)
    assert expire() == 1
    assert storage.read(old.sha256) is None and not small.exists() and storage.read(new.sha256) == new.data
    kept = EvidenceFile.objects.get(sha256=bytes.fromhex(old.sha256))
    assert kept.expired_at == NOW and kept.perceptual is not None
    event = Event.objects.get(kind="files.expired")
    assert (event.data["count"], event.data["sha256"]) == (1, [old.sha256])
    assert expire() == 0
    assert old.announce().complete  # nobody sends it again
    assert queries.matches_of([old.sha256])[0].complete


def test_a_copy_of_an_expired_photo_is_still_found(db):
    from puyou.evidence.tests.test_queries import copy_of  # noqa: PLC0415

    old, again = photo(3), copy_of(3)
    old.bring(now=OLD), old.mention("visit:1", now=OLD)
    again.bring(), again.mention("visit:2")
    with clock.frozen(NOW):
        actions.examine_waiting(now=NOW)
        expire()
        assert [each for each, _ in queries.matches_of([again.sha256])[0].similar] == [old.sha256]


def test_what_is_held_stays_until_released(db):
    made = photo()
    made.bring(now=OLD), made.mention("visit:1", now=OLD), made.mention("visit:2", now=OLD)
    actions.hold_files(subject="visit:2", ground="申诉审理中", by="user:1", now=NOW)
    assert expire() == 0 and storage.read(made.sha256) == made.data
    actions.release_files(subject="visit:2", by="user:1", now=NOW)
    assert expire() == 1 and storage.read(made.sha256) is None


def test_the_rule_says_how_long(db):
    made = photo()
    made.bring(now=NOW - timedelta(days=10))
    assert expire() == 0
    RuleVersion.objects.filter(rule__code="keep_photo_days").update(value="9")
    assert expire() == 1


def test_dying_between_the_bytes_and_the_row_is_mended(db, monkeypatch):
    made = photo()
    made.bring(now=OLD)

    def die(*_arguments, **_named):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("puyou.core.events.append", die)
        expire()
    assert storage.read(made.sha256) is None
    assert EvidenceFile.objects.get().expired_at is None
    assert expire() == 1


def test_an_upload_that_stopped_is_forgotten_and_may_begin_again(db, store):
    stopped, going = photo(), photo()
    stopped.announce(now=NOW - timedelta(days=31)), stopped.add(0, 100, now=NOW - timedelta(days=31))
    going.announce(now=NOW - timedelta(days=31)), going.add(0, 100, now=NOW - timedelta(days=1))
    assert expire() == 1
    assert EvidenceUpload.objects.count() == 1 and len(list((store / "parts").iterdir())) == 1
    assert stopped.announce().received == 0
    stopped.bring(), going.bring()
