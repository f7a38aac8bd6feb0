from datetime import date

import numpy as np
import pytest

from puyou.accounts.scopes import Grip, Scope
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.queries import get_place
from puyou.registry import actions, queries
from puyou.registry.arrays import AREA_CLASSES, OPEN_END
from puyou.registry.models import Duty
from puyou.registry.tests.conftest import BY, START

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 7)
DAY = date(2026, 9, 9)
EPOCH = date(1970, 1, 1).toordinal()


def day_number(day):
    return day.toordinal() - EPOCH


def duty(place, first=START, last=None, **content):
    content = {"area_class": "rural", "times": 3, "period": "week"} | content
    return Duty.objects.create(place=place, valid_from=first, valid_to=last, **content)


class TestDutiesArrays:
    def test_it_hands_over_columns_sorted_by_village(self, villages):
        tree = places.current_tree()
        second = duty(villages[1], area_class="urban", times=1, period="day", last=date(2026, 12, 1))
        first = duty(villages[0], timetable=5)
        table = queries.duties_arrays(tree, MONDAY, DAY)
        assert table.duty_id.tolist() == [first.pk, second.pk]
        assert tree.village_ids[table.position].tolist() == [villages[0].pk, villages[1].pk]
        assert [AREA_CLASSES[number] for number in table.area_class] == ["rural", "urban"]
        assert table.times.tolist() == [3, 1] and table.per_day.tolist() == [False, True]
        assert table.first_day.tolist() == [day_number(START)] * 2
        assert table.end_day.tolist() == [OPEN_END, day_number(date(2026, 12, 1))]
        assert table.timetable.tolist() == [5, 0]

    # span of a duty, whether it is in force on some day of Monday to Wednesday
    SPANS = [
        (date(2026, 9, 10), None, False),
        (date(2026, 9, 9), None, True),
        (START, date(2026, 9, 7), False),
        (START, date(2026, 9, 8), True),
        (date(2026, 9, 8), date(2026, 9, 8), False),
    ]

    @pytest.mark.parametrize(("first", "last", "in_force"), SPANS)
    def test_only_duties_in_force_in_the_stretch_count(self, villages, first, last, in_force):
        duty(villages[0], first, last)
        assert len(queries.duties_arrays(places.current_tree(), MONDAY, DAY)) == int(in_force)

    def test_without_duties_it_is_empty(self, db):
        assert len(queries.duties_arrays(places.current_tree(), MONDAY, DAY)) == 0


class TestEnrolment:
    def enrolled(self, *mondays):
        tree = places.current_tree()
        found = queries.enrolled_weeks(tree, mondays)
        return [sorted(tree.village_ids[found[:, at]].tolist()) for at in range(len(mondays))]

    def test_villages_of_a_manned_round_with_a_device_are_enrolled(self, network, villages):
        everyone = sorted(place.pk for place in villages)
        assert self.enrolled(date(2025, 12, 22), date(2025, 12, 29), MONDAY) == [[], everyone, everyone]
        found = queries.enrolled_on(places.current_tree(), MONDAY)
        assert found.sum() == 3

    def test_without_a_device_nobody_is(self, network):
        actions.return_device(device=network.device, on=date(2026, 9, 8), **BY)
        assert [len(week) for week in self.enrolled(MONDAY, date(2026, 9, 14))] == [3, 0]

    def test_device_and_round_must_meet_in_time(self, network):
        actions.end_courier(courier=network.courier, on=date(2026, 9, 1), ground="离职", **BY)
        other = actions.register_courier(number="C2", name="李", valid_from=START, **BY)
        actions.assign_courier(round_=network.round, courier=other, valid_from=date(2026, 9, 1), **BY)
        assert self.enrolled(MONDAY) == [[]]
        actions.bind_device(device=network.device, courier=other, valid_from=date(2026, 9, 14), **BY)
        assert [len(week) for week in self.enrolled(MONDAY, date(2026, 9, 14))] == [0, 3]

    def test_no_weeks_cost_nothing(self, db, django_assert_num_queries):
        tree = places.current_tree()
        with django_assert_num_queries(0):
            assert queries.enrolled_weeks(tree, []).shape == (len(tree), 0)


class TestRounds:
    def test_substitutes_count_in_their_span(self, network, villages):
        substitute = actions.register_courier(number="C2", name="代", valid_from=START, **BY)
        actions.assign_courier(
            round_=network.round,
            courier=substitute,
            valid_from=MONDAY,
            valid_to=DAY,
            substitute=True,
            **BY,
        )
        membership = queries.rounds_for([substitute.pk, network.courier.pk], START, DAY)
        village = villages[0].pk
        days = [day_number(day) for day in (date(2026, 9, 6), MONDAY, DAY)]
        assert membership.holds([substitute.pk] * 3, [village] * 3, days).tolist() == [False, True, False]
        assert membership.holds([network.courier.pk] * 3, [village] * 3, days).all()

    def test_all_couriers_are_read_when_none_are_named(self, network, far_network, far_villages):
        membership = queries.rounds_for(None, START, DAY)
        couriers = [network.courier.pk, far_network.courier.pk]
        elsewhere = [far_villages[0].pk] * 2
        assert membership.holds(couriers, elsewhere, [day_number(DAY)] * 2).tolist() == [False, True]
        assert membership.has_round([*couriers, 999_999]).tolist() == [True, True, False]


class TestPoints:
    def test_the_firmest_point_of_the_day_is_told_in_the_order_asked(self, villages):
        one, two, three = villages
        content = {"source": "x", **BY}
        actions.learn_point(place=one, lon=106.1, lat=26.1, valid_from=START, **content)
        actions.confirm_village_point(place=one, lon=106.2, lat=26.2, valid_from=DAY, **content)
        actions.learn_point(place=three, lon=106.3, lat=26.3, valid_from=START, **content)
        asked = [three.pk, two.pk, one.pk, one.pk]
        before, after = (queries.points_for(asked, day) for day in (MONDAY, DAY))
        assert before.lon[[0, 2, 3]].tolist() == [106.3, 106.1, 106.1] and np.isnan(before.lon[1])
        assert after.lat[[0, 2]].tolist() == [26.3, 26.2]
        assert after.firm.tolist() == [True, False, True, True]

    def test_nothing_known_is_nothing_told(self, villages):
        found = queries.points_for([villages[0].pk], DAY)
        assert np.isnan(found.lon).all() and not found.firm.any()

    def test_shared_points_name_their_villages(self, network, villages):
        assert queries.shared_points(DAY) == {place.pk: (network.point.pk,) for place in villages}
        assert queries.shared_points(date(2025, 1, 1)) == {}


def scope_at(code, organisation=None):
    grip = Grip(get_place(code).path, frozenset({"see"}), organisation)
    return Scope("user:1", (grip,))


class TestScope:
    def lists(self, scope):
        return {
            "couriers": {row.number for row in queries.list_couriers(scope, DAY)},
            "devices": {row.identifier for row in queries.list_devices(scope, DAY)},
            "rounds": {row.number for row in queries.list_rounds(scope, DAY)},
            "points": {row.code for row in queries.list_delivery_points(scope, DAY)},
        }

    def test_each_city_sees_its_own_network(self, network, far_network):
        assert self.lists(scope_at("5201")) == {
            "couriers": {"C甲"},
            "devices": {"D甲"},
            "rounds": {"R甲"},
            "points": {"P甲"},
        }
        assert self.lists(scope_at("5203"))["couriers"] == {"C乙"}

    def test_the_province_sees_both_and_the_public_nothing(self, network, far_network):
        assert self.lists(scope_at("52"))["rounds"] == {"R甲", "R乙"}
        assert not any(self.lists(Scope.public()).values())
        assert self.lists(Scope.system("tests"))["points"] == {"P甲", "P乙"}

    def test_an_operator_sees_rows_of_its_own_and_of_the_default_operator(self, network):
        assert self.lists(scope_at("5201", 77))["couriers"] == {"C甲"}

    def test_single_rows_of_elsewhere_are_unknown(self, network):
        elsewhere = scope_at("5203")
        for get, row in (
            (queries.get_courier, network.courier),
            (queries.get_device, network.device),
            (queries.get_round, network.round),
            (queries.get_delivery_point, network.point),
        ):
            assert get(scope_at("5201"), row.pk) == row
            with pytest.raises(Problem) as caught:
                get(elsewhere, row.pk)
            assert caught.value.status == 404

    def test_villages_carry_what_holds_on_the_day(self, network, villages):
        for place in villages[:2]:
            actions.fill_duties(
                place_ids=[place.pk],
                area_classes=["rural"],
                times=[2],
                periods=["week"],
                valid_from=[START],
                valid_to=["NaT"],
                **BY,
            )
        city = get_place("5201")
        row = queries.list_villages(scope_at("5201"), city, DAY).order_by("place__path")[0]
        assert (row.duty_class, row.duty_times, row.duty_below) == ("rural", 2, True)
        assert (row.round_number, row.courier_name) == ("R甲", "张甲")
        assert queries.list_villages(scope_at("5201"), city, DAY).count() == 2
        assert not queries.list_villages(scope_at("5203"), city, DAY).exists()
