from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from puyou.accounts import actions as accounts
from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.places.queries import get_place, get_root
from puyou.standards.models import CalendarYear, RuleVersion

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _frozen():
    with clock.frozen(NOW):
        yield


def client_of(role, place):
    user, _ = accounts.open_account(
        username=role, name="李四", role=role, place=place, by=Scope.system("tests"), now=NOW
    )
    user.must_change_password = False
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def national():
    return client_of("national_regulator", get_root())


@pytest.fixture
def provincial():
    return client_of("provincial_regulator", get_place("52"))


def text(response):
    return response.content.decode()


class TestRules:
    def test_it_lists_values_with_their_standing(self, provincial):
        page = text(provincial.get("/standards/"))
        assert "投递频次下限" in page and "3 次/周" in page
        assert "未经核实" in page and "已核实" in page

    def test_it_exports(self, provincial):
        assert provincial.get("/standards/?format=csv").status_code == 200

    def test_strangers_are_sent_to_sign_in(self):
        assert Client().get("/standards/").status_code == 302

    def test_one_rule_shows_its_history_and_no_door_to_who_may_not_publish(self, provincial, national):
        page = text(provincial.get("/standards/too_far_m/"))
        assert "30000 米" in page and "发布新版本" not in page
        assert "发布新版本" in text(national.get("/standards/too_far_m/"))

    def test_an_unknown_rule_is_not_found(self, provincial):
        assert provincial.get("/standards/no_such_rule/").status_code == 404


class TestPublishing:
    address = "/standards/settle_days/publish/"
    content = {"value": "14", "unit": "days", "valid_from": "2027-01-01", "source": "试行通知"}

    def test_a_national_officer_publishes(self, national):
        assert national.get(self.address).status_code == 200
        assert national.post(self.address, self.content).status_code == 302
        assert RuleVersion.objects.get(rule__code="settle_days", value="14").verification == "unverified"

    def test_a_refusal_is_told_above_the_form(self, national):
        answer = national.post(self.address, self.content | {"valid_to": "2026-01-01"})
        assert answer.status_code == 422 and "必须晚于" in text(answer)

    def test_another_province_cannot(self, provincial):
        assert provincial.post(self.address, self.content).status_code == 403
        assert not RuleVersion.objects.filter(value="14").exists()


class TestVerifying:
    def test_a_national_officer_verifies_by_name(self, national):
        version = RuleVersion.objects.get(rule__code="settle_days")
        address = f"/standards/versions/{version.pk}/verify/"
        assert "10 天" in text(national.get(address))
        assert national.post(address, {}).status_code == 422
        assert national.post(address, {"compared": "on"}).status_code == 302
        version.refresh_from_db()
        assert version.verified_by.username == "national_regulator"

    def test_another_province_cannot(self, provincial):
        version = RuleVersion.objects.get(rule__code="settle_days")
        address = f"/standards/versions/{version.pk}/verify/"
        assert provincial.post(address, {"compared": "on"}).status_code == 403


class TestCalendar:
    def test_a_published_year_shows_days_off_and_made_up(self, provincial):
        page = text(provincial.get("/standards/calendar/?year=2026"))
        assert "国庆节" in page and "班" in page and "已公布" in page

    def test_a_year_to_come_is_provisional(self, provincial):
        assert "暂定" in text(provincial.get("/standards/calendar/?year=2027"))

    @pytest.mark.parametrize("year", ["", "abc", "0000", "99999", "1950"])
    def test_a_strange_year_is_this_year(self, provincial, year):
        assert "2026年工作日历" in text(provincial.get("/standards/calendar/", {"year": year}))

    def test_a_file_extends_it(self, national):
        rows = "date,kind,name,sources\n2027-01-01,holiday,元旦,通知\n".encode("gb18030")
        answer = national.post("/standards/calendar/upload/", {"file": SimpleUploadedFile("2027.csv", rows)})
        assert answer.status_code == 302
        assert CalendarYear.objects.filter(year=2027).exists()

    def test_a_faulty_file_is_told(self, national):
        file = SimpleUploadedFile("2027.csv", b"date,kind,name\n2027-02-30,holiday,x\n")
        answer = national.post("/standards/calendar/upload/", {"file": file})
        assert answer.status_code == 422 and "第 2 行" in text(answer)

    def test_another_province_cannot(self, provincial):
        assert provincial.get("/standards/calendar/upload/").status_code == 403
