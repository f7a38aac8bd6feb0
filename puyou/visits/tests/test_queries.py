"""Day sets and counts as the rooms above read them, and lists that keep to their scope."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.accounts.scopes import Scope, scope_for
from puyou.core.periods import Week, day_index
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.visits import actions, daysets, queries
from puyou.visits.models import Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

EPOCH = date(1970, 1, 1)
some_days = st.dates(date(1969, 12, 29), date(2060, 12, 31))


@given(some_days)
@settings(max_examples=300, deadline=None)
def test_days_stand_where_the_calendar_says(day: date) -> None:
    years, index = daysets.places_in_set(np.array([(day - EPOCH).days]))
    assert (int(years[0]), int(index[0])) == day_index(day)


@given(st.lists(some_days, min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_a_week_comes_out_of_a_set_as_it_went_in(days: list[date]) -> None:
    numbers = np.array([(day - EPOCH).days for day in days])
    owners, years, sets = daysets.build(np.full(len(days), 7), numbers)
    assert set(owners.tolist()) == {7}
    found = set()
    for year, row in zip(years.tolist(), sets, strict=True):
        for week in range(daysets.WEEKS):
            bits = int(daysets.week_bits(row[None, :], week)[0])
            monday = int(daysets.year_starts(np.array([year]))[0]) + 7 * week
            found |= {monday + i for i in range(7) if bits >> i & 1}
    assert found == set(numbers.tolist())


@pytest.fixture
def visits(db: None) -> list[Visit]:
    """A village served on the last day of ISO 2025 and the first two of ISO 2026, and another one in October."""
    person, phone = cast.courier()
    first, second = cast.villages(2)
    days = [date(2025, 12, 28), date(2025, 12, 29), date(2025, 12, 30)]
    messages = [Message(first, cast.noon(day), person.pk, phone.pk) for day in days]
    cast.send(*messages, Message(second, courier=person.pk, device=phone.pk))
    actions.take_in_pending(now=NOW)
    return list(Visit.objects.order_by("day"))


def test_masks_run_across_the_turn_of_the_iso_year(visits: list[Visit]) -> None:
    tree = places.current_tree()
    masks = queries.served_masks(tree, date(2025, 12, 22), 3)
    row = int(tree.position([visits[0].place_id])[0])
    assert masks.shape == (len(tree), 3) and masks[row].tolist() == [1 << 6, 0b11, 0]
    assert masks.sum() == masks[row].sum()


def test_masks_of_some_places_come_in_their_order(visits: list[Visit]) -> None:
    wanted = np.array([visits[3].place_id, visits[0].place_id])
    masks = queries.served_masks(places.current_tree(), date(2025, 12, 29), 1, wanted)
    assert masks.tolist() == [[0], [0b11]]


def test_counts_are_by_village_and_week(visits: list[Visit]) -> None:
    found = queries.visit_counts(np.array([visits[0].place_id]), date(2025, 12, 22), date(2026, 1, 4))
    weeks = dict(zip(found.mondays.tolist(), found.visits.tolist(), strict=True))
    assert weeks == {(date(2025, 12, 22) - EPOCH).days: 1, (date(2025, 12, 29) - EPOCH).days: 2}
    assert found.findings.sum() == 3 and found.uncounted.sum() == 0
    assert len(queries.visit_counts(None, date(2025, 12, 1), date(2026, 12, 31)).visits) == 3


def test_nothing_is_no_error(db: None) -> None:
    assert not queries.served_masks(places.current_tree(), date(2026, 1, 5), 2).any()
    assert not len(queries.visit_counts(None, date(2026, 1, 1), date(2026, 2, 1)).visits)
    assert not queries.has_changes()


class TestScope:
    def test_a_city_sees_its_own_alone(self, visits: list[Visit]) -> None:
        own, other = (
            cast.officer("own", places.get_place("5201")),
            cast.officer("other", places.get_place("5203")),
        )
        today = NOW.date()
        assert queries.list_visits(scope_for(own, today)).count() == 4
        assert queries.list_visits(scope_for(other, today)).count() == 0
        assert queries.list_visits(Scope.public()).count() == 0
        assert (
            queries.count_visits(scope_for(own, today), places.get_place("52"), date(2025, 1, 1), today) == 4
        )

    def test_a_village_outside_is_refused(self, visits: list[Visit]) -> None:
        other = scope_for(cast.officer("other", places.get_place("5203")), NOW.date())
        village = places.get_places([visits[0].place_id])[visits[0].place_id]
        with pytest.raises(Problem):
            queries.list_visits(other, village)
        with pytest.raises(Problem):
            queries.get_visit(other, visits[0].pk)

    def test_a_week_narrows_and_names_come_along(
        self, visits: list[Visit], django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            (found, *more) = queries.list_visits(Scope.system("tests"), None, Week.of(date(2025, 12, 29)))
        assert len(more) == 1 and found.courier_name == "投递员K1" and found.device_name == "D1"

    def test_the_share_without_position_is_told_per_courier(self, visits: list[Visit]) -> None:
        person, phone = cast.courier("K2", "D2")
        place = {"lon": 106.7, "lat": 26.6}
        cast.send(Message(cast.villages(1)[0], courier=person.pk, device=phone.pk, position=place))
        actions.take_in_pending(now=NOW)
        rows = list(queries.list_position_shares(Scope.system("tests"), NOW.date() + timedelta(days=1)))
        assert [(row["courier_name"], row["share"]) for row in rows] == [("投递员K1", 1.0), ("投递员K2", 0.0)]
