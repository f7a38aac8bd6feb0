"""What a week still asks, set-wise, equals what each village's page says of its running week."""

import random
from datetime import date, timedelta

import pytest

from puyou.accounts.scopes import Scope
from puyou.compliance import queries
from puyou.compliance.tests import cast
from puyou.core.periods import Week
from puyou.core.steady import steadily

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def villages():
    dice = random.Random(7)
    found = cast.villages_of("520526", 30)
    for village in found[:-2]:
        daily = dice.random() < 0.3
        cast.lay_duty(village, times=1 if daily else dice.randint(1, 7), period="day" if daily else "week")
        days = {TODAY - timedelta(days=d) for d in range(40) if dice.random() < dice.choice([0, 0.1, 0.5])}
        if days:
            cast.serve(village, days)
        village.served_last = max(days, default=None)
    cast.excuse(found[3], TODAY - timedelta(days=2), TODAY + timedelta(days=1))
    return found


def test_dues_say_what_the_villages_pages_say(villages):
    dues = queries.week_dues([village.pk for village in villages], TODAY)
    week = Week.of(TODAY)
    for village in villages[:-2]:
        detail = queries.village_weeks(Scope.system("tests"), village, week, week, TODAY)[0]
        due = dues[village.pk]
        assert (due.need, due.made) == (detail.need, detail.served), village.name
        assert due.served_on == village.served_last


def test_villages_without_a_duty_are_left_out(villages):
    assert villages[-1].pk not in queries.week_dues([village.pk for village in villages], TODAY)
    assert queries.week_dues([], TODAY) == {}


def test_the_strictest_duty_is_named(villages):
    village = villages[-1]
    cast.lay_duty(village, times=5)
    cast.lay_duty(village, times=1, period="day", first=date(2026, 1, 1))
    due = queries.week_dues([village.pk], TODAY)[village.pk]
    assert (due.times, due.period) == (1, "day")


def test_as_many_villages_as_a_courier_has_cost_no_more_queries(villages, django_assert_max_num_queries):
    queries.week_dues([villages[0].pk], TODAY)
    with steadily(), django_assert_max_num_queries(12):
        queries.week_dues([village.pk for village in villages], TODAY)
