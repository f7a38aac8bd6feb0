"""Who is expected where, and in which order villages are walked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.registry import tours
from puyou.registry.tours import Walk

REGULAR, SECOND = Walk(1, 11), Walk(2, 12)
WHOLE = Walk(3, 21, substitute=True)
PART = Walk(4, 22, substitute=True, part=frozenset({5, 6}))
AWAY = Walk(1, 11, away=True)


@pytest.mark.parametrize("place, walks, couriers", [
    (5, [REGULAR], [11]),
    (5, [REGULAR, SECOND], [11, 12]),
    (5, [REGULAR, WHOLE], [21]),
    (5, [REGULAR, PART], [22]),
    (7, [REGULAR, PART], [11]),
    (5, [AWAY], []),
    (7, [AWAY, PART], []),
    (5, [AWAY, PART], [22]),
    (5, [REGULAR, Walk(4, 22, substitute=True, away=True)], [11]),  # the substitute fell ill himself
    (5, [], []),
])  # fmt: skip
def test_who_is_expected(place, walks, couriers):
    assert [walk.courier_id for walk in tours.expected(place, walks)] == couriers


def test_whom_a_substitute_replaces():
    assert tours.replaced(5, [WHOLE, SECOND, AWAY]) == AWAY
    assert tours.replaced(5, [WHOLE]) is None


@pytest.mark.parametrize("weekdays, day, runs", [
    (0b1, 16, True), (0b1, 17, False), (0b1000000, 22, True), (0b0010101, 18, True), (0, 16, False), (127, 21, True),
])  # fmt: skip
def test_a_timetable_runs_on_its_days(weekdays, day, runs):
    assert tours.is_running(weekdays, date(2026, 11, day)) is runs


def test_the_order_laid_down_goes_first_then_the_nearest():
    positions = {1: (106.0, 26.0), 2: (106.3, 26.0), 3: (106.1, 26.0), 4: None, 5: (106.2, 26.0)}
    assert tours.tour([1, 2, 3, 4, 5], {}, positions) == [1, 3, 5, 2, 4]
    assert tours.tour([1, 2, 3, 4, 5], {2: 1, 4: 2}, positions) == [2, 4, 5, 3, 1]
    assert tours.tour([1, 2], {1: 9, 2: 3}, positions) == [2, 1]


positions = st.one_of(st.none(), st.tuples(st.floats(73, 136), st.floats(3, 54)))


@given(st.dictionaries(st.integers(1, 30), st.tuples(positions, st.none() | st.integers(1, 9))))
def test_a_tour_visits_every_village_once(villages):
    found = tours.tour(
        list(villages),
        {p: order for p, (_, order) in villages.items()},
        {p: at for p, (at, _) in villages.items()},
    )
    assert sorted(found) == sorted(villages)
    laid = [villages[place][1] for place in found if villages[place][1] is not None]
    assert laid == sorted(laid)
