from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core.periods import Week
from puyou.indicators.periods import KINDS, Period

NAMES = ["2019", "2026-Q3", "2026-09", "2026-W40", "2026-09-24", "2016..2020", "2020-01-25..2020-02-24"]
NO_NAMES = [
    "",
    "19",
    "2026-13",
    "2026-Q5",
    "2026-W60",
    "2026-02-30",
    "2020..2016",
    "２０２６",
    "2016..2017..2018",
]
days = st.dates(date(2005, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize("name", NAMES)
def test_a_period_is_read_and_named_alike(name):
    assert Period.parse(name).name == name


@pytest.mark.parametrize(
    "name",
    NO_NAMES,
)
def test_what_is_no_period_is_refused(name):
    with pytest.raises(ValueError):
        Period.parse(name)


@given(days, st.sampled_from([kind for kind in KINDS if kind != "span"]))
def test_every_day_lies_in_its_period_and_neighbours_touch(day, kind):
    period = Period.of(kind, day)
    assert period.first <= day <= period.last
    assert period.next().first == period.last + timedelta(days=1)
    assert period.next().previous() == period
    assert Period.parse(period.name) == period


@given(days)
def test_a_week_belongs_to_the_month_of_its_thursday_and_to_no_other(day):
    thursday = Week.of(day).monday + timedelta(days=3)
    month = Period.of("month", thursday)
    assert Week.of(day) in month.weeks()
    assert Week.of(day) not in month.next().weeks() + month.previous().weeks()


@given(st.integers(2006, 2039))
def test_the_months_of_a_year_hold_its_weeks_once(year):
    whole = Period.parse(str(year))
    assert [week for month in whole.cut("month") for week in month.weeks()] == whole.weeks()


def test_a_leap_day_is_compared_with_the_28th():
    assert Period.parse("2024-02-29").last_year() == Period.parse("2023-02-28")
