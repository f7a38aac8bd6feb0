from datetime import date

import numpy as np
import pytest
from django.db import IntegrityError

from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places.queries import get_place
from puyou.registry import actions
from puyou.registry.models import (
    Courier,
    DeliveryPoint,
    Device,
    DeviceBinding,
    Duty,
    Round,
    RoundCourier,
    RoundVillage,
    Village,
    VillagePoint,
)
from puyou.registry.tests.conftest import BY, START

pytestmark = pytest.mark.django_db
LATER = date(2026, 6, 1)


def said(kind):
    return Event.objects.filter(kind=kind)


class TestPeople:
    def test_a_network_is_registered_with_an_event_each(self, network):
        assert said("courier.registered").get().subject == f"courier:{network.courier.pk}"
        assert said("device.bound").get().data["courier"] == network.courier.pk
        assert said("round.extended").count() == 3

    def test_a_number_is_used_once(self, network):
        for again in (
            lambda: actions.register_courier(number=" C甲", name="李", valid_from=START, **BY),
            lambda: actions.register_device(identifier="D甲", **BY),
            lambda: actions.create_round(number="R甲", name="线", **BY),
            lambda: actions.create_delivery_point(
                code="P甲", name="站", kind="shop", lon=None, lat=None, **BY
            ),
        ):
            with pytest.raises(Problem) as caught:
                again()
            assert caught.value.code == "registry.number_taken"

    def test_nobody_is_registered_without_a_name(self, db):
        with pytest.raises(Problem, match="请填写"):
            actions.register_courier(number="1", name=" ", valid_from=START, **BY)

    def test_a_device_is_in_one_hand_at_a_time(self, network):
        other = actions.register_courier(number="C2", name="李", valid_from=START, **BY)
        with pytest.raises(Problem, match="先归还"):
            actions.bind_device(device=network.device, courier=other, valid_from=LATER, **BY)
        actions.return_device(device=network.device, on=LATER, **BY)
        actions.bind_device(device=network.device, courier=other, valid_from=LATER, **BY)
        spans = DeviceBinding.objects.order_by("id").values_list("courier", "valid_from", "valid_to")
        assert list(spans) == [(network.courier.pk, START, LATER), (other.pk, LATER, None)]

    def test_a_device_that_nobody_holds_cannot_come_back(self, network):
        actions.return_device(device=network.device, on=LATER, **BY)
        with pytest.raises(Problem, match="没有在用"):
            actions.return_device(device=network.device, on=LATER, **BY)

    def test_rounds_and_devices_end_with_the_service(self, network):
        actions.end_courier(courier=network.courier, on=LATER, ground="离职", **BY)
        assert DeviceBinding.objects.get().valid_to == LATER
        assert RoundCourier.objects.get().valid_to == LATER
        assert said("courier.ended").get().data == {"on": "2026-06-01", "ground": "离职"}
        with pytest.raises(Problem, match="已于"):
            actions.end_courier(courier=network.courier, on=date(2026, 7, 1), ground="离职", **BY)

    def test_a_tie_that_had_not_begun_never_comes_into_force(self, network):
        coming = actions.assign_courier(
            round_=network.round, courier=network.courier, valid_from=date(2026, 9, 1), substitute=True, **BY
        )
        actions.end_courier(courier=network.courier, on=LATER, ground="离职", **BY)
        coming.refresh_from_db()
        assert coming.valid_to == coming.valid_from

    def test_a_service_cannot_end_before_it_began_or_without_a_ground(self, network):
        with pytest.raises(Problem, match="早于"):
            actions.end_courier(courier=network.courier, on=date(2025, 1, 1), ground="离职", **BY)
        with pytest.raises(Problem, match="依据"):
            actions.end_courier(courier=network.courier, on=LATER, ground=" ", **BY)


class TestRounds:
    def test_a_village_is_on_a_round_once_at_a_time(self, network, villages):
        with pytest.raises(Problem, match="已在投递段"):
            actions.put_village_on_round(round_=network.round, place=villages[0], valid_from=LATER, **BY)

    def test_an_earlier_span_that_ends_before_is_no_overlap(self, network, villages):
        early = actions.put_village_on_round(
            round_=network.round, place=villages[0], valid_from=date(2025, 1, 1), valid_to=START, **BY
        )
        assert early.weekdays == 127

    def test_only_villages_are_on_rounds(self, network):
        with pytest.raises(Problem, match="不是村级"):
            actions.put_village_on_round(
                round_=network.round, place=get_place("520102"), valid_from=START, **BY
            )


class TestPoints:
    content = {"lon": 106.7, "lat": 26.6, "source": "现场核实", "valid_from": LATER}

    def test_confirming_supersedes_what_was_confirmed_and_keeps_the_rest(self, villages):
        place = villages[0]
        actions.learn_point(place=place, **self.content, **BY)
        first = actions.confirm_village_point(place=place, **self.content, **BY)
        actions.confirm_village_point(place=place, **(self.content | {"valid_from": date(2026, 8, 1)}), **BY)
        first.refresh_from_db()
        assert first.valid_to == date(2026, 8, 1)
        assert VillagePoint.objects.filter(place=place, valid_to=None).count() == 2
        assert said("point.confirmed").count() == 2 and said("point.learnt").count() == 1

    @pytest.mark.parametrize(
        "position", [(0.0, 0.0), (26.6, 106.7), (float("nan"), 26.6), (106.7, float("inf")), (-106.7, 26.6)]
    )
    def test_a_position_that_is_none_in_china_is_refused(self, villages, position):
        wrong = self.content | {"lon": position[0], "lat": position[1]}
        with pytest.raises(Problem):
            actions.confirm_village_point(place=villages[0], **wrong, **BY)
        assert not VillagePoint.objects.exists()

    def test_a_point_needs_a_source_and_a_village(self, villages):
        with pytest.raises(Problem, match="依据"):
            actions.confirm_village_point(place=villages[0], **(self.content | {"source": ""}), **BY)
        with pytest.raises(Problem, match="不是村级"):
            actions.confirm_village_point(place=get_place("52"), **self.content, **BY)

    def test_supplied_positions_become_references_once(self, villages):
        first = actions.set_reference_points(**BY)
        assert first == VillagePoint.objects.filter(standing="reference").count() > 0
        assert actions.set_reference_points(**BY) == 0

    def test_a_village_is_served_through_a_point_in_a_span(self, network, villages):
        with pytest.raises(Problem, match="早于"):
            actions.serve_village_through_point(
                point=network.point, place=villages[0], valid_from=LATER, valid_to=START, **BY
            )


class TestDuties:
    @pytest.fixture
    def duty(self, villages):
        return Duty.objects.create(
            place=villages[0], area_class="rural", times=3, period="week", valid_from=START
        )

    def test_a_duty_ends_with_its_ground(self, duty):
        assert actions.end_duty(duty=duty, on=LATER, ground="撤村", **BY).valid_to == LATER
        assert said("duty.ended").get().data["ground"] == "撤村"
        with pytest.raises(Problem, match="已于"):
            actions.end_duty(duty=duty, on=date(2026, 9, 1), ground="撤村", **BY)

    def test_a_change_keeps_what_was_and_marks_what_is_too_little(self, duty):
        changed = actions.change_duty(
            duty=duty, on=LATER, area_class="rural", times=2, period="week", ground="调整", **BY
        )
        duty.refresh_from_db()
        assert (duty.times, duty.valid_to) == (3, LATER)
        assert (changed.times, changed.valid_from, changed.valid_to) == (2, LATER, None)
        assert changed.below_floor
        assert said("duty.changed").get().data["former"] == duty.pk

    def test_a_change_to_something_unreasonable_changes_nothing(self, duty):
        with pytest.raises(Problem, match="频次须为"):
            actions.change_duty(
                duty=duty, on=LATER, area_class="rural", times=2, period="day", ground="调整", **BY
            )
        duty.refresh_from_db()
        assert duty.valid_to is None

    def test_the_table_itself_refuses_an_unreasonable_duty(self, villages):
        with pytest.raises(IntegrityError):
            Duty.objects.create(
                place=villages[0], area_class="rural", times=9, period="week", valid_from=START
            )


class TestFilling:
    def test_columns_become_rows_with_ids_in_order(self, villages):
        start = np.full(3, np.datetime64(START))
        couriers = actions.fill(
            model=Courier,
            columns={"number": ["1", "2", "3"], "name": ["甲", "乙", "丙, 丁"], "valid_from": start},
            **BY,
        )
        rounds = actions.fill(
            model=Round, columns={"number": ["R1", "R2", "R3"], "name": ["一", '"二"', "三"]}, **BY
        )
        ends = np.array([None, LATER, None])
        places = [place.pk for place in villages]
        actions.fill(
            model=RoundCourier,
            columns={"round_id": rounds, "courier_id": couriers, "valid_from": start, "valid_to": ends},
            **BY,
        )
        actions.fill(
            model=RoundVillage, columns={"round_id": rounds, "place_id": places, "valid_from": start}, **BY
        )
        assert list(Courier.objects.order_by("id").values_list("id", "name")) == list(
            zip(couriers.tolist(), ["甲", "乙", "丙, 丁"], strict=True)
        )
        assert RoundCourier.objects.get(valid_to=LATER).courier_id == couriers[1]
        assert set(RoundVillage.objects.values_list("weekdays", flat=True)) == {127}
        assert set(RoundCourier.objects.values_list("substitute", flat=True)) == {False}
        assert said("registry.filled").count() == 4

    def test_columns_of_uneven_length_are_refused(self, db):
        with pytest.raises(Problem, match="长度"):
            actions.fill(model=Device, columns={"identifier": ["1", "2"], "enrolled_at": [BY["now"]]}, **BY)

    def test_an_empty_network_is_no_mistake(self, db):
        assert len(actions.fill(model=DeliveryPoint, columns={"code": [], "name": [], "kind": []}, **BY)) == 0

    def test_duties_are_filled_with_their_villages_and_findings(self, villages):
        count = actions.fill_duties(
            place_ids=[place.pk for place in villages],
            area_classes=["rural"] * 3,
            times=[3, 2, 1],
            periods=["week", "week", "day"],
            valid_from=[START] * 3,
            valid_to=["NaT", LATER, "NaT"],
            **BY,
        )
        assert count == 3 == Village.objects.count()
        assert list(Duty.objects.order_by("id").values_list("below_floor", "valid_to")) == [
            (False, None),
            (True, LATER),
            (False, None),
        ]
