"""Facts that come after the visits they judge: screening again equals having known them all along."""

import json
import random
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.core import clock, sealing
from puyou.core.models import Event, Seal
from puyou.core.periods import day_index
from puyou.places.models import Place
from puyou.registry import actions as registry
from puyou.registry.models import Courier, Device, DeviceBinding, VillagePoint
from puyou.standards import actions as standards
from puyou.standards.models import RuleVersion
from puyou.visits import actions, catching_up, jobs, noting
from puyou.visits.models import Cursor, Rescreening, Review, Stranger, VillageChange, Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
NEAR = {"lon": 106.7, "lat": 26.6, "accuracy_m": 10}
AWAY = {"lon": 106.7, "lat": 26.6 + 6200 / 111_194.9, "accuracy_m": 10}  # 6.2 km to the north
DAY, LONG_AGO = date(2026, 10, 8), date(2026, 1, 1)
BY = "user:1"


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def crew() -> tuple[int, int]:
    person, phone = cast.courier()
    return person.pk, phone.pk


@pytest.fixture
def village() -> Place:
    place = cast.villages(1)[0]
    registry.fill_duties(
        place_ids=[place.pk], area_classes=["rural"], times=[3], periods=["week"],
        valid_from=[np.datetime64(LONG_AGO)], valid_to=[np.datetime64("NaT")], by=BY, now=NOW,
    )  # fmt: skip
    return place


def take(*messages: Message) -> list[uuid.UUID]:
    ids = cast.send(*messages)
    actions.take_in_pending(now=NOW)
    VillageChange.objects.all().delete()
    return ids


def confirm(place: Place, since: date = LONG_AGO, lon: float = 106.7, lat: float = 26.6) -> None:
    registry.confirm_village_point(
        place=place, lon=lon, lat=lat, source="实地核实", valid_from=since, by=BY, now=NOW
    )


def catch_up() -> int:
    """What the worker does until it is quiet."""
    sealing.seal_pending()
    total, done = 0, 1
    while done:
        done = jobs.screen_again()
        total += done
    return total


def is_served(place: Place, day: date = DAY) -> bool:
    year, index = day_index(day)
    return cast.day_sets().get((place.pk, year), "0" * 371)[index] == "1"


class TestLatePoints:
    def test_a_visit_far_from_a_point_confirmed_afterwards_stops_counting(
        self, crew: tuple[int, int], village: Place
    ) -> None:
        (identifier,) = take(Message(village, courier=crew[0], device=crew[1], position=AWAY))
        assert is_served(village)
        confirm(village)
        assert catch_up() > 0
        visit = Visit.objects.get(pk=identifier)
        assert cast.findings(identifier) == {"too_far"} and not visit.counting and not is_served(village)
        assert visit.distance_m == pytest.approx(6200, abs=5)
        assert VillageChange.objects.get().cause == "review"
        said = Event.objects.get(kind="visits.screened_again").data
        assert (said["reason"], said["stopped"], said["cleared"]) == ("point.confirmed", 1, 0)

    def test_a_better_point_lets_it_count_again(self, crew: tuple[int, int], village: Place) -> None:
        take(Message(village, courier=crew[0], device=crew[1], position=AWAY))
        confirm(village)
        catch_up()
        confirm(village, date(2026, 10, 1), AWAY["lon"], AWAY["lat"])
        catch_up()
        assert is_served(village) and Visit.objects.get().findings == 0

    def test_it_holds_from_its_first_day_only(self, crew: tuple[int, int], village: Place) -> None:
        take(
            Message(village, NOW - timedelta(days=1), *crew, AWAY),
            Message(village, NOW - timedelta(hours=2), *crew, AWAY),
        )
        confirm(village, DAY)
        catch_up()
        assert is_served(village, DAY - timedelta(days=1)) and not is_served(village, DAY)

    def test_another_visit_of_the_day_keeps_the_day(self, crew: tuple[int, int], village: Place) -> None:
        take(
            Message(village, NOW - timedelta(hours=5), *crew, AWAY),
            Message(village, NOW - timedelta(hours=2), *crew, NEAR),
        )
        confirm(village)
        catch_up()
        assert is_served(village) and Visit.objects.filter(counting=False).count() == 1

    def test_a_repeat_changes_and_says_nothing(self, crew: tuple[int, int], village: Place) -> None:
        take(Message(village, courier=crew[0], device=crew[1], position=AWAY))
        confirm(village)
        catch_up()
        said = Event.objects.count()
        assert actions.screen_again(place_ids=[village.pk], since=LONG_AGO, by=BY, now=NOW) == 0
        assert actions.screen_again(since=LONG_AGO, by=BY, now=NOW) == 0
        assert catch_up() == 0 and Event.objects.count() == said and not Rescreening.objects.exists()

    def test_a_rejected_visit_stays_rejected(self, crew: tuple[int, int], village: Place) -> None:
        (identifier,) = take(Message(village, courier=crew[0], device=crew[1], position=AWAY))
        confirm(village)
        catch_up()
        officer = cast.officer("o", Place.objects.get(code="520000000000", valid_to=None), "visits.review")
        actions.review_visit(
            visit=identifier, decision=Review.Decision.REJECTED, ground="照片不符",
            proposed_by=cast.proposer(), by=officer, now=NOW,
        )  # fmt: skip
        confirm(village, LONG_AGO, AWAY["lon"], AWAY["lat"])
        catch_up()
        visit = Visit.objects.get()
        assert visit.findings == 0 and not visit.counting and not is_served(village)

    def test_the_cursor_never_reads_an_event_twice(self, village: Place) -> None:
        confirm(village)
        catch_up()
        assert Cursor.objects.get(pk=1).sequence == Seal.objects.count() > 0 and catch_up() == 0

    def test_a_served_delivery_point_clears_a_visit(self, crew: tuple[int, int], village: Place) -> None:
        confirm(village)
        (identifier,) = take(Message(village, courier=crew[0], device=crew[1], position=AWAY))
        assert not is_served(village)
        point = registry.create_delivery_point(
            code="P1", name="村邮站", kind="station", lon=AWAY["lon"], lat=AWAY["lat"], by=BY, now=NOW
        )
        registry.serve_village_through_point(point=point, place=village, valid_from=LONG_AGO, by=BY, now=NOW)
        catch_up()
        assert is_served(village) and cast.findings(identifier) == set()
        assert Visit.objects.get().point_id == point.pk


class TestCatchingUp:
    def test_it_works_in_stretches_and_goes_on_where_it_was(
        self, crew: tuple[int, int], village: Place
    ) -> None:
        take(*(Message(village, NOW - timedelta(days=day), *crew, AWAY) for day in range(40)))
        confirm(village)
        sealing.seal_pending()
        noting.note_late_facts()
        assert catching_up.screen_waiting(now=NOW) == 1
        assert Visit.objects.filter(counting=False).count() == 31
        assert Rescreening.objects.get().next_day == DAY - timedelta(days=39 - 31)
        assert catching_up.screen_waiting(now=NOW) == 1 and not Rescreening.objects.exists()
        assert not Visit.objects.filter(counting=True).exists()
        assert catching_up.screen_waiting(now=NOW) == 0

    def test_it_waits_for_batches_that_may_not_have_known_the_fact(
        self, crew: tuple[int, int], village: Place
    ) -> None:
        take(Message(village, courier=crew[0], device=crew[1], position=AWAY))
        confirm(village)
        sealing.seal_pending()
        wanted = ("host", "port", "user", "password", "dbname")
        known = {key: value for key, value in connection.get_connection_params().items() if key in wanted}
        with psycopg.connect(**known) as batch:
            batch.execute("SELECT pg_current_xact_id()")
            noting.note_late_facts()
            assert catching_up.screen_waiting(now=NOW) == 0 and Visit.objects.get().counting
            batch.rollback()
            assert catching_up.screen_waiting(now=NOW) == 1 and not Visit.objects.get().counting


class TestStrangers:
    def test_their_visits_are_linked_when_they_are_registered(self, village: Place) -> None:
        stranger = Stranger.objects.create(kind="courier", text="K9")
        phone = Stranger.objects.create(kind="device", text="D9")
        (identifier,) = take(Message(village, courier=-stranger.pk, device=-phone.pk, position=NEAR))
        assert cast.findings(identifier) == {"unknown_courier", "unknown_device"}
        courier = registry.register_courier(number="K9", name="赵", valid_from=LONG_AGO, by=BY, now=NOW)
        catch_up()
        assert cast.findings(identifier) == {"unknown_device"}
        device = registry.register_device(identifier="D9", by=BY, now=NOW)
        catch_up()
        visit = Visit.objects.get()
        assert (visit.courier_id, visit.device_id, visit.findings) == (courier.pk, device.pk, 0)

    def test_a_binding_of_another_becomes_a_finding(self, crew: tuple[int, int], village: Place) -> None:
        device = Device.objects.create(identifier="D5", enrolled_at=NOW)
        (identifier,) = take(Message(village, courier=crew[0], device=device.pk, position=NEAR))
        assert cast.findings(identifier) == set()
        other = Courier.objects.create(number="K5", name="钱", valid_from=LONG_AGO)
        registry.bind_device(device=device, courier=other, valid_from=LONG_AGO, by=BY, now=NOW)
        catch_up()
        assert cast.findings(identifier) == {"device_of_another"}

    def test_who_was_registered_in_bulk_is_found_by_the_daily_round(self, village: Place) -> None:
        stranger = Stranger.objects.create(kind="courier", text="K7")
        take(Message(village, courier=-stranger.pk, device=0, position=NEAR))
        courier = Courier.objects.create(number="K7", name="孙", valid_from=LONG_AGO)
        jobs.link_strangers()
        assert Visit.objects.get().courier_id == courier.pk

    def test_a_linked_day_is_judged_with_the_couriers_own_visits(
        self, crew: tuple[int, int], village: Place
    ) -> None:
        stranger = Stranger.objects.create(kind="courier", text="K3")
        (first,) = take(Message(village, NOW - timedelta(hours=5), -stranger.pk, 0, NEAR))
        courier = Courier.objects.create(number="K3", name="李", valid_from=LONG_AGO)
        (second,) = take(Message(village, NOW - timedelta(hours=2), courier.pk, 0, NEAR))
        jobs.link_strangers()
        assert "second_of_day" in cast.findings(second) and "second_of_day" not in cast.findings(first)


class TestCommand:
    def test_it_screens_a_place_on_request(self, crew: tuple[int, int], village: Place, capsys: Any) -> None:
        take(Message(village, courier=crew[0], device=crew[1], position=AWAY))
        cast.confirm_point(village, 106.7, 26.6)
        call_command("screen_again", place="52", since=LONG_AGO, json=True)
        assert json.loads(capsys.readouterr().out)["changed"] == 1 and not is_served(village)


class TestRules:
    def test_a_new_threshold_judges_its_own_days_only(self, crew: tuple[int, int], village: Place) -> None:
        confirm(village)
        catch_up()
        take(
            Message(village, NOW - timedelta(days=1), *crew, AWAY),
            Message(village, NOW - timedelta(hours=2), *crew, AWAY),
        )
        assert not is_served(village, DAY - timedelta(days=1)) and not is_served(village, DAY)
        rule = RuleVersion.objects.filter(rule__code="too_far_m", area_class="rural").get().rule
        standards.publish_rule_version(
            rule=rule, area_class="rural", place=None, value="7000", unit="m", valid_from=DAY, source="测试通知",
            by=BY, now=NOW,
        )  # fmt: skip
        catch_up()
        assert not is_served(village, DAY - timedelta(days=1)) and is_served(village, DAY)
        assert {each.cause for each in VillageChange.objects.all()} == {"rule"}


def count_nothing(value: str, since: date) -> None:
    rule = RuleVersion.objects.filter(rule__code="nothing_today_counts").first()
    assert rule is not None
    standards.publish_rule_version(
        rule=rule.rule, area_class="", place=None, value=value, unit="method", valid_from=since, source="测试通知",
        by=BY, now=NOW,
    )  # fmt: skip


class TestNothingToday:
    def test_it_counts_by_default(self, crew: tuple[int, int], village: Place) -> None:
        take(Message(village, NOW - timedelta(hours=2), *crew, NEAR, changes={"nothing_today": True}))
        assert is_served(village)

    def test_a_rule_that_comes_late_judges_its_own_days(self, crew: tuple[int, int], village: Place) -> None:
        before, nothing, mail = take(
            Message(village, NOW - timedelta(days=1), *crew, NEAR, changes={"nothing_today": True}),
            Message(village, NOW - timedelta(hours=2), *crew, NEAR, changes={"nothing_today": True}),
            Message(cast.villages(2)[1], NOW - timedelta(hours=5), *crew, None),
        )
        count_nothing("no", DAY)
        catch_up()
        assert not is_served(village) and is_served(village, DAY - timedelta(days=1))
        assert Visit.objects.get(pk=nothing).standing == "今日无邮件不计入"
        assert Visit.objects.get(pk=before).counting and Visit.objects.get(pk=mail).counting
        assert {each.cause for each in VillageChange.objects.all()} == {"rule"}

    def test_a_rule_known_before_judges_on_arrival(self, crew: tuple[int, int], village: Place) -> None:
        count_nothing("no", DAY)
        (nothing,) = take(
            Message(village, NOW - timedelta(hours=2), *crew, NEAR, changes={"nothing_today": True})
        )
        assert cast.findings(nothing) == {"nothing_not_counted"} and not is_served(village)
        (mail,) = take(Message(village, NOW - timedelta(hours=1), *crew, NEAR))
        assert is_served(village) and cast.findings(mail) == {"second_of_day"}


class TestSubstitutes:
    def test_a_substitute_is_on_the_round_where_he_took_it(self, crew: tuple[int, int]) -> None:
        first, second = cast.villages(2)
        regular = Courier.objects.create(number="K8", name="周", valid_from=LONG_AGO)
        made = registry.create_round(number="R3", name="三段", by=BY, now=NOW)
        for place in (first, second):
            registry.put_village_on_round(round_=made, place=place, valid_from=LONG_AGO, by=BY, now=NOW)
        registry.assign_courier(round_=made, courier=regular, valid_from=LONG_AGO, by=BY, now=NOW)
        helper = Courier.objects.get(pk=crew[0])
        own = registry.create_round(number="R4", name="四段", by=BY, now=NOW)
        registry.assign_courier(round_=own, courier=helper, valid_from=LONG_AGO, by=BY, now=NOW)
        here, there = take(
            Message(first, NOW - timedelta(hours=6), *crew), Message(second, NOW - timedelta(hours=2), *crew)
        )
        catch_up()
        assert "off_round" in cast.findings(here) and "off_round" in cast.findings(there)
        assigned = registry.substitute(
            round_=made, courier=helper, villages=[first], valid_from=DAY, valid_to=DAY + timedelta(days=1),
            by=BY, now=NOW,
        )  # fmt: skip
        catch_up()
        assert "off_round" not in cast.findings(here) and "off_round" in cast.findings(there)
        registry.end_substitution(assignment=assigned, on=DAY, by=BY, now=NOW)
        catch_up()
        assert "off_round" in cast.findings(here)


def _story(seed: int, late: bool) -> tuple[list[Any], list[Message]]:
    """Late facts as functions, and visits of three villages by two couriers, known and unknown."""
    chance = random.Random(seed)
    places = cast.villages(3)
    known = Courier.objects.create(number="K1", name="甲", valid_from=LONG_AGO)
    phone = Device.objects.create(identifier="D1", enrolled_at=NOW)
    second = -Stranger.objects.create(kind="courier", text="K2").pk if late else _second().pk
    positions = [NEAR, AWAY, None, {"lon": 106.71, "lat": 26.61, "accuracy_m": 800}]
    messages = [
        Message(
            chance.choice(places), NOW - timedelta(hours=chance.randint(1, 60)), chance.choice([known.pk, second]),
            phone.pk,
            chance.choice(positions), id=uuid.UUID(int=i + 1), changes={"nothing_today": chance.random() < 0.3},
        )
        for i in range(12)
    ]  # fmt: skip
    when = [date(2026, 10, chance.randint(6, 8)) for _ in range(5)]

    def point(place: Place, since: date) -> Any:
        return lambda: VillagePoint.objects.create(
            place=place, lon=106.7, lat=26.6, standing=chance.choice(["confirmed", "reference"]), source="x",
            valid_from=since,
        )  # fmt: skip

    def round_of(place: Place, since: date) -> None:
        made = registry.create_round(number="R1", name="一段", by=BY, now=NOW)
        made.villages.create(place=place, valid_from=since)
        made.couriers.create(courier=known, valid_from=since)

    def part_of(place: Place, since: date) -> None:
        made = registry.create_round(number="R2", name="二段", by=BY, now=NOW)
        for each in places:
            made.villages.create(place=each, valid_from=LONG_AGO)
        taken = made.couriers.create(courier=known, valid_from=since, substitute=True, whole=False)
        taken.part.create(place=place)

    facts = [
        point(places[0], when[0]),
        point(places[1], when[1]),
        lambda: round_of(places[2], when[2]),
        lambda: DeviceBinding.objects.create(device=phone, courier=known, valid_from=when[3]),
        lambda: part_of(places[0], when[4]),
        lambda: count_nothing("no", when[1]),
    ] + ([_second] if late else [])
    return facts, messages


def _second() -> Courier:
    return Courier.objects.create(number="K2", name="乙", valid_from=LONG_AGO)


def _outcome() -> Any:
    rows = Visit.objects.values_list("pk", "findings", "counting", "distance_m", "point_id").order_by("pk")
    return list(rows), {key: days for key, days in cast.day_sets().items() if "1" in days}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), known_before=st.integers(0, 6))
def test_screening_again_equals_having_known_all_along(seed: int, known_before: int) -> None:
    outcomes = []
    for late in (False, True):
        with transaction.atomic():
            facts, messages = _story(seed, late)
            for fact in facts[: known_before if late else None]:
                fact()
            take(*messages)
            if late:
                for fact in facts[known_before:]:
                    fact()
                actions.screen_again(since=LONG_AGO, by=BY, now=NOW)
            outcomes.append(_outcome())
            transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]


def test_only_what_the_courier_named_is_taken_for_named(crew: tuple[int, int], village: Place) -> None:
    point = registry.create_delivery_point(
        code="P2", name="小卖部", kind="shop", lon=106.7, lat=26.6, by=BY, now=NOW
    )
    at = datetime(2026, 10, 8, 2, tzinfo=UTC)
    take(Message(village, at, *crew, NEAR, changes={"point": "P2"}), Message(village, at, *crew, NEAR))
    actions.screen_again(since=LONG_AGO, by=BY, now=NOW)
    assert sorted(Visit.objects.values_list("point_id", flat=True), key=str) == sorted(
        [point.pk, None], key=str
    )
