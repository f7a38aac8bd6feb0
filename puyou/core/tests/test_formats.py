from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core import formats, ramp
from puyou.core.periods import Week

NOW = datetime(2026, 11, 23, 6, 32, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (13687, "13,687"),
        (0, "0"),
        (-1200, "-1,200"),
        (Decimal("2.50"), "2.5"),
        (1e6, "1,000,000"),
        (None, "无数据"),
    ],
)
def test_a_count_has_thousands(value, shown):
    assert formats.count(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(9999, "9,999"), (10000, "1万"), (487144, "48.71万"), (123456789, "1.23亿"), (-25000, "-2.5万")],
)
def test_a_big_amount_is_told_in_wan_and_yi(value, shown):
    assert formats.big(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.973, "97.3%"), (1, "100.0%"), (0, "0.0%"), (0.99999, "99.9%"), (0.00001, "0.1%"), (None, "无数据")],
)
def test_a_share_is_told_in_per_cent(share, shown):
    assert formats.rate(share) == shown


@given(st.floats(0, 1))
def test_only_all_reads_as_all_and_only_nothing_as_nothing(share):
    assert (formats.rate(share) == "100.0%") == (share == 1)
    assert (formats.rate(share) == "0.0%") == (share == 0)


@pytest.mark.parametrize("unknown", [None, "", float("nan")])
@pytest.mark.parametrize("write", [formats.count, formats.big, formats.rate, formats.points, formats.metres])
def test_what_is_unknown_is_no_data_and_never_zero(write, unknown):
    assert write(unknown) == "无数据"


def test_dates_are_told_in_shanghai():
    late = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert formats.day(late) == "2026年11月23日"
    assert formats.moment(late) == "2026年11月23日 01:00"
    assert formats.clock(NOW) == "14:32:05"
    assert formats.short_day(date(2026, 11, 23)) == "11.23 周一"


def test_a_week_is_told_with_its_dates():
    assert formats.week(date(2026, 11, 18)) == "2026年第47周（11.16—11.22）"
    assert formats.week(Week(date(2026, 11, 16))) == formats.week(date(2026, 11, 18))


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=2, minutes=50), "2 小时前"),
        (timedelta(days=3), "3 天前"),
        (timedelta(days=40), "2026年10月14日 14:32"),
        (timedelta(hours=-1), "2026年11月23日 15:32"),
    ],
)
def test_how_long_ago_is_told_while_it_helps(passed, shown):
    assert formats.relative(NOW - passed, NOW) == shown


def test_a_distance_is_told_in_metres_then_kilometres():
    assert [formats.metres(far) for far in (850, 6200, 30000)] == ["850 米", "6.2 公里", "30 公里"]


def test_a_difference_of_shares_has_its_sign():
    assert [formats.points(difference) for difference in (0.012, -0.012)] == [
        "+1.2 个百分点",
        "-1.2 个百分点",
    ]


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_worse_share_never_gets_a_better_step(one, other):
    low, high = sorted((one, other))
    assert int(ramp.step_of(low)) >= int(ramp.step_of(high))


def test_without_a_share_pending_comes_before_excused_before_no_data():
    assert ramp.step_of(None, pending=1, excused=1) == "pending"
    assert ramp.step_of(None, excused=1) == "excused"
    assert ramp.step_of(None) == "none"
