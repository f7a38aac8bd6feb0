"""Values for and from other systems: what DHIS2's clients send and read, by a person's access key."""

import base64
import json
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from puyou.accounts import actions as accounts
from puyou.accounts.scopes import scope_for
from puyou.accounts.tests.offices import neighbour, officer
from puyou.core import clock
from puyou.core.models import Event
from puyou.indicators.exchange import calendar, gate
from puyou.indicators.models import ReportedValue
from puyou.indicators.periods import DAY, MONTH, QUARTER, WEEK, YEAR, Period
from puyou.indicators.tests.conftest import NOW, TODAY
from puyou.places.queries import get_place

ADDRESS, DHIS2 = "/api/v1/dataValueSets", "/dhis2/api/dataValueSets"
UNIT = "520000000000"


@given(st.sampled_from([DAY, WEEK, MONTH, QUARTER, YEAR]), st.dates(date(2001, 1, 8), date(2090, 1, 1)))
def test_every_calendar_period_is_spelt_and_read_back(kind, day):
    period = Period.of(kind, day)
    assert calendar.read(str(calendar.written(period))) == period


@pytest.mark.parametrize(
    "text", ["", "2026-11", "202613", "2026W60", "2026Q5", "２０２６", "LAST_MONTH", "20261131"]
)
def test_anything_else_is_no_period(text):
    with pytest.raises(ValueError, match="period|day|month|range|week"):
        calendar.read(text)


class Program:
    """What somebody else's client does: HTTP Basic with a user name and a key, JSON, DHIS2's parameters."""

    def __init__(self, user) -> None:
        self.user, self.client = user, Client()
        self.key = accounts.issue_key(
            user=user, name="统计系统", valid_to=TODAY + timedelta(days=90), by=scope_for(user), now=NOW
        )
        pair = base64.b64encode(f"{user.username}:{self.key}".encode()).decode()
        self.headers = {"authorization": f"Basic {pair}"}

    def post(self, *values, address=ADDRESS, query="", **outer):
        body = json.dumps({"dataValues": list(values)} | outer)
        return self.client.post(address + query, body, content_type="application/json", headers=self.headers)

    def get(self, address=ADDRESS, **asked):
        return self.client.get(address, asked, headers=self.headers)


@pytest.fixture
def program(bench):
    gate.GUESSES._levels.clear()
    gate.CALLS._levels.clear()
    bench.item("mail")
    with clock.frozen(NOW):
        yield Program(officer("program.owner", "provincial_regulator", get_place("52")))


def value(number, period="202610", unit=UNIT, element="mail", **more):
    return {"dataElement": element, "period": period, "orgUnit": unit, "value": number} | more


def refusal(answer) -> str:
    """Why the first value was refused."""
    assert answer.status_code == 409
    reason: str = answer.json()["response"]["conflicts"][0]["value"]
    return reason


class TestReporting:
    def test_values_are_reported_and_read_back(self, program):
        answer = program.post(value("12"), value(7.5, "2026Q3"))
        told = answer.json()
        assert answer.status_code == 200 and told["status"] == "OK"
        assert told["response"]["importCount"] == {"imported": 2, "updated": 0, "ignored": 0, "deleted": 0}
        kept = ReportedValue.objects.get(period="2026-10")
        assert (kept.value, kept.recorded_by) == (12, f"user:{program.user.pk}")
        assert Event.objects.filter(kind="values.reported").count() == 2
        read = program.get(dataElement="mail", orgUnit=UNIT, period=["202610", "2026Q3"]).json()["dataValues"]
        assert {(each["period"], each["value"]) for each in read} == {("202610", "12"), ("2026Q3", "7.5")}
        assert read[0]["orgUnit"] == UNIT and read[0]["categoryOptionCombo"] == "default"

    def test_what_was_read_can_be_sent_again_and_changes_nothing(self, program):
        program.post(value("12"), value("8", "2026"))
        read = program.get(dataElement="mail", orgUnit=UNIT, startDate="2026-01-01", endDate="2026-12-31")
        assert len(read.json()["dataValues"]) == 2
        again = program.post(*read.json()["dataValues"])
        assert again.status_code == 200 and "未变 2" in again.json()["message"]
        assert ReportedValue.objects.count() == 2

    def test_another_value_needs_a_ground_and_keeps_what_was_said(self, program):
        program.post(value("12"))
        refused = program.post(value("13"))
        assert refused.status_code == 409
        assert "更正须写明理由" in refused.json()["response"]["conflicts"][0]["value"]
        told = program.post(value("13", comment="复核台账后更正")).json()
        assert told["response"]["importCount"]["updated"] == 1
        assert ReportedValue.objects.get(superseded_at=None).ground == "复核台账后更正"
        assert ReportedValue.objects.count() == 2

    def test_the_rest_is_taken_and_each_refusal_names_its_place_and_reason(self, program, bench):
        bench.indicator("mail_all", "mail")
        told = program.post(
            value("1"),
            value("1.2亿", "202601"),
            value("１２", "202602"),
            value("-3", "202603"),
            value("5", "2026-04"),
            value("5", "202605", element="nothing"),
            value("5", "202606", element="mail_all"),
            value("5", "202607", unit="999999999999"),
            value("5", "202608", unit=neighbour().code),
            value("2"),
            {"dataElement": "mail", "value": "4"},
        )
        said = told.json()
        assert told.status_code == 409 and said["response"]["status"] == "WARNING"
        assert said["response"]["importCount"] == {"imported": 1, "updated": 0, "ignored": 10, "deleted": 0}
        conflicts = {each["indexes"][0]: each["value"] for each in said["response"]["conflicts"]}
        words = ("不是数值", "不是数值", "不能为负数", "不是时期", "没有代码为“nothing”")
        words += ("是计算指标", "999999999999", "管辖范围", "两次", "缺少 period")
        for row, word in enumerate(words, 1):
            assert word in conflicts[row], (row, conflicts[row])
            assert conflicts[row].startswith(f"第 {row + 1} 个值")
        assert ReportedValue.objects.count() == 1

    def test_a_trial_keeps_nothing(self, program):
        told = program.post(value("12"), query="?dryRun=true").json()
        assert told["response"]["importCount"]["imported"] == 1 and "仅检查" in told["message"]
        assert not ReportedValue.objects.exists()

    def test_strategies(self, program):
        assert "还没有数值" in refusal(program.post(value("1"), query="?importStrategy=UPDATE"))
        program.post(value("1"), query="?importStrategy=CREATE")
        refused = program.post(value("2", comment="更正"), query="?importStrategy=CREATE")
        assert "不更正" in refusal(refused)
        assert program.post(value("1"), query="?importStrategy=DELETE").status_code == 422

    def test_period_and_place_may_be_said_once_for_all(self, program):
        told = program.post({"dataElement": "mail", "value": 3}, period="2025", orgUnit=UNIT)
        assert told.status_code == 200 and ReportedValue.objects.get().period == "2025"

    def test_a_companys_value_is_its_own(self, program):
        county = get_place("520526")
        firm = Program(officer("program.company", "company_manager", county))
        assert firm.post(value("4", unit=county.code)).status_code == 200
        kept = ReportedValue.objects.get()
        assert kept.operator_id == firm.user.organisation_id
        assert "管辖范围" in refusal(firm.post(value("4")))


class TestReading:
    def test_an_indicator_is_computed_and_what_is_missing_is_left_out(self, program, bench):
        bench.indicator("mail_all", "mail")
        program.post(value("12"))
        read = program.get(dataElement="mail_all", orgUnit=UNIT, period=["202610", "202609"]).json()
        assert [(each["period"], each["value"]) for each in read["dataValues"]] == [("202610", "12")]
        assert program.get(dataElement="mail_all", orgUnit=UNIT).status_code == 422

    def test_places_below_come_when_asked_for(self, program):
        program.post(value("1", unit="520500000000"), value("2", unit="520526000000"))
        assert program.get(dataElement="mail", orgUnit=UNIT).json() == {"dataValues": []}
        below = program.get(dataElement="mail", orgUnit=UNIT, children="true").json()["dataValues"]
        assert {each["orgUnit"] for each in below} == {"520500000000", "520526000000"}

    def test_nothing_outside_the_scope(self, program):
        assert program.get(dataElement="mail", orgUnit=neighbour().code).status_code == 403
        assert program.get(dataElement="mail", orgUnit="0" * 12, children="true").status_code == 403

    def test_the_address_that_dhis2s_clients_know(self, program):
        assert program.post(value("12"), address=DHIS2).status_code == 200
        for address in (DHIS2, DHIS2 + ".json"):
            read = program.get(address, dataElement="mail", orgUnit=UNIT, period="202610")
            assert [each["value"] for each in read.json()["dataValues"]] == ["12"]


class TestKeys:
    def ask(self, authorization):
        return Client().get(
            ADDRESS, {"dataElement": "mail", "orgUnit": UNIT}, headers={"authorization": authorization}
        )

    def test_an_api_token_is_the_key_alone(self, program):
        assert self.ask(f"ApiToken {program.key}").status_code == 200

    @pytest.mark.parametrize("said", ["ApiToken nothing", "Basic !!!", "Basic eDp5", "Bearer x", ""])
    def test_anything_else_opens_nothing(self, program, said):
        assert self.ask(said).status_code == 401

    def test_a_key_of_somebody_else_does_not_fit_the_name(self, program):
        other = officer("program.other", "provincial_regulator", get_place("52"))
        pair = base64.b64encode(f"{other.username}:{program.key}".encode()).decode()
        assert self.ask(f"Basic {pair}").status_code == 401

    def test_ended_or_expired_it_opens_nothing(self, program):
        with clock.frozen(NOW + timedelta(days=91)):
            assert self.ask(f"ApiToken {program.key}").status_code == 401
        key = program.user.access_keys.get()
        accounts.end_key(key=key, by=scope_for(program.user), now=NOW)
        assert self.ask(f"ApiToken {program.key}").status_code == 401

    def test_of_a_suspended_person_too(self, program):
        program.user.is_active = False
        program.user.save()
        assert self.ask(f"ApiToken {program.key}").status_code == 401

    def test_guessing_is_slowed_down(self, program):
        answers = [self.ask("ApiToken nothing").status_code for _ in range(31)]
        assert answers == [401] * 30 + [429]

    def test_a_session_reads_too_and_posts_only_with_its_token(self, program):
        client = Client(enforce_csrf_checks=True)
        client.force_login(program.user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(ADDRESS, {"dataElement": "mail", "orgUnit": UNIT}).status_code == 200
        body = json.dumps({"dataValues": [value("1")]})
        for address in (ADDRESS, DHIS2):
            assert client.post(address, body, content_type="application/json").status_code == 403
