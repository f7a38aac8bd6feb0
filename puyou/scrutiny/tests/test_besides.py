"""What comes beside place and time: details, proofs and photos are read as they were said, also when late."""

import hashlib
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection

from puyou.core import clock, partitions
from puyou.core import events as log
from puyou.evidence import actions as evidence
from puyou.evidence.actions import Mention
from puyou.scrutiny import besides
from puyou.scrutiny.tests.test_scoring import place, reasons, settle
from puyou.visits import actions as visits
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
PHOTO = hashlib.sha256(b"a wall").hexdigest()


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


def take(village: Any, **changes: Any) -> Any:
    more = {name: changes.pop(name) for name in ("courier", "device", "at") if name in changes}
    (identifier,) = cast.send(Message(village, position=place(0), changes=changes, **more))
    visits.take_in_pending(now=NOW)
    return identifier


def test_details_become_reasons():
    village = cast.villages(1)[0]
    identifier = take(
        village, integrity={"shell": "native", "mock": True, "rooted": True},
        clock={"session": "s", "monotonic_ms": 5000, "wall_jump_ms": -7_200_000}, tag="PY1.none",
        approach=[[15.0 * at, 106.7123, 26.6, 8.0] for at in range(9, 0, -1)],
    )  # fmt: skip
    settle()
    assert {"mocked", "rooted", "wall_jumped", "tag_forged", "still_approach", "flat_accuracy"} <= reasons(
        identifier
    )


def test_fixes_are_parsed_whatever_their_number():
    texts = [b"[[30, 106.1, 26.5, 8.5], [15, 106.2, 26.6, null]]", b"[]", b"[[1.5,100,20,3]]"]
    found = besides.parse_approaches(texts)
    np.testing.assert_array_equal(found[0, :2], [[30, 106.1, 26.5, 8.5], [15, 106.2, 26.6, np.nan]])
    assert np.isnan(found[1]).all() and np.isnan(found[0, 2:]).all()
    np.testing.assert_array_equal(found[2, 0], [1.5, 100, 20, 3])


def test_a_photo_shown_before_is_a_copy_whichever_came_first():
    villages = cast.villages(2)
    later = take(villages[0], photos=[{"sha256": PHOTO, "role": "place"}], courier=2, device=2)
    settle()
    assert "photo_copied" not in reasons(later)
    earlier = take(villages[1], photos=[{"sha256": PHOTO, "role": "place"}], at=NOW - timedelta(days=3))
    settle()
    assert "photo_copied" in reasons(later) and "photo_copied" not in reasons(earlier)


def test_a_photo_of_one_stop_or_of_a_correction_is_no_copy():
    villages = cast.villages(2)
    stop = "0190c0de-0000-7000-8000-000000000001"
    pictures = [{"sha256": PHOTO, "role": "place"}]
    first = take(villages[0], photos=pictures, stop=stop)
    second = take(villages[1], photos=pictures, stop=stop)
    corrected = take(villages[0], photos=pictures, corrects=str(first), at=NOW - timedelta(hours=1))
    settle()
    for identifier in (first, second):
        assert "photo_copied" not in reasons(identifier)
    assert "photo_copied" in reasons(corrected)  # of the other village's, which it does not correct


def test_proofs_checked_later_score_again():
    identifier = take(cast.villages(1)[0])
    settle()
    assert "unsigned" in reasons(identifier)
    partitions.ensure_months("ingest_proof", [NOW.date()])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ingest_identity VALUES (%s, '\\x01', %s)", [identifier, NOW])
        cursor.execute(
            "INSERT INTO ingest_proof SELECT id, received_at, device_id, 'k', 1, '\\x01', NULL, 3, 4, NULL, NULL, kind"
            " FROM ingest_envelope WHERE id = %s",
            [identifier],
        )
    said = {"first_received": NOW.isoformat(), "last_received": NOW.isoformat(), "mended": []}
    log.append("proofs.checked", subject="proofs", actor="system:test", now=NOW, data=said)
    settle()
    assert {"unknown_key", "chain_fork"} <= reasons(identifier) and "unsigned" not in reasons(identifier)


def test_mentions_of_strangers_are_no_visits():
    evidence.mention_files(mentions=[Mention(PHOTO, "report:1", "device:1", "place")], now=NOW)
    identifier = take(cast.villages(1)[0], photos=[{"sha256": PHOTO, "role": "place"}])
    settle()
    assert {"photo_copied", "photo_alike"}.isdisjoint(reasons(identifier))
