"""Tallies equal the sets and marks that are built from all pairs at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from puyou.visits import daysets
from puyou.visits.tallies import Tally

FIRST = 20_430  # 2025-12-08: three weeks before a turn of the ISO year
VISITS = some.lists(
    some.tuples(some.integers(FIRST, FIRST + 40), some.integers(1, 6), some.booleans()), max_size=60
)


class TestATally:
    @given(VISITS)
    def test_it_equals_building_from_all_pairs(self, visits: list[tuple[int, int, bool]]) -> None:
        tally = Tally()
        for day in sorted({day for day, _, _ in visits}):
            places = [(place, served) for each, place, served in visits if each == day]
            touched = np.array([place for place, _ in places], np.int64)
            tally.add(day, touched, touched[[served for _, served in places]])
        (owners, years), sets, marks = tally.finish()
        days, places, served = np.array(visits, np.int64).reshape(-1, 3).T
        wanted = daysets.week_marks(places, days)
        assert [each.tolist() for each in wanted] == [owners.tolist(), years.tolist(), marks.tolist()]
        chosen = sets.any(axis=1)
        built = daysets.build(places[served == 1], days[served == 1])
        found = (owners[chosen], years[chosen], sets[chosen])
        assert [each.tolist() for each in built] == [each.tolist() for each in found]
        assert tally.villages == len(set(places.tolist()))

    def test_it_knows_its_first_and_last_day(self) -> None:
        tally = Tally()
        assert tally.span() == (None, None)
        for day in (0, 20_000):
            tally.add(day, np.array([3]), np.array([3]))
        assert tally.span() == ("1970-01-01", "2024-10-04")
