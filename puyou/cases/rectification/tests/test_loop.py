"""From a missed week to a verified rectification, and every way it can go otherwise."""

from datetime import UTC, date, datetime, timedelta

import pytest

from puyou.accounts.models import Appointment, Grant
from puyou.accounts.tests.offices import neighbour, officer, signed_in
from puyou.cases import queries
from puyou.cases.models import Case
from puyou.cases.rectification import actions
from puyou.cases.rectification.models import RectifiedWeek
from puyou.cases.tests.cast import actor, do
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.core.periods import Week
from puyou.core.problems import Problem
from puyou.places.queries import get_place
from puyou.registry.models import Round, RoundVillage

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 8, 31)
SETTLED = MONDAY + timedelta(days=17)
WEEKS = [Week(MONDAY)]


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def serve_week(village, monday: date) -> None:
    cast.serve(village, cast.days_from(monday, 3))


class World:
    def __init__(self) -> None:
        self.county = get_place("520526")
        self.villages = cast.villages_of("520526", 3)
        self.village = self.villages[0]
        for village in self.villages:
            cast.lay_duty(village, first=date(2026, 8, 1))
        self.company_user = officer("loop.company", "company_manager", self.county)
        people = [
            officer("loop.officer", "provincial_regulator", get_place("52")),
            officer("loop.stranger", "provincial_regulator", neighbour()),
        ]
        Grant.objects.update(valid_from=date(2026, 1, 1))
        Appointment.objects.update(valid_from=date(2026, 1, 1))
        self.officer, self.stranger = (actor(user) for user in people)
        self.company = actor(self.company_user)

    def order(self, day: date = SETTLED, **more) -> Case:
        given = {"villages": [self.village], "weeks": WEEKS, "actor": self.officer} | more
        return actions.order_rectification(**given, now=moment(day))


@pytest.fixture
def world(monkeypatch):
    with clock.frozen(moment(SETTLED)):
        yield World()


ANSWER = {"cause": "staff", "measures": "增派一名投递员", "finish_on": "2026-09-25"}


def reported(world: World) -> Case:
    case = world.order()
    do(case, "answer", world.company, moment(SETTLED), **ANSWER)
    return do(case, "report", world.company, moment(SETTLED + timedelta(days=1)), text="已恢复每周三次")


def test_later_visits_and_nothing_else_verify_it(world):
    case = reported(world)
    first = Week.of(SETTLED + timedelta(days=1)).shift(1).monday
    for number in range(4):
        with clock.frozen(moment(first + timedelta(days=7 * number + 6))):
            assert actions.verify_rectifications(now=clock.now()) == 0
            serve_week(world.village, first + timedelta(days=7 * number))
    with clock.frozen(moment(first + timedelta(days=27))):
        assert actions.verify_rectifications(now=clock.now()) == 1
        assert actions.verify_rectifications(now=clock.now()) == 0
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("verified", "verified")
    proof = case.events.get(action="verify").data["proof"]
    assert [week["standing"] for week in proof[0]["weeks"]][:4] == ["met"] * 4


def test_nobody_can_verify_by_hand(world):
    case = reported(world)
    for who in (world.officer, world.company):
        with pytest.raises(Problem) as caught:
            do(case, "verify", who, moment(SETTLED + timedelta(days=2)))
        assert caught.value.status == 409
    case.refresh_from_db()
    assert case.outcome == ""


def test_another_settled_miss_sends_it_back_with_a_new_term(world):
    case = reported(world)
    later = SETTLED + timedelta(days=1 + 7 * 4)
    with clock.frozen(moment(later)):
        assert actions.verify_rectifications(now=clock.now()) == 1
    case.refresh_from_db()
    assert case.state == "rectifying"
    assert case.clocks.get(code="rectify", stopped_on=None).started_on == later


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"day": MONDAY + timedelta(days=8)}, "cases.not_settled"),
        ({"weeks": [Week(MONDAY).shift(-8)]}, "cases.nothing_missed"),
    ],
)
def test_only_settled_misses_can_be_ordered(world, change, code):
    with pytest.raises(Problem) as caught:
        world.order(**change)
    assert caught.value.code == code
    assert not Case.objects.exists()


def test_a_week_stands_in_one_order_until_it_is_withdrawn(world):
    case = world.order()
    with pytest.raises(Problem) as caught:
        world.order()
    assert (caught.value.code, caught.value.status) == ("cases.ordered_already", 409)
    do(case, "withdraw", world.officer, moment(SETTLED), ground="设备故障，原判有误")
    assert world.order().number != case.number


def test_a_round_is_ordered_as_one(world):
    serve_week(world.villages[2], MONDAY)
    case = world.order(villages=world.villages, about="投递段一")
    assert case.title == "投递段一到村投递未达标整改"
    assert set(RectifiedWeek.objects.values_list("place", flat=True)) == {
        one.pk for one in world.villages[:2]
    }


def test_another_province_can_neither_order_nor_see(world):
    with pytest.raises(Problem) as caught:
        world.order(actor=world.stranger)
    assert caught.value.status == 403
    case = world.order()
    assert not queries.list_cases(world.stranger.scope, world.stranger.user).filter(pk=case.pk).exists()
    client = signed_in(world.stranger.user)
    assert client.get(f"/cases/rectification/new/?place={world.village.code}").status_code == 403
    assert client.get(f"/cases/{case.pk}/").status_code == 404


def test_the_company_sees_it_answers_and_may_object(world):
    case = world.order()
    assert queries.list_waiting(world.company.scope, world.company.user).get() == case
    do(case, "object", world.company, moment(SETTLED), text="道路中断")
    with pytest.raises(Problem):
        do(case, "answer", world.company, moment(SETTLED), **ANSWER)
    do(case, "uphold", world.officer, moment(SETTLED), ground="属实")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("withdrawn", "withdrawn")


class TestPages:
    def test_one_click_from_the_village(self, world):
        client = signed_in(world.officer.user)
        village = client.get(f"/atlas/{world.village.code}/?week=2026-W36").content.decode()
        assert "责令整改" in village
        address = f"/cases/rectification/new/?place={world.village.code}"
        assert "2026-W36" in client.get(address).content.decode()
        answer = client.post(address, {"weeks": ["2026-W36"]})
        case = Case.objects.get()
        assert answer.status_code == 302 and answer.url == f"/cases/{case.pk}/"
        page = client.get(f"/cases/{case.pk}/").content.decode()
        assert "整改事由" in page and world.village.name in page
        village = client.get(f"/atlas/{world.village.code}/?week=2026-W36").content.decode()
        assert case.number in village and "责令整改" not in village

    def test_nothing_chosen_and_nonsense_are_told(self, world):
        client = signed_in(world.officer.user)
        address = f"/cases/rectification/new/?place={world.village.code}"
        assert client.post(address, {"weeks": []}).status_code == 422
        assert client.post(address, {"weeks": ["2020-W01"]}).status_code == 422
        assert client.get("/cases/rectification/new/?place=1").status_code == 422
        assert client.get("/cases/rectification/new/?round=77").status_code == 422

    def test_a_round_page_orders_for_all_its_villages(self, world):
        held = Round.objects.create(number="R1", name="大坪段")
        for village in world.villages:
            RoundVillage.objects.create(round=held, place=village, valid_from=date(2026, 1, 1))
        client = signed_in(world.officer.user)
        address = f"/cases/rectification/new/?round={held.pk}"
        assert "3 个村" in client.get(address).content.decode()
        client.post(address, {"weeks": ["2026-W36"]})
        assert RectifiedWeek.objects.count() == 3
