"""Slips of paper and the enterprise's terminals: marked, counted once, recorded once, by those who may."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from puyou.accounts.models import Appointment, Grant, Organisation, Post, Role, User
from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.evidence.models import EvidenceMention
from puyou.places import queries as places
from puyou.registry.models import Courier
from puyou.visits import actions, queries
from puyou.visits.models import VillageChange, Visit, VisitDetail
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 7)
HASH = "ab" * 32


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with clock.frozen(NOW):
        yield


class Office:
    """A county office of an operator, its officer, its courier with a phone, and a village."""

    def __init__(self) -> None:
        county = places.get_place("520102")
        self.firm = Organisation.objects.create(kind="operator", name="南明投递公司", place=county)
        self.officer = self.member("clerk", county, self.firm, "visits.record")
        self.courier, self.phone = cast.courier()
        Courier.objects.filter(pk=self.courier.pk).update(organisation=self.firm)
        self.village = cast.villages(1)[0]

    def member(self, name: str, place: Any, firm: Organisation, *permissions: str) -> User:
        post = Post.objects.create(organisation=firm, title=f"投递管理员{name}")
        role = Role.objects.create(code=f"role-{name}", name=name, permissions=["see", *permissions])
        Grant.objects.create(post=post, role=role, place=place, organisation=firm, valid_from=cast.BEGIN)
        user = User.objects.create(username=name, name=name)
        Appointment.objects.create(user=user, post=post, valid_from=cast.BEGIN)
        return user

    def record(self, **changes: Any) -> Visit:
        asked: dict[str, Any] = {
            "place": self.village, "day": DAY, "courier": self.courier, "number": "JJ-001",
            "handed": {"letters": 3}, "by": self.officer, "now": NOW,
        }  # fmt: skip
        return actions.record_paper_slip(**(asked | changes))


def days_served(village: Any) -> int:
    return sum(days.count("1") for (place, _), days in cast.day_sets().items() if place == village.pk)


class TestRecording:
    def test_a_slip_is_a_visit_of_its_own_source(self) -> None:
        office = Office()
        visit = office.record(photo=HASH)
        assert (visit.source, visit.day, visit.place_id) == ("paper", DAY, office.village.pk)
        assert (visit.courier_id, visit.device_id, visit.counting) == (office.courier.pk, None, True)
        assert cast.findings(visit.pk) == {"no_position"} and days_served(office.village) == 1
        detail = VisitDetail.objects.get(pk=visit.pk)
        assert detail.handed == {"letters": 3} and detail.note == "交接单 JJ-001"
        assert EvidenceMention.objects.get().subject == f"visit:{visit.pk}"
        assert VillageChange.objects.get().cause == "late_visit"
        said = Event.objects.get(kind="slip.recorded")
        assert said.actor == f"user:{office.officer.pk}" and said.data["number"] == "JJ-001"
        assert Event.objects.filter(kind="visits.taken_in").count() == 1

    def test_screening_it_again_changes_nothing(self) -> None:
        office = Office()
        visit = office.record()
        assert actions.screen_again(since=cast.BEGIN, by="system:tests", now=NOW) == 0
        assert cast.findings(visit.pk) == {"no_position"}

    def test_it_is_recorded_once(self) -> None:
        office = Office()
        office.record()
        for changes, code in [
            ({"number": " JJ-001 "}, "slip_recorded"),
            ({"handed": {"letters": 4}}, "slip_conflict"),
            ({"photo": HASH}, "slip_conflict"),
        ]:
            assert code_of(lambda changes=changes: office.record(**changes)) == code
        office.record(number="JJ-002")
        office.record(day=DAY - timedelta(days=1))
        assert Visit.objects.count() == 3 and days_served(office.village) == 2

    def test_a_slip_of_today_happens_now(self) -> None:
        office = Office()
        assert office.record(day=NOW.date()).happened_at == NOW

    def test_it_does_not_lower_the_share_of_positions(self) -> None:
        office = Office()
        office.record()
        assert not queries.list_position_shares(Scope.system("tests"), NOW.date()).exists()


class TestNeverDoubled:
    def app_visit(self, office: Office) -> uuid.UUID:
        at = cast.noon(DAY) + timedelta(hours=5)
        (identifier,) = cast.send(Message(office.village, at, office.courier.pk, office.phone.pk))
        actions.take_in_pending(now=NOW)
        return identifier

    @pytest.mark.parametrize("paper_first", [True, False])
    def test_paper_beside_the_app_is_the_second_of_the_day(self, paper_first: bool) -> None:
        office = Office()
        if paper_first:
            slip, seen = office.record(), self.app_visit(office)
        else:
            seen, slip = self.app_visit(office), office.record()
        assert days_served(office.village) == 1
        assert "second_of_day" in cast.findings(slip.pk) and "second_of_day" not in cast.findings(seen)

    @pytest.mark.parametrize("minute", [0, 5])
    def test_a_copy_from_the_terminal_is_too(self, tmp_path: Any, minute: int) -> None:
        office = Office()
        seen = self.app_visit(office)
        path = tmp_path / "pda.csv"
        path.write_text(
            "visit_id,village_code,courier_no,device_id,happened_at,lon,lat,accuracy_m,source\n"
            f"pda-1,{office.village.code},K1,PDA-9,2026-10-07T17:0{minute}:00+08:00,,,,pda\n"
        )
        report = actions.import_visits(path, by="system:tests", now=NOW)
        assert report.outcome.accepted == 1 and days_served(office.village) == 1
        copy = Visit.objects.get(source="pda")
        marked = {each for each in (copy.pk, seen) if "second_of_day" in cast.findings(each)}
        assert len(marked) == 1 and (minute == 0 or marked == {copy.pk})
        assert actions.import_visits(path, by="system:tests", now=NOW).outcome.duplicate == 1
        assert Visit.objects.count() == 2


def code_of(call: Any) -> str:
    with pytest.raises(Problem) as raised:
        call()
    return raised.value.code.rpartition(".")[2]


class TestWhoMay:
    def test_another_county_or_an_officer_without_the_permission_may_not(self) -> None:
        office = Office()
        far = office.member("far", places.get_place("520302"), office.firm, "visits.record")
        reader = office.member("reader", places.get_place("520102"), office.firm)
        for by in (far, reader, cast.officer("regulator", places.get_place("52"), "visits.review")):
            assert code_of(lambda by=by: office.record(by=by)) in ("out_of_scope", "no_permission")
        assert not Visit.objects.exists()

    def test_another_companys_courier_is_unknown_to_him(self) -> None:
        office = Office()
        rival = Organisation.objects.create(kind="operator", name="别家", place=places.get_place("520102"))
        other, _ = cast.courier("K9", "D9")
        Courier.objects.filter(pk=other.pk).update(organisation=rival)
        assert code_of(lambda: office.record(courier=other)) == "unknown_courier"

    def test_nobody_records_his_own(self) -> None:
        office = Office()
        Courier.objects.filter(pk=office.courier.pk).update(user=office.officer)
        assert code_of(office.record) == "own_slip"


@pytest.mark.parametrize("changes, code", [
    ({"number": "  "}, "no_slip_number"), ({"number": "9" * 41}, "no_slip_number"),
    ({"day": date(2026, 10, 9)}, "slip_of_the_future"), ({"day": date(2025, 12, 31)}, "not_serving_then"),
    ({"handed": {"letters": -1}}, "bad_field"), ({"photo": "x"}, "bad_field"),
])  # fmt: skip
def test_what_is_wrong_is_said(changes: dict[str, Any], code: str) -> None:
    office = Office()
    assert code_of(lambda: office.record(**changes)) == code
    assert not Visit.objects.exists()


def test_a_slip_is_about_a_village() -> None:
    office = Office()
    assert code_of(lambda: office.record(place=places.get_place("520102"))) == "not_a_village"
