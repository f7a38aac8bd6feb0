from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core.problems import Problem
from puyou.standards import rules
from puyou.standards.rules import Calendar, Version, choose, due, holiday_weeks

# National Day and Mid-Autumn of 2026 as published, with the Sunday and the Saturday made up
OFF = {date(2026, 9, day): "中秋节" for day in (25, 26, 27)} | {
    date(2026, 10, day): "国庆节" for day in range(1, 8)
}
CALENDAR = Calendar(OFF, frozenset({date(2026, 9, 20), date(2026, 10, 10)}), date(2026, 12, 31))
START = date(2026, 9, 24)
HOLIDAY_PAUSE = (date(2026, 9, 29), date(2026, 10, 12))

# from, term, suspensions, due, provisional
TERMS = [
    (START, "20wd", [], date(2026, 10, 29), False),
    (START, "20wd", [HOLIDAY_PAUSE], date(2026, 11, 6), False),
    (START, "1wd", [], date(2026, 9, 28), False),  # the festival is skipped
    (date(2026, 9, 18), "1wd", [], date(2026, 9, 20), False),  # a Sunday made up counts
    (date(2026, 10, 9), "1d", [], date(2026, 10, 10), False),  # a Saturday made up is no day off
    (START, "90d", [], date(2026, 12, 23), False),
    (START, "1d", [], date(2026, 9, 28), False),  # ends on a day off: the next working day
    (date(2026, 11, 2), "5d", [(date(2026, 11, 4), date(2026, 11, 5))], date(2026, 11, 9), False),
    (date(2026, 11, 2), "2d", [(date(2026, 11, 4), date(2026, 11, 6))], date(2026, 11, 9), False),
    (date(2026, 11, 2), "1wd", [(date(2026, 10, 1), date(2026, 11, 2))], date(2026, 11, 3), False),
    (date(2026, 12, 30), "1wd", [], date(2026, 12, 31), False),
    (date(2026, 12, 30), "2wd", [], date(2027, 1, 1), True),
    (date(2026, 12, 30), "90d", [], date(2027, 3, 30), True),
]


@pytest.mark.parametrize(("start", "term", "pauses", "expected", "provisional"), TERMS)
def test_a_term_ends_on_the_day_the_table_says(start, term, pauses, expected, provisional):
    found = due(start, term, pauses, CALENDAR)
    assert (found.due, found.provisional) == (expected, provisional)
    assert found.counted == int(term.rstrip("wd"))


def test_overlapping_and_touching_suspensions_count_once():
    apart = [(date(2026, 9, 29), date(2026, 10, 8)), (date(2026, 10, 6), date(2026, 10, 12))]
    touching = [(date(2026, 9, 29), date(2026, 10, 8)), (date(2026, 10, 9), date(2026, 10, 12))]
    assert due(START, "20wd", apart, CALENDAR) == due(START, "20wd", [HOLIDAY_PAUSE], CALENDAR)
    assert rules.merge_suspensions(touching) == [HOLIDAY_PAUSE]


@pytest.mark.parametrize("term", ["", "20", "0wd", "-3d", "20w", "wd", "3.5d", "99999d"])
def test_a_term_that_is_none_is_refused(term):
    with pytest.raises(Problem, match="无法理解"):
        due(START, term, [], CALENDAR)


def test_a_suspension_that_runs_backwards_is_refused():
    with pytest.raises(Problem, match="早于"):
        due(START, "20wd", [(date(2026, 10, 2), date(2026, 10, 1))], CALENDAR)


def test_a_suspension_without_end_is_refused_and_not_waited_for():
    with pytest.raises(Problem, match="超出"):
        due(START, "20wd", [(START, date.max)], CALENDAR)


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
pauses = st.lists(
    st.tuples(days, st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))),
    max_size=4,
)
terms = st.tuples(st.integers(1, 60), st.sampled_from(["wd", "d"])).map(lambda pair: f"{pair[0]}{pair[1]}")


@given(days, terms, pauses)
def test_a_term_ends_on_a_working_day_after_its_start_outside_every_suspension(start, term, suspended):
    end = due(start, term, suspended, CALENDAR).due
    assert end > start
    assert CALENDAR.is_working_day(end)
    assert not any(first <= end <= last for first, last in suspended)


@given(days, terms, pauses)
def test_one_more_suspension_never_shortens_a_term(start, term, suspended):
    without = due(start, term, suspended[1:], CALENDAR).due
    assert due(start, term, suspended, CALENDAR).due >= without


@given(days, st.integers(1, 40), pauses)
def test_a_term_of_working_days_counts_exactly_so_many(start, count, suspended):
    end = due(start, f"{count}wd", suspended, CALENDAR).due
    span = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    counted = [
        day
        for day in span
        if CALENDAR.is_working_day(day) and not any(first <= day <= last for first, last in suspended)
    ]
    assert len(counted) == count


@given(days, st.integers(0, 40))
def test_adding_working_days_agrees_with_a_term(start, count):
    added = rules.add_working_days(start, count, CALENDAR)
    assert added == (due(start, f"{count}wd", [], CALENDAR).due if count else start)


@given(days, terms)
def test_a_term_is_provisional_exactly_beyond_the_published_years(start, term):
    found = due(start, term, [], CALENDAR)
    assert found.provisional == (found.due > date(2026, 12, 31))


def test_festival_weeks_are_named_by_their_monday():
    assert holiday_weeks(date(2026, 9, 24), date(2026, 10, 1), CALENDAR) == {
        date(2026, 9, 21): "中秋节",
        date(2026, 9, 28): "国庆节",
    }


def version(number, value, first, last=None, area_class="", path=""):
    return Version(number, "rule", area_class, path, value, "m", first, last, "", "unverified")


VERSIONS = [
    version(1, "国旧", date(2020, 1, 1), date(2026, 1, 1)),
    version(2, "国新", date(2026, 1, 1)),
    version(3, "省", date(2026, 3, 1), path="00010002"),
    version(4, "县", date(2026, 3, 1), date(2026, 6, 1), path="000100020003"),
    version(5, "农村", date(2026, 1, 1), area_class="rural"),
]
# day, area class, place path, which value holds
HOLDING = [
    (date(2019, 12, 31), "", "0001", None),
    (date(2025, 12, 31), "", "0001", "国旧"),
    (date(2026, 1, 1), "", "0001", "国新"),
    (date(2026, 2, 1), "", "00010002", "国新"),
    (date(2026, 3, 1), "", "000100020004", "省"),
    (date(2026, 3, 1), "", "00010003", "国新"),
    (date(2026, 5, 31), "", "0001000200030009", "县"),
    (date(2026, 6, 1), "", "0001000200030009", "省"),
    (date(2026, 2, 1), "rural", "0001", "农村"),
    (date(2026, 2, 1), "remote", "0001", "国新"),
    (date(2026, 3, 1), "rural", "00010002", "省"),
]


@pytest.mark.parametrize(("day", "area_class", "path", "value"), HOLDING)
def test_the_nearest_place_and_then_the_own_class_decide(day, area_class, path, value):
    found = choose(VERSIONS, day, area_class, path)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ((date(2026, 1, 1), None), (date(2027, 1, 1), None), True),
        ((date(2026, 1, 1), date(2027, 1, 1)), (date(2027, 1, 1), None), False),
        ((date(2026, 1, 1), date(2027, 1, 2)), (date(2027, 1, 1), None), True),
        ((date(2026, 6, 1), None), (date(2026, 1, 1), date(2026, 6, 1)), False),
    ],
)
def test_spans_overlap_when_they_share_a_day(first, second, shared):
    assert rules.overlap(first, second) is shared
    assert rules.overlap(second, first) is shared
