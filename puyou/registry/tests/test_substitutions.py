"""Leave and substitution, and the day of a courier and of a county that follows from them."""

from datetime import date, timedelta

import pytest

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Grip, Scope
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.registry import actions, queries
from puyou.registry.models import RoundVillage
from puyou.registry.tests.conftest import BY, START

FRIDAY = date(2026, 11, 20)
NEXT = FRIDAY + timedelta(days=1)
ANYONE = Scope.system("tests")


@pytest.fixture
def helper(db):
    return actions.register_courier(number="S1", name="李代班", valid_from=START, kind="agent", **BY)


def planned(courier, on=FRIDAY):
    return [row.place_id for row in queries.round_of(courier.pk, on).rows if row.planned]


def stand_in(network, helper, villages=None, first=FRIDAY, last=NEXT):
    return actions.substitute(
        round_=network.round, courier=helper, villages=villages, valid_from=first, valid_to=last, **BY
    )


def code_of(call):
    with pytest.raises(Problem) as raised:
        call()
    return raised.value.code.removeprefix("registry.")


class TestRoundOf:
    def test_a_whole_day_says_what_a_phone_needs(self, network, villages):
        actions.issue_tag(place=villages[0], valid_from=START, **BY)
        actions.set_access_mode(place=villages[0], mode="household", **BY)
        day = queries.round_of(network.courier.pk, FRIDAY)
        row = next(row for row in day.rows if row.place_id == villages[0].pk)
        assert (row.code, row.name, row.township) == (
            villages[0].code,
            villages[0].name,
            villages[0].parent.name,
        )
        assert row.planned and row.mode == "household" and row.has_tag and row.substitute_for is None
        assert row.point.code == "P甲" and row.point.place_ids == tuple(
            sorted(place.pk for place in villages)
        )
        assert (row.round_id, row.round_number) == (network.round.pk, "R甲")
        assert [row.order for row in day.rows] == [1, 2, 3] and not day.on_leave

    def test_the_village_point_goes_before_the_divisions_position(self, network, villages):
        actions.confirm_village_point(
            place=villages[1], lon=106.77, lat=26.55, source="现场", valid_from=START, **BY
        )
        row = next(
            r for r in queries.round_of(network.courier.pk, FRIDAY).rows if r.place_id == villages[1].pk
        )
        assert (row.lon, row.lat) == (106.77, 26.55)

    def test_the_timetable_decides_and_the_others_follow(self, network, villages):
        RoundVillage.objects.filter(place=villages[0]).update(weekdays=0b0001111)  # not on Fridays
        RoundVillage.objects.filter(place=villages[2]).update(order=1)
        rows = queries.round_of(network.courier.pk, FRIDAY).rows
        assert [row.place_id for row in rows] == [villages[2].pk, villages[1].pk, villages[0].pk]
        assert [row.planned for row in rows] == [True, True, False]

    def test_nobody_and_no_round_is_an_empty_day(self, db, helper):
        assert queries.round_of(helper.pk, FRIDAY).rows == queries.round_of(0, FRIDAY).rows == ()

    def test_a_village_on_two_rounds_stands_once(self, network, villages):
        other = actions.create_round(number="R二", name="二线", **BY)
        actions.put_village_on_round(round_=other, place=villages[0], valid_from=START, weekdays=1, **BY)
        actions.assign_courier(round_=other, courier=network.courier, valid_from=START, **BY)
        assert len(queries.round_of(network.courier.pk, FRIDAY).rows) == 3
        assert sorted(planned(network.courier)) == sorted(place.pk for place in villages)


class TestSubstitution:
    def test_of_the_whole_round(self, network, helper, villages):
        stand_in(network, helper)
        assert len(planned(helper)) == 3 and planned(network.courier) == []
        row = queries.round_of(helper.pk, FRIDAY).rows[0]
        assert (row.substitute_for, row.substitute_for_name) == (network.courier.pk, "张甲")
        assert planned(helper, NEXT) == [] and len(planned(network.courier, NEXT)) == 3
        assert Event.objects.filter(kind="courier.assigned").latest("id").data["part"] is None

    def test_of_a_part(self, network, helper, villages):
        stand_in(network, helper, [villages[1]])
        assert planned(helper) == [villages[1].pk] and len(queries.round_of(helper.pk, FRIDAY).rows) == 1
        assert sorted(planned(network.courier)) == sorted([villages[0].pk, villages[2].pk])
        day = (FRIDAY - date(1970, 1, 1)).days
        membership = queries.rounds_for([helper.pk], FRIDAY, FRIDAY)
        asked = [place.pk for place in villages]
        assert membership.holds([helper.pk] * 3, asked, [day] * 3).tolist() == [False, True, False]

    def test_two_may_share_a_round_but_no_village(self, network, helper, villages):
        other = actions.register_courier(number="S2", name="王代班", valid_from=START, **BY)
        stand_in(network, helper, [villages[0]])
        stand_in(network, other, [villages[1]])
        assert planned(network.courier) == [villages[2].pk]
        assert code_of(lambda: stand_in(network, other, [villages[0]])) == "substituted_already"
        assert code_of(lambda: stand_in(network, other)) == "substituted_already"
        stand_in(network, other, [villages[0]], NEXT, NEXT + timedelta(days=1))

    def test_ending_it_gives_the_round_back(self, network, helper):
        assigned = stand_in(network, helper, last=FRIDAY + timedelta(days=7))
        actions.end_substitution(assignment=assigned, on=NEXT, **BY)
        assert len(planned(helper)) == 3 and len(planned(network.courier, NEXT)) == 3
        again = stand_in(network, helper, first=NEXT, last=NEXT + timedelta(days=2))
        actions.end_substitution(assignment=again, on=NEXT, **BY)  # taken back altogether
        stand_in(network, helper, first=NEXT, last=NEXT + timedelta(days=1))
        assert code_of(lambda: actions.end_substitution(assignment=again, on=NEXT, **BY)) == "ended_already"

    def test_the_regular_assignment_is_none(self, network):
        regular = network.round.couriers.get()
        assert (
            code_of(lambda: actions.end_substitution(assignment=regular, on=NEXT, **BY))
            == "unknown_substitution"
        )

    def test_what_is_wrong_is_said(self, network, helper, villages, far_villages):
        cases = {
            "ends_before_start": lambda: stand_in(network, helper, first=NEXT, last=FRIDAY),
            "not_on_round": lambda: stand_in(network, helper, [far_villages[0]]),
            "no_villages": lambda: stand_in(network, helper, []),
            "walks_already": lambda: stand_in(network, network.courier, [villages[0]]),
        }
        assert {code: code_of(call) for code, call in cases.items()} == {code: code for code in cases}
        actions.end_courier(courier=helper, on=date(2026, 6, 1), ground="离职", **BY)
        assert code_of(lambda: stand_in(network, helper)) == "not_serving"

    def test_a_part_enrols_its_villages_only(self, network, helper, villages):
        phone = actions.register_device(identifier="D代", **BY)
        actions.bind_device(device=phone, courier=helper, valid_from=START, **BY)
        actions.return_device(device=network.device, on=date(2026, 11, 1), **BY)
        stand_in(network, helper, [villages[2]])
        tree = places.current_tree()
        enrolled = queries.enrolled_on(tree, date(2026, 11, 16))
        assert enrolled[tree.position([place.pk for place in villages])].tolist() == [False, False, True]


class TestLeave:
    def test_who_is_away_is_not_expected(self, network, villages):
        leave = actions.take_leave(
            courier=network.courier, valid_from=FRIDAY, valid_to=NEXT, ground="婚假", **BY
        )
        day = queries.round_of(network.courier.pk, FRIDAY)
        assert day.on_leave and len(day.rows) == 3 and not any(row.planned for row in day.rows)
        assert len(planned(network.courier, NEXT)) == 3
        actions.end_leave(leave=leave, on=FRIDAY, **BY)
        assert len(planned(network.courier)) == 3
        assert [e.kind for e in Event.objects.filter(kind__startswith="leave.").order_by("id")] == [
            "leave.taken", "leave.ended",
        ]  # fmt: skip

    def test_what_is_wrong_is_said(self, network):
        def leave(first=FRIDAY, last=NEXT, ground="病假"):
            return actions.take_leave(
                courier=network.courier, valid_from=first, valid_to=last, ground=ground, **BY
            )

        assert code_of(lambda: leave(ground=" ")) == "ground_missing"
        assert code_of(lambda: leave(NEXT, FRIDAY)) == "ends_before_start"
        leave()
        assert code_of(leave) == "away_already"


class TestRoundsOn:
    def test_a_county_sees_who_is_expected_where(self, network, far_network, helper, villages):
        actions.take_leave(courier=network.courier, valid_from=FRIDAY, valid_to=NEXT, ground="事假", **BY)
        stand_in(network, helper, [villages[1]])
        (found,) = queries.rounds_on(ANYONE, places.get_place("5201"), FRIDAY)
        assert (found.number, found.name, sorted(found.planned)) == (
            "R甲",
            "甲线",
            sorted(p.pk for p in villages),
        )
        assert [(walk.courier_name, walk.on_leave, walk.substitute, walk.place_ids) for walk in found.walks] == [
            ("张甲", True, False, ()), ("李代班", False, True, (villages[1].pk,)),
        ]  # fmt: skip
        assert sorted(found.uncovered) == sorted([villages[0].pk, villages[2].pk])
        assert len(queries.rounds_on(ANYONE, places.get_place("52"), FRIDAY)) == 2

    def test_an_operator_sees_its_own_rounds_only(self, network, db):
        company = Organisation.objects.create(kind="operator", name="别家", place=places.get_place("5201"))
        mine = Organisation.objects.create(kind="operator", name="本家", place=places.get_place("5201"))
        network.round.organisation = mine
        network.round.save()
        root = places.get_place("5201")
        for firm, count in ((company, 0), (mine, 1)):
            scope = Scope("user:1", (Grip(root.path, frozenset({"see"}), firm.pk),))
            assert len(queries.rounds_on(scope, root, FRIDAY)) == count
