"""Scores of stored visits: they come with every batch, whatever the order, and change nothing else."""

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.accounts.scopes import Scope
from puyou.core import clock, sealing
from puyou.core.models import Event
from puyou.scrutiny import actions, jobs, queries
from puyou.scrutiny.models import Score, WaitingDay
from puyou.scrutiny.reading import counties_of
from puyou.scrutiny.rules import MASK
from puyou.visits import actions as visits
from puyou.visits.models import Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
NORTH = 1 / 111_194.9


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


def place(metres: float, accuracy: float = 10.0) -> dict[str, Any]:
    return {"lon": 106.7123, "lat": 26.6 + metres * NORTH, "accuracy_m": accuracy}


def take(*messages: Message) -> list[Any]:
    ids = cast.send(*messages)
    visits.take_in_pending(now=NOW)
    return ids


def settle() -> None:
    sealing.seal_pending()
    while jobs.score_pending():
        sealing.seal_pending()


def reasons(identifier: Any) -> set[str]:
    mask = Score.objects.get(visit_id=identifier).reasons
    return {code for code, bit in MASK.items() if mask & bit}


def test_a_visit_is_scored_once_it_is_taken_in():
    village = cast.villages(1)[0]
    (identifier,) = take(Message(village, position=place(0)))
    assert not Score.objects.exists()
    settle()
    score = Score.objects.get(visit_id=identifier)
    assert 0 < score.score <= 100 and score.place_id == village.pk
    assert "unsigned" in reasons(identifier)
    assert not WaitingDay.objects.exists()
    assert Event.objects.filter(kind="visits.scored").count() == 1


def test_a_score_never_un_counts():
    village, other = cast.villages(2)
    first, second = take(
        Message(village, at=NOW - timedelta(hours=2), position=place(0)),
        Message(other, at=NOW - timedelta(hours=2) + timedelta(minutes=1), position=place(90_000)),
    )
    settle()
    assert "too_fast" in reasons(first) and "too_fast" in reasons(second)
    assert Visit.objects.filter(counting=True).count() == 2


def test_a_later_arrival_scores_its_neighbours_again():
    village, other = cast.villages(2)
    (first,) = take(Message(village, at=NOW - timedelta(hours=2), position=place(0)))
    settle()
    assert "too_fast" not in reasons(first)
    take(Message(other, at=NOW - timedelta(hours=2) + timedelta(minutes=1), position=place(90_000)))
    settle()
    assert "too_fast" in reasons(first)


def test_a_trail_crosses_days():
    village, other = cast.villages(2)
    (today,) = take(Message(other, at=NOW - timedelta(hours=2), position=place(0)))
    settle()
    take(Message(village, at=NOW - timedelta(hours=20), position=place(5_000_000 / 2)))
    settle()
    assert "too_fast" in reasons(today)


@st.composite
def arrivals(draw: Any) -> tuple[list[dict[str, Any]], list[int]]:
    """Some visits of three couriers with three phones over a few days, and an order in which they arrive."""
    told = [
        {
            "village": draw(st.integers(0, 5)), "minutes": draw(st.integers(5, 60 * 24 * 3)),
            "metres": draw(st.sampled_from([0, 0, 15, 400, 9_000, 90_000])), "courier": draw(st.integers(1, 3)),
            "device": draw(st.integers(1, 3)), "photo": draw(st.sampled_from([None, None, "a", "b"])),
        }
        for _ in range(draw(st.integers(2, 7)))
    ]  # fmt: skip
    return told, draw(st.permutations(range(len(told))))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(arrivals(), st.data())
def test_any_order_of_arrival_ends_in_the_same_scores(told, data):
    visits_, order = told
    places = [*cast.villages(4), *cast.villages(2, county="520121")]
    ids = [uuid5(NAMESPACE_OID, str(number)) for number in range(len(visits_))]

    def arrive(numbers: list[int], pause: Any) -> dict[Any, tuple[int, int]]:
        with transaction.atomic():
            for number in numbers:
                each = visits_[number]
                photos = (
                    [{"sha256": hashlib.sha256(each["photo"].encode()).hexdigest()}]
                    if each["photo"]
                    else None
                )
                take(
                    Message(
                        places[each["village"]], at=NOW - timedelta(minutes=each["minutes"]), id=ids[number],
                        position=place(each["metres"]), courier=each["courier"], device=each["device"],
                        changes={"photos": photos} if photos else None,
                    )
                )  # fmt: skip
                if pause():
                    settle()
            settle()
            found = {row.visit_id: (row.score, row.reasons) for row in Score.objects.all()}
            transaction.set_rollback(True)
        return found

    at_once = arrive(list(range(len(visits_))), lambda: False)
    in_turn = arrive(list(order), lambda: data.draw(st.booleans()))
    assert at_once == in_turn and len(at_once) == len(visits_)


def test_history_that_is_imported_late_is_not_scored():
    village = cast.villages(1)[0]
    take(Message(village, at=NOW - timedelta(days=200), position=place(0)))
    settle()
    assert not Score.objects.exists()


def test_scoring_again_leaves_what_did_not_change():
    take(Message(cast.villages(1)[0], position=place(0)))
    settle()
    before = Score.objects.get()
    WaitingDay.objects.create(day=before.day, county_id=int(counties_of(np.array([before.place_id]))[0]))
    with clock.frozen(NOW + timedelta(hours=1)):
        assert actions.score_pending(now=clock.now()) == 1
    assert Score.objects.get().at == before.at


def test_a_new_weighting_scores_again():
    (identifier,) = take(Message(cast.villages(1)[0], position=place(0)))
    settle()
    before = Score.objects.get()
    by = queries.get_weights(date(2026, 10, 1))
    actions.publish_weighting(
        valid_from=date(2026, 10, 1), weights=dict(by.weights) | {"unsigned": 0.9}, limits={}, caps=dict(by.caps),
        source="试验", by="user:1", now=NOW,
    )  # fmt: skip
    settle()
    after = Score.objects.get(visit_id=identifier)
    assert after.score < before.score and after.rule_version > before.rule_version


def test_the_risky_come_first_and_only_in_scope():
    village, other, third = cast.villages(3)
    take(
        Message(village, at=NOW - timedelta(hours=2), position=place(0)),
        Message(other, at=NOW - timedelta(hours=2) + timedelta(minutes=1), position=place(90_000)),
        Message(third, at=NOW - timedelta(hours=2), courier=7, device=7, position=place(10)),
    )
    settle()
    rows = list(queries.list_risky(Scope.system("test")))
    assert [row.score for row in rows] == sorted(row.score for row in rows) and len(rows) == 3
    assert rows[0].place_name and queries.described(rows[0].reasons)
    low = queries.list_risky(Scope.system("test"), threshold=rows[0].score + 1)
    assert {row.score for row in low} == {rows[0].score}
    assert not list(queries.list_risky(Scope.public()))
    ids = [row.pk for row in rows]
    assert len(queries.scores_of(Scope.system("test"), ids)) == 3
    assert queries.scores_of(Scope.public(), ids) == {}
