"""The courier's month: days expected, reached, missed, doubtful."""

from datetime import date, datetime, timedelta, timezone

import pytest

from puyou.fieldwork import months
from puyou.fieldwork.tests.cast import NOW, TODAY, come, mark
from puyou.visits.rules import MASK

pytestmark = pytest.mark.django_db
SHANGHAI = timezone(timedelta(hours=8))


def day_of(network, day, today=TODAY):
    month = months.get_month(network.courier, day.replace(day=1), today)
    return next(one for one in month.days if one.day == day)


def test_weeks_are_whole_and_begin_on_mondays(network):
    month = months.get_month(network.courier, date(2026, 11, 1), TODAY)
    assert {len(week) for week in month.weeks} == {7} and month.weeks[0][0].day == date(2026, 10, 26)
    assert len(month.days) == 30 and (month.before, month.after) == ("2026-10", "2026-12")


def test_a_day_tells_expected_reached_missed_and_doubtful(network):
    at = datetime(2026, 11, 18, 9, tzinfo=SHANGHAI)
    come(network.courier, network.villages[:2], at=at, findings=MASK["copied_position"])
    mark(network.courier, network.device, "start", at, day=date(2026, 11, 18))
    day = day_of(network, date(2026, 11, 18))
    assert (len(day.planned), len(day.reached), day.missed, day.doubtful) == (3, 2, 1, 2)
    assert day.started_at == at and day.ended_at is None


def test_days_to_come_miss_nothing(network):
    day = day_of(network, TODAY + timedelta(days=1))
    assert day.ahead and day.planned and day.missed == 0


def test_queries_do_not_grow_with_days(network, django_assert_max_num_queries):
    come(network.courier, network.villages, at=NOW - timedelta(days=3))
    with django_assert_max_num_queries(8):
        months.get_month(network.courier, date(2026, 11, 1), TODAY)


def test_a_month_that_is_none_is_said(network, officer):
    assert officer.get(f"/fieldwork/couriers/{network.courier.pk}/?month=2026-13").status_code == 422
    page = officer.get(f"/fieldwork/couriers/{network.courier.pk}/?month=2026-10").content.decode()
    assert "2026年10月" in page and "下月" in page
