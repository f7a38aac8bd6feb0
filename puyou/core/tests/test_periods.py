from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core.periods import DAYS_IN_SET, Week, day_index, day_of, weeks_between, year_start

days = st.dates(date(1970, 1, 5), date(2099, 12, 27))


@given(days)
def test_a_week_holds_its_day_and_keeps_its_name(day):
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert Week.parse(week.name) == week


@given(days)
def test_a_day_has_one_place_in_one_day_set(day):
    year, index = day_index(day)
    assert 0 <= index < DAYS_IN_SET
    assert year_start(year) + timedelta(days=index) == day


@given(days, st.integers(0, 800))
def test_weeks_between_touch_both_ends_and_nothing_else(first, more):
    weeks = list(weeks_between(first, first + timedelta(days=more)))
    assert weeks[0] == Week.of(first) and weeks[-1] == Week.of(first + timedelta(days=more))
    assert all(b.monday - a.monday == timedelta(days=7) for a, b in zip(weeks, weeks[1:], strict=False))


@pytest.mark.parametrize(
    "name", ["2026-W54", "2025-W53", "2026-40", "W40", "2026-W00", "9999-W52", "0001-W01"]
)
def test_it_refuses_what_is_no_week(name):
    with pytest.raises(ValueError):
        Week.parse(name)


def test_it_says_the_week_as_an_officer_would():
    assert Week.of(date(2026, 11, 18)).label == "2026年第47周（11.16—11.22）"


def test_a_day_begins_at_midnight_in_shanghai():
    assert day_of(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert day_of(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert Week.of(date(2026, 11, 22)).ends_at == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
