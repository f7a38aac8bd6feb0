from datetime import date

import pytest

from puyou.standards.rules import Calendar
from puyou.workbench.months import Month, sheet
from puyou.workbench.spans import spans

TODAY = date(2026, 9, 24)
CALENDAR = Calendar({date(2026, 10, 1): "国庆节"}, frozenset({date(2026, 10, 10)}), date(2026, 12, 31))


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "1999-12", "9999-12", "x", "2026-1-1", "２０２６-10"]
)
def test_what_is_no_month_is_the_present_one(text):
    assert Month.parse(text, TODAY).name == "2026-09"


def test_months_follow_each_other():
    month = Month.parse("2026-01", TODAY)
    assert (month.before.name, month.after.name, month.last) == ("2025-12", "2026-02", date(2026, 1, 31))
    for _ in range(30):
        assert month.after.before == month
        month = month.after


def test_a_sheet_is_whole_weeks_and_marks_days_off_and_made_up():
    weeks = sheet(Month(date(2026, 10, 1)), TODAY, CALENDAR, {date(2026, 10, 9): 3, date(2026, 9, 30): 5})
    days = {day.on: day for week in weeks for day in week}
    assert all(len(week) == 7 and week[0].on.weekday() == 0 for week in weeks)
    assert days[date(2026, 10, 1)].mark == "国庆节" and not days[date(2026, 10, 1)].working
    assert days[date(2026, 10, 10)].mark == "班" and days[date(2026, 10, 10)].working
    assert days[date(2026, 10, 11)].mark == "休"
    assert days[date(2026, 10, 9)].count == 3
    assert not days[date(2026, 9, 30)].inside and days[date(2026, 9, 30)].count == 0


def test_every_day_and_none_stand_in_exactly_one_span():
    for today in (date(2026, 9, 21), date(2026, 9, 24), date(2026, 9, 27)):
        for day in [None, *(date(2026, 9, 1 + n) for n in range(30))]:
            assert sum(span.holds(day) for span in spans(today)) == 1
