"""The phone's reading side: its day with and without change, what is kept about its courier, villages to add."""

import gzip
import json
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puyou.compliance.models import Excuse
from puyou.fieldwork import consent_texts
from puyou.fieldwork.models import Consent
from puyou.fieldwork.tests.cast import NOW, TODAY, bearer, come, mark, phone_of
from puyou.ingest import actions as ingest
from puyou.ingest import nonces
from puyou.ingest.models import Contact
from puyou.registry import actions as registry
from puyou.registry.models import Duty, RoundVillage
from puyou.registry.tests.conftest import BY, START, villages_under
from puyou.visits.models import Review
from puyou.visits.rules import MASK

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(network):
    return bearer(phone_of(network))


def ask(phone, path="today", **headers):
    return Client().get(f"/api/v1/field/{path}", headers=phone | headers)


def duty(village, **terms):
    values = {"times": 3, "period": "week", "area_class": "rural", "valid_from": START}
    return Duty.objects.create(place=village, **(values | terms))


def test_the_day_holds_what_a_day_without_signal_needs(network, phone):
    for village in network.villages:
        duty(village)
    come(network.courier, network.villages[:1], at=NOW - timedelta(days=1))
    told = ask(phone).json()
    assert told["day"] == "2026-11-20" and told["courier"] == {"number": "C甲", "name": "张甲"}
    assert (
        told["practice"] is False
        and told["consent"]["agreed"] is None
        and "告知书" in told["consent"]["text"]
    )
    assert told["rules"] == {"nothing_today_counts": {"value": True, "standing": "unverified"}}
    assert told["app"]["minimum"] >= 1
    assert [village["name"] for village in told["villages"]] and len(told["villages"]) == 3
    first = next(one for one in told["villages"] if one["code"] == network.villages[0].code)
    assert first["planned"] and first["tag"] is False
    assert first["point"]["code"] == "P甲"
    assert set(first["point"]["villages"]) == {village.code for village in network.villages}
    assert first["due"] == {
        "times": 3,
        "period": "week",
        "need": 3,
        "made": 0,
    }  # day sets are not told by come()
    assert told["questions"] == [] and told["decisions"] == []
    assert told["outlines"] and all(len(ring) > 3 for ring in told["outlines"][0]["rings"])
    assert nonces.made_at(told["nonce"], network.device.identifier) == int(NOW.timestamp())


def test_asking_for_the_day_is_contact(network, phone):
    ahead = (NOW + timedelta(seconds=90)).isoformat()
    ask(phone, **{"device-time": ahead, "puyou-app": "3"})
    heard = Contact.objects.get(device=network.device)
    assert (heard.at, heard.skew_seconds, heard.app) == (NOW, 90, 3)


def test_what_is_kept_small_is_small(network, phone):
    body = ask(phone).content
    assert len(gzip.compress(body)) < 60_000


def test_unchanged_it_is_not_sent_again_but_the_nonce_is(network, phone):
    first = ask(phone)
    again = ask(phone, **{"if-none-match": first["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert nonces.made_at(again["Puyou-Nonce"], network.device.identifier) == int(NOW.timestamp())
    assert datetime.fromisoformat(again["Puyou-Server-Time"]) == NOW
    registry.substitute(
        round_=network.round,
        courier=registry.register_courier(number="C丁", name="丁", valid_from=START, **BY),
        villages=network.villages[:1],
        valid_from=TODAY,
        valid_to=TODAY + timedelta(days=1),
        **BY,
    )
    changed = ask(phone, **{"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    planned = {one["code"]: one["planned"] for one in changed.json()["villages"]}
    assert planned[network.villages[0].code] is False


def test_a_substitute_is_told_for_whom_and_leave_is_told(network, far_network):
    span = {"valid_from": TODAY, "valid_to": TODAY + timedelta(days=1)}
    registry.take_leave(courier=network.courier, ground="病假", **span, **BY)
    registry.substitute(round_=network.round, courier=far_network.courier, **span, **BY)
    told = ask(bearer(phone_of(far_network))).json()
    notes = {one["code"]: one["note"] for one in told["villages"]}
    assert notes[network.villages[0].code] == "代张甲" and notes[far_network.villages[0].code] == ""
    assert ask(bearer(phone_of(network))).json()["on_leave"] is True


def test_an_excuse_is_told_with_its_standing(network, phone):
    values = {
        "ground": "flood", "document": "1号", "notice": uuid.uuid4(), "proposed_at": NOW,
        "valid_from": TODAY, "valid_to": TODAY + timedelta(days=3),
    }  # fmt: skip
    Excuse.objects.create(place=network.villages[0], status="proposed", **values)
    Excuse.objects.create(place=network.villages[1].parent, status="approved", **values)
    notes = {one["code"]: one["note"] for one in ask(phone).json()["villages"]}
    assert "待批准" in notes[network.villages[0].code] or "已批准" in notes[network.villages[0].code]
    assert "已批准免责（至11月22日）" in notes[network.villages[1].code]


def test_consent_is_asked_once_for_each_version(network, phone):
    version = consent_texts.current(TODAY).version
    for agreed, minutes in ((True, 1), (False, 2)):
        Consent.objects.create(
            id=uuid.uuid4(), courier=network.courier, device=network.device, version=version, agreed=agreed,
            happened_at=NOW + timedelta(minutes=minutes), received_at=NOW,
        )  # fmt: skip
    assert ask(phone).json()["consent"]["agreed"] is False


def test_one_set_of_queries_however_many_villages(network, phone):
    def count():
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert ask(phone).status_code == 200
        return len(asked)

    ask(phone)
    few = count()
    more = villages_under("520102", 60)[3:]
    RoundVillage.objects.bulk_create(
        RoundVillage(round=network.round, place=village, valid_from=START) for village in more
    )
    for village in [*network.villages, *more]:
        duty(village)
    assert len(ask(phone).json()["villages"]) == 60
    assert count() <= few + 4 and few <= 36, few


def test_only_a_phone_may_ask(network, phone, officer):
    assert Client().get("/api/v1/field/today").status_code == 401
    assert officer.get("/api/v1/field/today").status_code == 401
    ingest.suspend_device(device=network.device, ground="丢失", by="system:tests", now=NOW)
    for path in ("today", "me", "villages?q=村"):
        answer = ask(phone, path)
        assert answer.status_code == 403 and answer.json()["code"] == "ingest.revoked_token"


def test_my_data_is_complete_and_only_mine(network, far_network, phone, officer):
    ids = come(network.courier, network.villages[:2], findings=MASK["copied_position"])
    come(far_network.courier, far_network.villages)
    mark(network.courier, network.device, "start", NOW)
    reviewer = officer.session["_auth_user_id"]
    Review.objects.create(visit_id=ids[0], decision="rejected", ground="坐标雷同", by_id=reviewer, at=NOW)
    told = ask(phone, "me?month=2026-11").json()
    assert told["courier"]["number"] == "C甲" and told["of"] == "2026-11"
    assert [one["id"] for one in told["visits"]] == [str(ids[1]), str(ids[0])]
    assert told["visits"][1]["decision"] == "不予认可" and told["visits"][1]["ground"] == "坐标雷同"
    assert any("坐标完全相同" in reason for reason in told["visits"][0]["reasons"])
    assert told["month"] == [{"day": "2026-11-20", "visits": 2, "counting": 2, "findings": 2}]
    assert told["marks"][0]["event"] == "start" and told["devices"][0]["identifier"] == "D甲"
    assert len(told["retention"]) >= 5 and all("天" in kept["until"] for kept in told["retention"])
    ends = [kept["what"] for kept in told["retention"] if "期满自动删除" in kept["until"]]
    assert ends == ["照片、语音"]  # nothing else is deleted by the clock, and the courier is told so
    assert sum("目前不删除" in kept["until"] for kept in told["retention"]) == len(told["retention"]) - 1
    assert ask(phone, "me?month=2026-10").json()["visits"] == []


@pytest.mark.parametrize("month", ["2026-13", "2026", "2026-1", "abcd-ef"])
def test_a_month_that_is_none_is_refused(phone, month):
    answer = ask(phone, f"me?month={month}")
    assert answer.status_code == 422 and answer.json()["code"] == "fieldwork.bad_month"


def test_villages_are_those_of_the_couriers_county(network, phone, far_network):
    village = villages_under("520102", 40)[-1]
    found = ask(phone, f"villages?q={village.name}").json()
    assert village.code in [one["code"] for one in found] and len(found) <= 20
    assert {one["code"][:6] for one in ask(phone, "villages?q=社区").json()} == {"520102"}
    assert ask(phone, f"villages?q={far_network.villages[0].name}").json() == []
    assert ask(phone, f"villages?q={village.code[:9]}").json()
    assert ask(phone, "villages?q=").json() == [] and ask(phone, "villages").status_code == 422


def test_an_agreed_answer_is_json_that_other_languages_read(phone):
    told = json.loads(ask(phone).content)
    assert date.fromisoformat(told["day"]) and datetime.fromisoformat(told["server_time"]).tzinfo
