"""The vector engine equals the plain reading, village by village, on adversarial data."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.compliance import arrays, rules, sums, weeks
from puyou.compliance.rules import Verdict
from puyou.compliance.runs import Runs
from puyou.compliance.tests.strategies import MONDAYS, Village, facts_of, masks, villages


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_vector_and_plain_verdicts_are_equal(data):
    first = data.draw(st.sampled_from(MONDAYS))
    made = data.draw(st.lists(villages(first), min_size=1, max_size=5))
    rule = data.draw(st.sampled_from(rules.PART_WEEK_RULES))
    today = first + timedelta(days=data.draw(st.sampled_from([-3, 0, 1, 6, 7, 10, 13, 14, 40])))
    for week in weeks.judged_weeks(facts_of(made, first, 2, rule, today)):
        monday = first + timedelta(weeks=week.index)
        for i, village in enumerate(made):
            plain = rules.assess_week(village.duties, monday, village.served, village.excused, rule)
            said = week.verdicts
            assert Verdict(int(said.code[i])) == plain.verdict
            assert (said.trips[i], said.trips_due[i]) == (plain.trips, plain.trips_due)
            if plain.area_class is not None:
                assert said.area_class[i] == plain.area_class
                gap = rules.longest_gap(village.duties, monday, village.served, village.excused, today)
                assert week.gap[i] == gap
            else:
                assert week.gap[i] == 0


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_sums_add_every_village_once_at_every_level(data):
    first = data.draw(st.sampled_from(MONDAYS))
    made = data.draw(st.lists(villages(first), min_size=1, max_size=8))
    count = len(made)
    facts = facts_of(made, first, 2, "floor", first + timedelta(days=30))
    town = np.array(data.draw(st.lists(st.integers(10, 14), min_size=count, max_size=count)), np.int32)
    county = (town // 2).astype(np.int32)
    usual = np.array(data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)), np.uint8)
    anchors = [town, county, np.ones(count, np.int32)]
    never = np.zeros(count, bool)
    ladder = sums.ladder(
        anchors, [never] * 3, (4, 3, 0), usual, (facts.rows.village, facts.rows.area_class), np.arange(count)
    )
    for week in weeks.judged_weeks(facts):
        for level, groups, figures in zip(anchors, ladder.levels, sums.add_week(ladder, week), strict=True):
            for place in set(level.tolist()):
                for area in range(4):
                    here = (level == place) & (week.verdicts.area_class == area) & (week.verdicts.code != 0)
                    row = np.flatnonzero((groups.place == place) & (groups.area_class == area))
                    expected = _plain_sums(week, here)
                    if len(row):
                        assert {name: int(figures[name][row[0]]) for name in sums.FIELDS} == expected
                    else:
                        assert not here.any()


def _plain_sums(week, here):
    code = week.verdicts.code[here]
    reason = week.reason[here]
    return {
        "met": int((code == 2).sum()),
        "unmet": int((code == 3).sum()),
        "excused": int((code == 1).sum()),
        "trips": int(week.verdicts.trips[here].sum()),
        "trips_due": int(week.verdicts.trips_due[here].sum()),
        "not_enrolled": int((reason == 1).sum()),
        "no_service": int((reason == 2).sum()),
        "uncounted": int((reason == 3).sum()),
        "longest_gap": int(week.gap[here].max(initial=0)),
    }


def test_trips_of_many_duties_do_not_overflow():
    monday = MONDAYS[-1]
    week = frozenset(monday + timedelta(days=i) for i in range(7))
    terms = [rules.DutyTerms(i, 2, 1, True, monday, None, 0) for i in range(arrays.MOST_IN_A_BYTE + 1)]
    for duties in (terms, terms[1:]):
        facts = facts_of([Village(tuple(duties), week, frozenset())], monday, 1, "floor", monday)
        (judged,) = weeks.judged_weeks(facts)
        assert judged.verdicts.trips.tolist() == judged.verdicts.trips_due.tolist() == [7 * len(duties)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 90)), max_size=8), st.randoms())
def test_highest_of_a_group_is_found_wherever_it_stands(lengths, dice):
    group = np.array([number for number, length in lengths for _ in range(length)], np.intp)
    values = np.array([dice.choice([0, 3, 255, 256, 366]) for _ in group], np.uint16)
    expected = [int(values[group == number].max(initial=0)) for number in range(4)]
    assert Runs.of(group, 4).highest(values).tolist() == expected


def test_masks_of_dates_stand_on_their_weekday():
    first = MONDAYS[0]
    assert masks([frozenset({first + timedelta(days=9)})], first, 2).tolist() == [[0], [4]]
