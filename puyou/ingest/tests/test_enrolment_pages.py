"""Enrolment and the app's version through the API."""

import json
from datetime import date, datetime

import jsonschema
import pytest
from django.test import Client

from puyou.core import clock
from puyou.ingest import actions, gate, nonces, versions
from puyou.ingest.models import Contact
from puyou.ingest.tests.conftest import NOW, envelope
from puyou.ingest.tests.signing import Signer, answer, device_name
from puyou.ingest.tests.test_contracts import CONTRACTS
from puyou.registry.models import Courier, Device

ADDRESS = "/api/v1/enrolments"
SCHEMA = json.loads((CONTRACTS / "enrolment.v1.schema.json").read_text())


@pytest.fixture(autouse=True)
def _now():
    gate.GUESSER._levels.clear()
    with clock.frozen(NOW):
        yield


@pytest.fixture
def courier(db) -> Courier:
    return Courier.objects.create(number="K1", name="张三", valid_from=date(2026, 1, 1))


def asking(courier: Courier, **changes: object) -> dict[str, object]:
    code = actions.issue_enrolment_code(courier=courier, by="test", now=NOW)
    arguments = answer(Signer(), code, device_name(), NOW)
    return {name: value for name, value in arguments.items() if name != "now"} | changes


def post(body: object, client: Client | None = None, **headers: str):
    client = client or Client(raise_request_exception=False)
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(ADDRESS, sent, content_type="application/json", headers=headers)


class TestEnrolling:
    def test_it_answers_with_a_token_that_opens_the_door(self, courier):
        asked = asking(courier)
        response = post(asked)
        assert response.status_code == 200, response.content
        told = response.json()
        jsonschema.validate(asked, SCHEMA["$defs"]["request"])
        jsonschema.validate(told, SCHEMA["$defs"]["answer"])
        assert told["courier"] == {"number": "K1", "name": "张三"}
        assert told["device"] == asked["device"]
        assert nonces.age_seconds(told["nonce"], told["device"], NOW) == 0
        assert datetime.fromisoformat(told["server_time"]) == NOW
        item = envelope(told["device"])
        headers = {"authorization": f"Bearer {told['token']}", "puyou-app": "7"}
        answered = (
            Client()
            .post("/api/v1/envelopes", json.dumps([item]), content_type="application/json", headers=headers)
            .json()
        )
        assert answered["receipts"][0]["status"] == "accepted"
        assert nonces.age_seconds(answered["nonce"], told["device"], NOW) == 0
        assert answered["app"] == {"minimum": versions.MINIMUM, "current": versions.CURRENT}
        assert Contact.objects.get().app == 7

    def test_asked_again_it_answers_again(self, courier):
        asked = asking(courier)
        first, second = post(asked), post(asked)
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json()["token"] != second.json()["token"]

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"code": "22222-22222"}, "ingest.bad_code"),
            ({"code": "贵阳"}, "ingest.bad_code"),
            ({"code": "x" * 41}, "config.bad_parameters"),
            ({"code": None}, "config.bad_parameters"),
            ({"code": 17}, "config.bad_parameters"),
            ({"device": "D-1"}, "ingest.bad_device"),
            ({"device": {}}, "config.bad_parameters"),
            ({"key": {}}, "ingest.bad_key"),
            ({"key": {"kty": "EC", "crv": "P-256", "x": [], "y": {}}}, "ingest.bad_key"),
            ({"key": "key"}, "config.bad_parameters"),
            ({"signature": "not base64"}, "ingest.bad_key"),
            ({"signature": "x" * 201}, "config.bad_parameters"),
            ({"label": 3}, "config.bad_parameters"),
        ],
    )
    def test_nonsense_is_named(self, courier, change, code):
        response = post(asking(courier) | change)
        assert (response.status_code, response.json()["code"]) == (422, code)
        assert response.json()["message"]

    @pytest.mark.parametrize("sent", [b"", b"{", b"[]", b'"x"', b"\xff", b"null", b"[" * 100_000])
    def test_unreadable_bodies_are_refused(self, db, sent):
        response = post(sent)
        assert response.status_code in (400, 422)
        assert set(response.json()) == {"code", "message", "details"}

    def test_guessing_is_stopped_by_address(self, courier, monkeypatch):
        monkeypatch.setattr(gate.GUESSER, "burst", 3)
        monkeypatch.setattr(gate.GUESSER, "per_second", 0.01)
        asked = asking(courier)
        answers = [post(asked | {"code": f"2222{n}-22222"}) for n in range(2, 7)]
        assert [each.status_code for each in answers] == [422, 422, 422, 429, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert post(asked).status_code == 429  # also a right code, so that a hit is not told
        elsewhere = Client(REMOTE_ADDR="10.0.0.9")
        assert post(asked, elsewhere).status_code == 200

    def test_other_mistakes_are_no_guesses(self, courier, monkeypatch):
        monkeypatch.setattr(gate.GUESSER, "burst", 1)
        monkeypatch.setattr(gate.GUESSER, "per_second", 0.01)
        asked = asking(courier)
        for _ in range(3):
            assert post(asked | {"signature": "x"}).status_code == 422
        assert post(asked).status_code == 200

    def test_a_suspended_phone_is_told_so_at_the_door(self, courier):
        told = post(asking(courier)).json()
        device = Device.objects.get(identifier=told["device"])
        actions.suspend_device(device=device, ground="核查中", by="test", now=NOW)
        headers = {"authorization": f"Bearer {told['token']}"}
        response = Client().post("/api/v1/envelopes", "[]", content_type="application/json", headers=headers)
        assert response.status_code == 403
        assert response.json()["code"] == "ingest.revoked_token"
        assert response.json()["details"]["standing"] == "suspended"


class TestVersion:
    def test_anyone_may_ask(self, db, monkeypatch):
        assert Client().get("/api/v1/field/version").json() == {"minimum": 1, "current": 1, "message": ""}
        monkeypatch.setattr(versions, "MINIMUM", 2)
        told = Client().get("/api/v1/field/version", headers={"puyou-app": "1"}).json()
        assert told["message"] == versions.UPDATE

    def test_it_asks_the_database_nothing(self, django_assert_num_queries, db):
        with django_assert_num_queries(0):
            Client().get("/api/v1/field/version")
