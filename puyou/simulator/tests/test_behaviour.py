from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.core.periods import Week, day_index
from puyou.simulator import behaviour, geography, traces
from puyou.simulator.nation import Nation, day_sets


def tree(towns: int = 30, each: int = 12) -> SimpleNamespace:
    town = np.repeat(np.arange(towns), each)
    codes = 520_526_000_000 + (town + 100) * 1000 + 200 + np.tile(np.arange(each), towns)
    return SimpleNamespace(
        village_codes=codes,
        village_ids=np.arange(len(codes), dtype=np.int32) + 10,
        anchor={3: (town // 10).astype(np.int32), 4: town.astype(np.int32)},
    )


@pytest.fixture(scope="module")
def land():
    grown = tree()
    return geography.settle(grown, np.ones(len(grown.village_codes), bool), seed=7)


def test_the_same_seed_makes_the_same_nation(land):
    first, second = behaviour.live(land, 10, {3}, 7), behaviour.live(land, 10, {3}, 7)
    np.testing.assert_array_equal(first.served, second.served)
    assert first.storms == second.storms
    assert (behaviour.live(land, 10, {3}, 8).served != first.served).any()


def test_every_village_has_a_round_of_its_own_township(land):
    for number in range(land.rounds):
        on_round = land.round == number
        assert len(set(land.township[on_round])) == 1
        assert on_round.sum() <= geography.VILLAGES_PER_ROUND


def test_timetables_call_as_often_as_the_duty_asks(land):
    calls = np.bitwise_count(behaviour.timetables(land, 7))
    np.testing.assert_array_equal(calls, np.where(land.per_day, 7, land.times))


def test_most_weeks_are_met_and_some_are_not(land):
    served = np.bitwise_count(behaviour.live(land, 40, set(), 7).served)
    met = (served >= np.where(land.per_day, 7, land.times)).mean()
    assert 0.85 < met < 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.dates(date(2019, 12, 1), date(2027, 2, 1)))
def test_a_day_set_holds_exactly_the_days_of_the_masks(seed, start):
    random = np.random.default_rng(seed)
    served = random.integers(0, 128, (5, 4), np.uint8)
    land = SimpleNamespace(place_id=np.arange(4))
    nation = Nation(land, behaviour.Year(served, [], np.zeros(4, np.uint8)), Week.of(start), seed)
    sets = {year: np.unpackbits(packed, axis=1) for year, packed in day_sets(nation).items()}
    expected = {year: np.zeros_like(bits) for year, bits in sets.items()}
    for week in range(5):
        for day in range(7):
            year, index = day_index(nation.first.monday + timedelta(weeks=week, days=day))
            expected[year][:, index] = served[week] >> day & 1
    for year, bits in sets.items():
        np.testing.assert_array_equal(bits, expected[year])


@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)), st.integers(0, 1000))
def test_ids_are_of_version_seven_and_tell_their_time(moment, seed):
    aware = moment.replace(tzinfo=UTC)
    identifier = traces.uuid7(aware, np.random.default_rng(seed))
    made = UUID(identifier)
    assert made.version == 7 and made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(aware.timestamp() * 1000)
