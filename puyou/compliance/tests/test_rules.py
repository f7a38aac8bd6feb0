"""The numbered rules of contracts 1, as tables an officer can read and as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.compliance import rules
from puyou.compliance.rules import DutyTerms, Verdict
from puyou.compliance.tests.strategies import MONDAYS, villages

MONDAY = date(2026, 11, 16)
LONG_AGO = date(2020, 1, 1)


def days(text: str) -> set[date]:
    """``一三五`` as dates of the week of 2026-11-16."""
    return {MONDAY + timedelta(days="一二三四五六日".index(sign)) for sign in text}


def weekly(times: int, start: date = LONG_AGO, end: date | None = None, number: int = 1) -> DutyTerms:
    return DutyTerms(number, 2, times, False, start, end)


def daily(start: date = LONG_AGO, end: date | None = None, number: int = 1) -> DutyTerms:
    return DutyTerms(number, 0, 1, True, start, end)


# 每周次数, 生效日, 失效日, 到村日, 免责日 → 应投, 已投, 判定
CASES = [
    (3, None, None, "一三五", "", 3, 3, Verdict.MET),
    (3, None, None, "一三", "", 3, 2, Verdict.UNMET),
    (3, None, None, "", "", 3, 0, Verdict.UNMET),
    (3, None, None, "一二三四五六日", "", 3, 7, Verdict.MET),
    # 免责四天：剩三天，应投 ⌊3·3/7⌋ = 1
    (3, None, None, "五", "一二三四", 1, 1, Verdict.MET),
    (3, None, None, "", "一二三四", 1, 0, Verdict.UNMET),
    # 免责日当天到了村：那天不扣除，四天开放，应投 ⌊12/7⌋ = 1
    (3, None, None, "一", "一二三四", 1, 1, Verdict.MET),
    # 免责五天：应投 ⌊3·2/7⌋ = 0，判免责
    (3, None, None, "", "一二三四五", 0, 0, Verdict.EXCUSED),
    (3, None, None, "", "一二三四五六日", 0, 0, Verdict.EXCUSED),
    # 全周免责却天天到村：不扣除任何一天
    (3, None, None, "一二三四五六日", "一二三四五六日", 3, 7, Verdict.MET),
    # 周四起生效：四天，应投 1
    (3, "四", None, "", "", 1, 0, Verdict.UNMET),
    (3, "四", None, "一二三", "", 1, 0, Verdict.UNMET),
    (3, "四", None, "六", "", 1, 1, Verdict.MET),
    # 周六起生效：两天，应投 0，没有免责：不计入
    (3, "六", None, "", "", 0, 0, Verdict.NONE),
    (3, "六", None, "日", "", 0, 1, Verdict.NONE),
    (3, "六", None, "", "日", 0, 0, Verdict.EXCUSED),
    # 免责日在生效之前：与这一频次无关
    (3, "六", None, "", "一", 0, 0, Verdict.NONE),
    # 周三失效（周三当天已不生效）：两天
    (7, None, "三", "一二", "", 2, 2, Verdict.MET),
    (7, None, "三", "一三", "", 2, 1, Verdict.UNMET),
    (1, None, None, "日", "", 1, 1, Verdict.MET),
    (1, None, None, "", "日", 0, 0, Verdict.EXCUSED),
    (7, None, None, "一二三四五六", "", 7, 6, Verdict.UNMET),
    (7, None, None, "一二三四五六", "日", 6, 6, Verdict.MET),
]


@pytest.mark.parametrize(("times", "start", "end", "served", "excused", "need", "done", "verdict"), CASES)
def test_a_weekly_duty_reads_as_the_officers_table(times, start, end, served, excused, need, done, verdict):
    first = days(start).pop() if start else LONG_AGO
    last = days(end).pop() if end else None
    week = rules.assess_duty(weekly(times, first, last), MONDAY, days(served), days(excused), "floor")
    assert (week.need, len(week.served), week.verdict) == (need, done, verdict)


def test_a_daily_duty_needs_every_open_day():
    week = rules.assess_duty(daily(), MONDAY, days("一二三四五"), days("六"), "floor")
    assert (week.need, week.verdict) == (6, Verdict.UNMET)
    week = rules.assess_duty(daily(), MONDAY, days("一二三四五"), days("六日"), "floor")
    assert (week.need, week.verdict) == (5, Verdict.MET)


PART_WEEKS = [("floor", 1, [0, 0, 0, 0, 0, 0, 0, 1]), ("ceil", 1, [0, 1, 1, 1, 1, 1, 1, 1])]
PART_WEEKS += [("round", 1, [0, 0, 0, 0, 1, 1, 1, 1]), ("floor", 3, [0, 0, 0, 1, 1, 2, 2, 3])]
PART_WEEKS += [("round", 3, [0, 0, 1, 1, 2, 2, 3, 3]), ("ceil", 3, [0, 1, 1, 2, 2, 3, 3, 3])]


@pytest.mark.parametrize(("rule", "times", "needs"), PART_WEEKS)
def test_a_part_week_needs_what_its_rule_says(rule, times, needs):
    for count, need in enumerate(needs):
        open_days = rules.week_days(MONDAY)[:count]
        assert rules.need_of(weekly(times), open_days, rule) == need


def test_a_timetable_counts_its_open_weekdays_and_falls_back_without_one():
    duty = DutyTerms(1, 2, 3, False, LONG_AGO, None, timetable=0b0010101)
    assert rules.need_of(duty, days("一三五"), "timetable") == 3
    assert rules.need_of(duty, days("二四六日"), "timetable") == 0
    assert rules.need_of(weekly(3), days("一三五"), "timetable") == 1


def test_the_worst_duty_gives_the_verdict_and_trips_add_up():
    village = rules.assess_week([weekly(1, number=7), weekly(5, number=3)], MONDAY, days("一二"), set())
    assert (village.verdict, village.trips, village.trips_due) == (Verdict.UNMET, 3, 6)


def test_the_area_class_follows_the_worst_then_the_stricter_then_the_lowest_number():
    one, other = DutyTerms(5, 1, 3, False, LONG_AGO), DutyTerms(2, 3, 3, False, LONG_AGO)
    assert rules.assess_week([one, other], MONDAY, set(), set()).area_class == 3
    stricter = DutyTerms(9, 0, 4, False, LONG_AGO)
    assert rules.assess_week([one, other, stricter], MONDAY, set(), set()).area_class == 0
    assert rules.assess_week([one, other, stricter], MONDAY, days("一二三"), set()).area_class == 0


def test_a_duty_that_asks_nothing_is_ignored_beside_one_that_asks():
    village = rules.assess_week(
        [weekly(1, days("日").pop(), number=1), weekly(2, number=2)], MONDAY, days("一二"), set()
    )
    assert village.verdict == Verdict.MET
    assert rules.assess_week([weekly(1, days("日").pop())], MONDAY, set(), set()).verdict == Verdict.NONE
    assert rules.assess_week([], MONDAY, days("一"), days("二")).area_class is None


def test_an_unmet_week_is_pending_then_provisional_then_missed():
    def said(day):
        return rules.standing(Verdict.UNMET, MONDAY, day, 10)

    assert said(date(2026, 11, 22)) == "pending"
    assert said(date(2026, 11, 23)) == said(date(2026, 12, 2)) == "provisional"
    assert said(date(2026, 12, 3)) == "missed"
    assert rules.standing(Verdict.MET, MONDAY, date(2026, 11, 17), 10) == "met"


class TestLongestGap:
    def test_it_counts_the_days_between_deliveries(self):
        assert rules.longest_gap([weekly(1)], MONDAY, days("一五"), set(), date(2027, 1, 1)) == 3

    def test_it_reaches_back_before_the_week(self):
        served = {MONDAY - timedelta(days=11), *days("三日")}
        assert rules.longest_gap([weekly(1)], MONDAY, served, set(), date(2027, 1, 1)) == 12

    def test_a_run_that_ended_before_the_week_does_not_touch_it(self):
        served = {MONDAY - timedelta(days=1), *days("一二三四五六")}
        assert rules.longest_gap([weekly(1)], MONDAY, served, set(), date(2027, 1, 1)) == 1

    def test_it_looks_back_366_days_and_no_more(self):
        assert rules.longest_gap([weekly(1, date(2020, 1, 1))], MONDAY, set(), set(), date(2027, 1, 1)) == 373

    def test_excused_days_and_days_out_of_force_break_it(self):
        assert (
            rules.longest_gap(
                [weekly(1)], MONDAY, set(), days("三") | {MONDAY - timedelta(days=1)}, date(2027, 1, 1)
            )
            == 4
        )
        assert rules.longest_gap([weekly(1, days("四").pop())], MONDAY, set(), set(), date(2027, 1, 1)) == 4

    def test_days_to_come_do_not_count(self):
        start = MONDAY - timedelta(days=2)
        assert rules.longest_gap([weekly(1, start)], MONDAY, set(), set(), days("三").pop()) == 4
        assert rules.longest_gap([weekly(1, start)], MONDAY, set(), set(), MONDAY) == 0


GOOD = (Verdict.NONE, Verdict.EXCUSED, Verdict.MET)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_one_more_visit_or_excuse_never_makes_a_village_unmet(data):
    monday = data.draw(st.sampled_from(MONDAYS))
    village = data.draw(villages(monday))
    rule = data.draw(st.sampled_from(rules.PART_WEEK_RULES))
    extra = monday + timedelta(days=data.draw(st.integers(-7, 13)))
    before = rules.assess_week(village.duties, monday, village.served, village.excused, rule)
    visited = rules.assess_week(village.duties, monday, village.served | {extra}, village.excused, rule)
    excused = rules.assess_week(village.duties, monday, village.served, village.excused | {extra}, rule)
    if before.verdict in GOOD:
        assert visited.verdict in GOOD
        assert excused.verdict in GOOD
    if before.verdict == Verdict.MET:
        assert visited.verdict == Verdict.MET


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_more_visit_or_excuse_never_makes_the_gap_longer(data):
    monday = data.draw(st.sampled_from(MONDAYS))
    village = data.draw(villages(monday))
    extra = monday + timedelta(days=data.draw(st.integers(-20, 7)))
    today = monday + timedelta(days=30)
    before = rules.longest_gap(village.duties, monday, village.served, village.excused, today)
    assert (
        rules.longest_gap(village.duties, monday, village.served | {extra}, village.excused, today) <= before
    )
    assert (
        rules.longest_gap(village.duties, monday, village.served, village.excused | {extra}, today) <= before
    )


def test_the_kept_window_begins_two_years_before():
    assert rules.window_start(date(2026, 11, 23)) == date(2024, 1, 1)
    assert rules.window_start(date(2027, 1, 3)) == date(2024, 1, 1)  # still ISO year 2026
    assert rules.window_start(date(2027, 1, 4)) == date(2024, 12, 30)
