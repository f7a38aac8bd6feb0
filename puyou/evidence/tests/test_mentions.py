"""Mentions come before or after the bytes, once for each file and subject; holds keep files."""

import pytest
from django.db import DatabaseError, transaction

from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.evidence import actions
from puyou.evidence.models import EvidenceHold, EvidenceMention
from puyou.evidence.tests.conftest import NOW

ONE, TWO = "ab" * 32, "cd" * 32
MENTIONS = [
    actions.Mention(TWO, "visit:1", "device:1", "place", NOW),
    actions.Mention(ONE, "visit:1", "device:1", "slip", None),
    actions.Mention(ONE, "visit:2", "device:2", "slip", NOW),
]


def test_each_file_and_subject_is_noted_once(db):
    assert actions.mention_files(mentions=MENTIONS, now=NOW) == 3
    assert actions.mention_files(mentions=MENTIONS, now=NOW) == 0
    assert actions.mention_files(mentions=[*MENTIONS, MENTIONS[0]._replace(subject="visit:3")], now=NOW) == 1
    kept = {(bytes(m.sha256).hex(), m.subject, m.role, m.taken_at) for m in EvidenceMention.objects.all()}
    assert kept == {(m.sha256, m.subject, m.role, m.taken_at) for m in MENTIONS} | {
        (TWO, "visit:3", "place", NOW)
    }
    assert actions.mention_files(mentions=[], now=NOW) == 0


def test_a_bad_hash_is_refused_whole(db):
    bad = MENTIONS[0]._replace(sha256="nothing")
    with pytest.raises(Problem) as caught:
        actions.mention_files(mentions=[*MENTIONS, bad], now=NOW)
    assert caught.value.code == "evidence.bad_hash"
    assert not EvidenceMention.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE evidence_mention SET role = 'x'", "DELETE FROM evidence_mention"])
def test_a_mention_cannot_be_unsaid(db, django_db_blocker, change):
    actions.mention_files(mentions=MENTIONS, now=NOW)
    from django.db import connection  # noqa: PLC0415

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cur:
        cur.execute(change)


def test_a_hold_is_one_until_released(db):
    held = {"subject": "visit:1", "by": "user:1", "now": NOW}
    assert actions.hold_files(ground="申诉审理中", **held)
    assert not actions.hold_files(ground="再次", **held)
    assert actions.release_files(**held)
    assert not actions.release_files(**held)
    assert actions.hold_files(ground="复核", **held)
    assert EvidenceHold.objects.count() == 2
    assert [e.kind for e in Event.objects.filter(subject="visit:1").order_by("id")] == [
        "files.held",
        "files.released",
        "files.held",
    ]


@pytest.mark.parametrize("ground", ["", "  ", "长" * 201])
def test_a_hold_needs_a_ground(db, ground):
    with pytest.raises(Problem) as caught:
        actions.hold_files(subject="visit:1", ground=ground, by="user:1", now=NOW)
    assert caught.value.code == "evidence.no_ground"
