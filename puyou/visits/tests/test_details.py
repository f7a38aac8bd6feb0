"""What a visit said beyond place and time is kept beside it, in the same transaction, and only when it said any."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from puyou.evidence.models import EvidenceMention
from puyou.places.models import Place
from puyou.registry import actions as registry
from puyou.registry import queries, tags
from puyou.registry.models import Device
from puyou.visits import actions
from puyou.visits.models import Visit, VisitDetail
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message
from puyou.visits.tests.test_particulars import WHOLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Place:
    return cast.villages(1)[0]


def take(village: Place, **changes: object) -> UUID:
    person, phone = cast.courier()
    message = Message(village, NOW - timedelta(hours=2), person.pk, phone.pk)
    message.position = changes.pop("position", None)  # type: ignore[assignment]
    message.changes = dict(changes)
    (identifier,) = cast.send(message)
    actions.take_in_pending(now=NOW)
    return identifier


def test_everything_is_kept(village: Place) -> None:
    fixed = (NOW - timedelta(hours=2, seconds=7.5)).isoformat()
    identifier = take(
        village,
        position={"lon": 106.7, "lat": 26.6, "fixed_at": fixed},
        handed={"letters": 2, "坏\0名": 1},
        **WHOLE,
    )
    row = VisitDetail.objects.get(pk=identifier)
    assert row.day == date(2026, 10, 8) and row.handed == {"letters": 2, "坏名": 1}
    assert (row.mode, row.receiver, row.note, row.tag) == ("household", "family", WHOLE["note"], WHOLE["tag"])
    assert row.photos == WHOLE["photos"] and row.approach == WHOLE["approach"] and row.voice == WHOLE["voice"]
    assert str(row.corrects) == WHOLE["corrects"] and row.unplanned is True and row.fix_age_s == 7.5
    assert (row.clock_session, row.monotonic_ms, row.wall_jump_ms) == ("s", 2**53 - 1, -86_400_000)
    assert (row.shell, row.mock, row.rooted) == ("native", True, False)
    assert (row.position_permission, row.camera_permission) == ("denied", "unavailable")
    assert row.tag_state == tags.FORGED


@pytest.mark.parametrize("changes", [{}, {"nothing_today": True}, {"handed": None}, dict.fromkeys(WHOLE)])
def test_an_older_payload_has_no_row(village: Place, changes: dict[str, object]) -> None:
    take(village, position={"lon": 106.7, "lat": 26.6}, **changes)
    assert Visit.objects.count() == 1 and not VisitDetail.objects.exists()


def test_the_counter_and_the_time_of_the_fix_are_kept_where_said(village: Place) -> None:
    identifier = take(village, position={"lon": 106.7, "lat": 26.6, "fixed_at": "刚才"}, note="放门口")
    row = VisitDetail.objects.get(pk=identifier)
    assert (
        row.fix_age_s is None and row.counter is None and row.note == "放门口" and row.tag_state == tags.NONE
    )


def test_a_genuine_tag_agrees(village: Place) -> None:
    tag = registry.issue_tag(place=village, valid_from=date(2026, 1, 1), by="system:tests", now=NOW)
    assert VisitDetail.objects.get(pk=take(village, tag=queries.tag_text(tag))).tag_state == tags.AGREES


def test_photos_and_voice_are_mentioned_to_the_room_that_keeps_them(village: Place) -> None:
    other, third = "cd" * 32, "ef" * 32
    photos = [{"sha256": other, "role": "slip", "taken_at": "2026-10-08T15:59:00+08:00"}, {"sha256": third}]
    identifier = take(village, photos=photos, voice="ab" * 32)
    found = {
        bytes(row.sha256).hex(): row for row in EvidenceMention.objects.filter(subject=f"visit:{identifier}")
    }
    assert {sha: row.role for sha, row in found.items()} == {
        other: "slip",
        third: "other",
        "ab" * 32: "voice",
    }
    assert found[other].taken_at == datetime(2026, 10, 8, 7, 59, tzinfo=UTC) and found[third].taken_at is None
    assert {row.owner for row in found.values()} == {f"device:{Device.objects.get().pk}"}


def test_a_refused_neighbour_does_no_harm(village: Place) -> None:
    person, phone = cast.courier()
    good, bad = cast.send(
        Message(village, courier=person.pk, device=phone.pk, changes={"note": "好"}),
        Message(village, courier=person.pk, device=phone.pk, changes={"note": ""}),
    )
    assert actions.take_in_pending(now=NOW) == 2
    assert [row.pk for row in VisitDetail.objects.all()] == [good] and not Visit.objects.filter(
        pk=bad
    ).exists()
