"""Orders of the told county are given when they may be: on no day before a week's misses are final."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.compliance import partweeks, rules
from puyou.core.periods import Week, day_of
from puyou.simulator import matters

pytestmark = pytest.mark.django_db


@given(st.dates(date(2025, 10, 6), date(2026, 12, 27)))
def test_an_order_is_given_on_the_first_day_of_final_misses(day):
    week = Week.of(day)
    ordered = day_of(matters._settled_at(week))
    settle = partweeks.settle_days(week.monday)
    assert rules.standing(rules.Verdict.UNMET, week.monday, ordered, settle) == "missed"
    assert (
        rules.standing(rules.Verdict.UNMET, week.monday, ordered - timedelta(days=1), settle) == "provisional"
    )
