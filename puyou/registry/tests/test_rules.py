import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core.problems import Problem
from puyou.registry import rules

# times, period, whether such a duty may be asked
DUTIES = [
    (1, "week", True),
    (3, "week", True),
    (7, "week", True),
    (1, "day", True),
    (0, "week", False),
    (8, "week", False),
    (2, "day", False),
    (0, "day", False),
    (-1, "week", False),
    (1, "month", False),
]


@pytest.mark.parametrize(("times", "period", "allowed"), DUTIES)
def test_a_duty_is_so_many_times_a_week_or_once_a_day(times, period, allowed):
    assert rules.is_reasonable(times, period) is allowed
    if not allowed:
        with pytest.raises(Problem, match="频次须为"):
            rules.require_reasonable(times, period)


# duty, floor, whether the duty asks less
FLOORS = [
    ((3, False), (3, False), False),
    ((2, False), (3, False), True),
    ((6, False), (1, True), True),
    ((7, False), (1, True), False),
    ((1, True), (1, True), False),
    ((1, True), (5, False), False),
]


@pytest.mark.parametrize(("duty", "floor", "below"), FLOORS)
def test_a_duty_below_its_floor_is_noticed(duty, floor, below):
    assert rules.is_below_floor(*duty, *floor) is below


@given(st.integers(1, 7), st.integers(1, 7), st.booleans(), st.booleans())
def test_asking_more_never_falls_below_a_floor_that_less_kept(times, floor, per_day, floor_per_day):
    if not rules.is_below_floor(times, per_day, floor, floor_per_day):
        assert not rules.is_below_floor(times + 1, per_day, floor, floor_per_day)
