"""Uploading in parts: received is what is on disk, complete is what hashes to its name, and nothing in between."""

import errno
import os
import random
import subprocess
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.evidence import actions, rules, storage
from puyou.evidence.models import EvidenceFile, EvidenceUpload
from puyou.evidence.tests.conftest import NOW, Made, photo

BYTES = Made(random.Random(7).randbytes(5000))


def code_of(call, *arguments, **named) -> str:
    with pytest.raises(Problem) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_parts_become_a_whole_file(db, store):
    assert BYTES.announce() == (BYTES.sha256, 0, False)
    assert BYTES.add(0, 2000) == (BYTES.sha256, 2000, False)
    assert actions.progress_of(BYTES.sha256, "device:1") == (BYTES.sha256, 2000, False)
    assert not EvidenceFile.objects.exists() and not storage.path_of(BYTES.sha256).exists()
    assert BYTES.add(2000, 5000) == (BYTES.sha256, 5000, True)
    assert storage.path_of(BYTES.sha256) == store / BYTES.sha256[:2] / BYTES.sha256
    assert storage.read(BYTES.sha256) == BYTES.data
    kept = EvidenceFile.objects.get()
    assert (bytes(kept.sha256).hex(), kept.size, kept.owner) == (BYTES.sha256, 5000, "device:1")
    assert not EvidenceUpload.objects.exists() and list((store / "parts").iterdir()) == []
    event = Event.objects.get(kind="file.completed")
    assert (event.subject, event.actor) == (f"file:{BYTES.sha256}", "device:1")


def test_everything_may_be_said_twice(db):
    BYTES.announce()
    BYTES.add(0, 1000)
    assert BYTES.announce().received == 1000
    BYTES.add(1000, 5000)
    for again in (BYTES.announce, lambda: BYTES.add(1000, 5000), lambda: BYTES.add(0, 10)):
        assert again() == (BYTES.sha256, 5000, True)
    assert Event.objects.filter(kind="file.completed").count() == 1


@pytest.mark.parametrize("start", [0, 999, 1001, 4000])
def test_an_overlap_or_a_gap_is_told_where_to_go_on(db, start):
    BYTES.announce()
    BYTES.add(0, 1000)
    with pytest.raises(Problem) as caught:
        BYTES.add(start, start + 500)
    assert (caught.value.code, caught.value.status) == ("evidence.out_of_step", 409)
    assert caught.value.details["received"] == 1000
    assert BYTES.add(1000, 5000).complete


def test_what_does_not_fit_is_refused(db):
    assert code_of(BYTES.add, 0, 10) == "evidence.unknown_file"
    assert code_of(actions.progress_of, BYTES.sha256, "device:1") == "evidence.unknown_file"
    BYTES.announce()
    common = {"sha256": BYTES.sha256, "owner": "device:1", "now": NOW}
    assert code_of(actions.add_part, start=0, data=b"", **common) == "evidence.empty_part"
    assert code_of(actions.add_part, start=0, data=b"x" * 5001, **common) == "evidence.beyond_size"
    large = b"x" * (rules.PART_LIMIT + 1)
    assert code_of(actions.add_part, start=0, data=large, **common) == "evidence.part_too_large"
    assert BYTES.announce().received == 0


def test_wrong_bytes_are_never_complete_and_start_again(db, store):
    BYTES.announce()
    BYTES.add(0, 4000)
    common = {"sha256": BYTES.sha256, "owner": "device:1", "now": NOW}
    assert code_of(actions.add_part, start=4000, data=b"x" * 1000, **common) == "evidence.wrong_hash"
    assert actions.progress_of(BYTES.sha256, "device:1") == (BYTES.sha256, 0, False)
    assert list((store / "parts").iterdir()) == [] and not EvidenceFile.objects.exists()
    BYTES.bring()
    assert storage.read(BYTES.sha256) == BYTES.data


def test_two_phones_bring_the_same_file_without_disturbing_each_other(db, store):
    BYTES.announce("device:1")
    BYTES.add(0, 3000, "device:1")
    assert BYTES.announce("device:2").received == 0
    spoilt = {"sha256": BYTES.sha256, "start": 0, "data": b"x" * 3000, "now": NOW}
    actions.add_part(owner="device:2", **spoilt)
    assert BYTES.add(3000, 5000, "device:1").complete
    assert BYTES.add(3000, 5000, "device:2").complete  # nothing more is needed from it
    assert storage.read(BYTES.sha256) == BYTES.data
    assert not EvidenceUpload.objects.exists() and list((store / "parts").iterdir()) == []
    assert EvidenceFile.objects.get().owner == "device:1"


def test_a_file_announced_anew_with_another_size_starts_again(db):
    liar = {"sha256": BYTES.sha256, "type": "image/jpeg", "owner": "device:1", "now": NOW}
    actions.announce_file(size=6000, **liar)
    BYTES.add(0, 5000)
    assert BYTES.announce() == (BYTES.sha256, 0, False)
    BYTES.bring()


def test_bytes_that_the_disk_lost_are_asked_for_again(db, store):
    BYTES.announce()
    BYTES.add(0, 3000)
    (part,) = (store / "parts").iterdir()
    os.truncate(part, 1200)
    assert actions.progress_of(BYTES.sha256, "device:1").received == 1200
    assert code_of(BYTES.add, 3000, 5000) == "evidence.out_of_step"
    assert BYTES.add(1200, 5000).complete


def test_bytes_beyond_what_was_acknowledged_are_overwritten(db, store):
    BYTES.announce()
    BYTES.add(0, 3000)
    (part,) = (store / "parts").iterdir()
    with part.open("ab") as file:  # died between writing and saying so
        file.write(b"half of a part that nobody heard of")
    assert BYTES.add(3000, 5000).complete


@pytest.mark.parametrize("whose", ["device:1", "device:2"])
def test_a_file_that_lies_in_its_place_unsaid_is_adopted(db, whose):
    BYTES.announce()
    BYTES.add(0, 3000)
    target = storage.path_of(BYTES.sha256)
    target.parent.mkdir(parents=True)
    target.write_bytes(BYTES.data)  # died between the name and the row
    assert BYTES.announce(whose).complete
    assert BYTES.add(3000, 5000).complete
    assert EvidenceFile.objects.count() == 1


def test_a_wrong_file_in_its_place_is_not_adopted(db):
    target = storage.path_of(BYTES.sha256)
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x" * 5000)
    assert not BYTES.announce().complete
    BYTES.bring()
    assert storage.read(BYTES.sha256) == BYTES.data


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sha256": "ab"}, "bad_hash"),
        ({"sha256": "G" * 64}, "bad_hash"),
        ({"sha256": BYTES.sha256.upper()}, "bad_hash"),
        ({"type": "image/png"}, "bad_type"),
        ({"type": ""}, "bad_type"),
        ({"size": 0}, "bad_size"),
        ({"size": -1}, "bad_size"),
        ({"size": 2 * rules.MIB + 1}, "bad_size"),
        ({"type": "audio/ogg", "size": rules.MIB + 1}, "bad_size"),
    ],
)
def test_what_may_not_come_is_not_announced(db, change, code):
    good = {"sha256": BYTES.sha256, "size": 5000, "type": "image/jpeg", "owner": "device:1", "now": NOW}
    assert code_of(actions.announce_file, **good | change) == f"evidence.{code}"
    assert not EvidenceUpload.objects.exists()


def test_one_phone_cannot_fill_the_house(db, monkeypatch):
    monkeypatch.setattr(rules, "OPEN_LIMIT", 2)
    one, two, three = photo(), photo(), photo()
    one.announce(), two.announce()
    assert code_of(three.announce) == "evidence.too_many_open"
    assert three.announce("device:2") == (three.sha256, 0, False)
    two.announce()
    one.bring()
    three.announce()


class TestFullDisk:
    def test_files_leave_room_for_the_database(self, db, monkeypatch):
        BYTES.announce()
        monkeypatch.setattr(storage, "KEEP_FREE", 1 << 60)
        assert code_of(photo().announce) == "evidence.no_room"
        assert code_of(BYTES.add, 0, 5000) == "evidence.no_room"
        monkeypatch.undo()

    @pytest.mark.parametrize("step", ["pwrite", "fsync", "replace"])
    def test_a_full_disk_loses_nothing(self, db, monkeypatch, step):
        BYTES.announce()
        BYTES.add(0, 1000)

        def full(*_arguments, **_named):
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, step, full)
            assert code_of(BYTES.add, 1000, 5000) == "evidence.no_room"
        assert actions.progress_of(BYTES.sha256, "device:1") == (BYTES.sha256, 1000, False)
        assert BYTES.add(1000, 5000).complete

    def test_another_fault_is_not_called_full(self, db, monkeypatch):
        BYTES.announce()

        def torn(*_arguments, **_named):
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(os, "fsync", torn)
        with pytest.raises(OSError, match="Input/output"):
            BYTES.add(0, 5000)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
    def test_on_a_disk_that_is_really_full(self, db, store, monkeypatch):
        monkeypatch.setattr(storage, "KEEP_FREE", 0)
        store.mkdir()
        small = ["mount", "-t", "tmpfs", "-o", "size=640k", "none", str(store)]
        if subprocess.run(small, capture_output=True, check=False).returncode:
            pytest.skip("this machine mounts nothing")
        try:
            large = Made(random.Random(8).randbytes(900_000))
            large.announce()
            progress = large.add(0, rules.PART_LIMIT)
            progress = large.add(progress.received, 2 * rules.PART_LIMIT)
            assert code_of(large.add, progress.received, 3 * rules.PART_LIMIT) == "evidence.no_room"
            assert actions.progress_of(large.sha256, "device:1").received == 2 * rules.PART_LIMIT
            subprocess.run(["mount", "-o", "remount,size=2m", str(store)], check=True)
            assert large.add(2 * rules.PART_LIMIT, 3 * rules.PART_LIMIT).received == 3 * rules.PART_LIMIT
            assert large.bring() and storage.read(large.sha256) == large.data
        finally:
            subprocess.run(["umount", str(store)], check=True)


STEPS = st.tuples(
    st.sampled_from(["part", "spoilt", "announce", "die"]),
    st.integers(0, 1),  # which phone
    st.integers(1, 2500),  # length of the part
    st.integers(0, 5000),  # where it starts, at times
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=30), st.integers(0, 10**9))
def test_after_any_course_of_things_complete_means_the_right_bytes(db, store, steps, seed):
    """Two phones, one of them wrong at times, parts at any place and of any length, deaths in between."""
    made = Made(random.Random(seed).randbytes(5000))
    for step, phone, length, start in steps:
        owner = f"device:{phone}"
        try:
            if step == "announce":
                made.announce(owner)
            elif step == "die":
                _lose_the_end(store)
            else:
                begin = start if start % 3 == 0 else actions.progress_of(made.sha256, owner).received
                data = bytes(length) if step == "spoilt" else made.data[begin : begin + length]
                actions.add_part(sha256=made.sha256, start=begin, data=data, owner=owner, now=NOW)
        except Problem as problem:
            assert problem.code.startswith("evidence.")
        _nothing_false(made)
    for _ in range(
        2
    ):  # an honest phone ends it; what another phone's wrong bytes spoilt is its own copy alone
        try:
            made.bring("device:9")
        except Problem as problem:
            assert problem.code == "evidence.wrong_hash"
    assert storage.read(made.sha256) == made.data


def _lose_the_end(store: Path) -> None:
    for part in (store / "parts").glob("*"):
        os.truncate(part, part.stat().st_size // 2)


def _nothing_false(made: Made) -> None:
    whole = EvidenceFile.objects.filter(sha256=bytes.fromhex(made.sha256)).exists()
    assert not whole or storage.read(made.sha256) == made.data


def test_a_broken_database_is_no_acknowledgement(db, monkeypatch):
    BYTES.announce()

    def away(*_arguments, **_named):
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr("puyou.evidence.uploading._note_received", away)
        BYTES.add(0, 1000)
    assert not connection.needs_rollback
    assert BYTES.announce().received == 0
    BYTES.bring()
