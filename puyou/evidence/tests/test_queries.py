"""What is known of a file for judgement: the same bytes elsewhere, near pictures mentioned earlier, faults."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db import connection

from puyou.core import clock
from puyou.core.models import Event
from puyou.evidence import actions, jobs, lookup, neighbours, queries, rules, storage
from puyou.evidence.models import EvidenceFile
from puyou.evidence.tests import scenes
from puyou.evidence.tests.conftest import NOW, Made, photo
from puyou.standards.models import RuleVersion

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _frozen():
    with clock.frozen(NOW):
        yield


def examine_all():
    done = 0
    while now_done := jobs.fingerprint_files():
        done += now_done
    return done


def copy_of(seed: int, quality: int = 45) -> Made:
    return Made(scenes.jpeg(scenes.recompressed(scenes.scene(seed, (640, 480)), quality)))


def match_of(sha256):
    (match,) = queries.matches_of([sha256])
    return match


def test_a_file_that_never_came(db):
    assert queries.matches_of([]) == []
    assert match_of("ab" * 32) == queries.Match("ab" * 32, False, 0, [], False, "", None)
    actions.mention_files(mentions=[actions.Mention("ab" * 32, "visit:1", "device:1", "slip")], now=NOW)
    assert match_of("ab" * 32) == queries.Match("ab" * 32, False, 0, [], False, "", "visit:1")


@pytest.mark.parametrize("bytes_first", [True, False])
def test_a_file_of_one_visit_is_like_nothing(db, bytes_first):
    made = photo()
    if bytes_first:
        made.bring()
    made.mention("visit:1")
    made.bring()
    examine_all()
    assert match_of(made.sha256) == queries.Match(made.sha256, True, 0, [], False, "", "visit:1")


def test_the_same_bytes_in_other_visits_are_counted(db):
    made, other = photo(), photo()
    made.bring(), other.bring()
    made.mention("visit:1"), made.mention("visit:1", role="slip")
    assert match_of(made.sha256).exact_elsewhere == 0
    made.mention("visit:2", "device:2", LATER), made.mention("visit:3", "device:1", LATER)
    other.mention("visit:2")
    matches = queries.matches_of([other.sha256, made.sha256])
    assert [(each.exact_elsewhere, each.first_subject) for each in matches] == [
        (0, "visit:2"),
        (2, "visit:1"),
    ]
    assert queries.subjects_of([made.sha256, other.sha256]) == {"visit:1", "visit:2", "visit:3"}


def test_a_near_picture_of_an_earlier_visit_is_found(db):
    first, again = photo(3), copy_of(3)
    for made, visit, at in ((first, "visit:1", NOW), (again, "visit:2", LATER)):
        made.bring(now=at), made.mention(visit, now=at)
    photo(4).bring(), photo(4).mention("visit:3")
    assert match_of(again.sha256).similar == []  # not examined yet
    assert examine_all() == 3
    ((found, distance),) = match_of(again.sha256).similar
    assert found == first.sha256 and distance <= 7
    assert match_of(first.sha256).similar == []  # it was the earlier one


def test_the_same_visit_and_the_unmentioned_are_not_held_against_it(db):
    one, two, three = photo(3), copy_of(3, 45), copy_of(3, 50)
    for made in (one, two, three):
        made.bring()
    one.mention("visit:1"), two.mention("visit:1", now=LATER)
    examine_all()
    assert match_of(two.sha256).similar == []
    unmentioned = match_of(three.sha256)
    assert {each for each, _ in unmentioned.similar} == {one.sha256, two.sha256}


def test_of_two_in_one_batch_the_first_said_was_earlier(db):
    one, two = photo(3), copy_of(3)
    one.bring(), two.bring()
    mentions = [actions.Mention(two.sha256, "visit:2", "device:1", "place")]
    actions.mention_files(mentions=mentions, now=NOW)
    one.mention("visit:1")
    examine_all()
    assert [match_of(each.sha256).similar != [] for each in (one, two)] == [True, False]


def test_nearest_first_and_no_more_than_five(db):
    made = [copy_of(3, quality) for quality in range(30, 90, 8)]
    for number, each in enumerate(made):
        each.bring(), each.mention(f"visit:{number}", now=NOW + timedelta(minutes=number))
    examine_all()
    found = match_of(made[-1].sha256).similar
    assert len(found) == 5 and [each for _, each in found] == sorted(each for _, each in found)


def test_the_rule_says_how_near(db):
    first, again = photo(3), Made(scenes.jpeg(scenes.cropped(scenes.scene(3, (640, 480)), 0.012)))
    for made, visit in ((first, "visit:1"), (again, "visit:2")):
        made.bring(), made.mention(visit)
    examine_all()
    ((_, distance),) = match_of(again.sha256).similar
    assert 0 < distance <= 7
    versions = RuleVersion.objects.filter(rule__code="photo_similar_bits")
    versions.update(value=str(distance - 1))
    assert match_of(again.sha256).similar == []
    versions.update(value="30")
    assert queries.similar_bits() == neighbours.RADIUS
    assert versions.get().verification == "unverified" and versions.get().valid_from < date(2020, 1, 1)


def test_what_is_wrong_with_a_file_is_said(db):
    exif = scenes.Image.Exif()
    exif[0x0110] = "Phone"
    good, torn = photo(5, exif=exif.tobytes()), Made(photo(6).data[:9000])
    text, voice = Made(b"no picture"), Made(b"OggS" + bytes(100), "audio/ogg")
    false_voice = Made(b"<html>" + bytes(100), "audio/webm")
    lost = photo(7)
    for made in (good, torn, text, voice, false_voice, lost):
        made.bring()
    storage.path_of(lost.sha256).unlink()
    assert examine_all() == 6
    matches = queries.matches_of([m.sha256 for m in (good, torn, text, voice, false_voice, lost)])
    assert [(m.has_exif, m.problem) for m in matches] == [
        (True, ""), (False, "broken"), (False, "other_type"), (False, ""), (False, "other_type"), (False, "missing"),
    ]  # fmt: skip
    assert {m.problem for m in matches} - {""} <= set(rules.TROUBLES)
    kept = EvidenceFile.objects.get(sha256=bytes.fromhex(good.sha256))
    assert (kept.width, kept.height, kept.has_gps) == (640, 480, False)
    (event,) = Event.objects.filter(kind="files.examined")
    assert good.sha256 in event.data["sha256"]
    assert examine_all() == 0


class TestIndex:
    def fill(self, count=400):
        """Rows of files that were examined long ago, by their hashes alone."""
        values = np.random.default_rng(9).integers(0, 2**64, count, np.uint64)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO evidence_file"
                " (sha256, type, size, owner, created_at, complete_at, examined_at, perceptual)"
                " VALUES (sha256(%s::text::bytea), 'image/jpeg', 1, 'device:1', %s, %s, %s, %s)",
                [(n, NOW, NOW, NOW - timedelta(days=1), rules.signed(int(v))) for n, v in enumerate(values)],
            )
        return values

    def test_index_and_tail_answer_together(self, db):
        values = self.fill()
        asked = int(values[7]) ^ 0b101
        assert lookup.near([asked], 7)[0].values.tolist() == [int(values[7])]
        assert actions.rebuild_when_due(now=NOW)
        assert len(neighbours.current(lookup.folder())) == 400
        assert lookup.near([asked], 7)[0].values.tolist() == [int(values[7])]
        made = photo(11)
        made.bring()
        with clock.frozen(LATER):
            examine_all()
        perceptual = queries.files_of([made.sha256])[made.sha256].perceptual % 2**64
        (found,) = lookup.near([perceptual ^ 1], 7)
        assert (found.values.tolist(), found.distances.tolist()) == ([perceptual], [1])

    def test_it_is_built_at_night_when_something_came(self, db):
        assert not actions.rebuild_when_due(now=NOW)  # nothing to build from
        self.fill()
        assert actions.rebuild_when_due(now=NOW)  # noon in Shanghai; the first at once
        assert not actions.rebuild_when_due(now=NOW + timedelta(days=1))  # nothing new
        photo(12).bring()
        with clock.frozen(LATER):
            examine_all()
        assert not actions.rebuild_when_due(now=NOW + timedelta(hours=13))  # one o'clock at night
        assert actions.rebuild_when_due(now=NOW + timedelta(hours=14, minutes=1))
        assert len(neighbours.current(lookup.folder())) == 401

    def test_it_is_built_at_once_when_much_has_come(self, db, monkeypatch):
        self.fill()
        actions.rebuild_when_due(now=NOW)
        monkeypatch.setattr(rules, "TAIL_LIMIT", 2)
        for seed in (13, 14):
            photo(seed).bring()
        with clock.frozen(LATER):
            examine_all()
        assert actions.rebuild_when_due(now=LATER)

    def test_one_builds_at_a_time(self, db):
        import fcntl  # noqa: PLC0415

        self.fill()
        lookup.folder().mkdir()
        with (lookup.folder() / "building").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert not actions.rebuild_when_due(now=NOW)
        assert actions.rebuild_when_due(now=NOW)
        assert jobs.rebuild_neighbours() == 0
