"""The door's addresses, and everything wrong that may be sent to them: never a 500, nothing half-written."""

import gzip
import json
from datetime import date
from unittest import mock
from uuid import UUID

import jsonschema
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.accounts.models import Appointment, Grant, Organisation, Post, Role, User
from puyou.core import clock
from puyou.core.models import Event
from puyou.ingest import actions, gate
from puyou.ingest.models import Contact, Envelope, Identity, Pending
from puyou.ingest.problems import UNKNOWN_KIND
from puyou.ingest.tests.conftest import NOW, make_phone, uuid7
from puyou.ingest.tests.test_contracts import SCHEMA
from puyou.places import queries as places

ADDRESS = "/api/v1/envelopes"


@pytest.fixture(autouse=True)
def _now():
    with clock.frozen(NOW):
        yield


def nothing_stored() -> bool:
    tables = (Envelope, Identity, Pending, Contact, Event.objects.filter(kind="batch.accepted"))
    return not any(getattr(table, "objects", table).exists() for table in tables)


class TestReceiving:
    def test_every_item_gets_its_receipt_in_order(self, phone):
        good, bad = phone.envelope(), phone.envelope(counter="x")
        receipts = phone.receipts(good, bad, 17, good, zipped=True)
        assert [r["status"] for r in receipts] == ["accepted", "refused", "refused", "duplicate"]
        assert [r["id"] for r in receipts] == [good["id"], bad["id"], None, good["id"]]
        assert receipts[0]["received_at"] == receipts[3]["received_at"] == "2026-11-20T04:00:00.000000Z"
        assert receipts[1]["message"] == "字段 counter：应为不小于 0 的整数"
        for receipt in receipts:
            jsonschema.validate(receipt, SCHEMA["receipt"])

    def test_the_body_may_be_a_list_or_an_object(self, phone):
        items = [phone.envelope(), phone.envelope()]
        first = phone.send(json.dumps({"envelopes": items}).encode()).json()["receipts"]
        second = phone.send(json.dumps(items).encode()).json()["receipts"]
        assert [r["status"] for r in first + second] == ["accepted"] * 2 + ["duplicate"] * 2

    def test_an_empty_batch_gets_no_receipts(self, phone):
        assert phone.receipts() == []
        assert nothing_stored()

    def test_five_hundred_at_once(self, phone):
        items = [phone.envelope() for _ in range(500)]
        assert {r["status"] for r in phone.receipts(*items, zipped=True)} == {"accepted"}
        assert Envelope.objects.count() == Pending.objects.count() == 500

    def test_the_devices_clock_is_taken_from_the_header(self, phone):
        item = phone.envelope(happened_at="2026-11-20T14:00:00+08:00")
        assert phone.receipts(item)[0]["code"] == "future"
        for nonsense in ("gestern", "2026-13-45T99:00:00Z", "9" * 400, "2026-11-20T14:01:00"):
            assert phone.receipts(item, device_time=nonsense)[0]["code"] == "future"
        assert phone.receipts(item, device_time="2026-11-20T14:01:00+08:00")[0]["status"] == "accepted"
        assert Envelope.objects.get(id=item["id"]).skew_seconds == 7260

    def test_the_queries_do_not_grow_with_the_batch(self, phone):
        counts = []
        phone.post(phone.envelope())
        for size in (1, 100):
            with CaptureQueriesContext(connection) as queries:
                phone.post(*(phone.envelope() for _ in range(size)))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestBadInput:
    @pytest.mark.parametrize(
        ("sent", "headers", "status", "code"),
        [
            (b"", {}, 400, "unreadable"),
            (b"{nonsense", {}, 400, "unreadable"),
            ('[{"village":"贵阳"}]'.encode("gb18030"), {}, 400, "unreadable"),
            (b"[NaN]", {}, 400, "unreadable"),
            (b"[" * 200_000, {}, 400, "unreadable"),
            (b'"text"', {}, 400, "bad_shape"),
            (b'{"items": []}', {}, 400, "bad_shape"),
            (b"[]", {"content_encoding": "gzip"}, 400, "bad_gzip"),
            (gzip.compress(b"[1,2,3]" * 100, mtime=0)[:-3], {"content_encoding": "gzip"}, 400, "bad_gzip"),
            (b"[]", {"content_encoding": "zstd"}, 400, "bad_encoding"),
            (b"[" + b" " * (1024 * 1024), {}, 413, "too_much_sent"),
            (b"x" * (3 * 1024 * 1024), {}, 413, "too_much_sent"),
            (
                gzip.compress(b" " * (9 * 1024 * 1024), mtime=0),
                {"content_encoding": "gzip"},
                413,
                "too_much_inflated",
            ),
            (
                gzip.compress(bytes(60 * 1024 * 1024), mtime=0),
                {"content_encoding": "gzip"},
                413,
                "too_much_inflated",
            ),
            (b"[" + b"1," * 500 + b"1]", {}, 413, "too_many"),
        ],
        ids=lambda value: value if isinstance(value, str | int) else None,
    )
    def test_a_whole_request_may_be_refused(self, phone, sent, headers, status, code):
        response = phone.send(sent, **headers)
        assert (response.status_code, response.json()["code"]) == (status, f"ingest.{code}")
        assert response.json()["message"]
        assert nothing_stored()

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"payload": {"note": "x" * 65_536}}, "too_large"),
            ({"payload": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {}}}}}}}}}, "too_deep"),
            ({"payload": {"a": [[[[[[[1]]]]]]]}}, "too_deep"),
            ({"payload": {"village": "000000000001"}}, "strange"),
            ({"happened_at": "2099-01-01T00:00:00+08:00"}, "future"),
            ({"happened_at": "0001-01-01T00:00:00+14:00"}, "bad_field"),
            ({"happened_at": "9999-12-31T23:59:59-14:00"}, "future"),
            ({"happened_at": "2026-11-20T10:30:00+99:99"}, "bad_field"),
            ({"happened_at": 1_700_000_000}, "bad_field"),
            ({"counter": 2**63}, "bad_number"),
            ({"counter": True}, "bad_field"),
            ({"schema": "1"}, "bad_field"),
            ({"id": "019a9c3e"}, "bad_field"),
            ({"id": None}, "bad_field"),
            ({"payload": None}, "bad_field"),
            ({"proof": "signed"}, "bad_field"),
            ({"device": "D-other"}, "wrong_device"),
            ({"kind": "\x00"}, "unknown_kind"),
            ({"": 1}, "unknown_field"),
            ({"x" * 5000: 1}, "unknown_field"),
            ({"{field}": 1}, "unknown_field"),
        ],
    )
    def test_one_bad_item_harms_no_other(self, phone, change, code):
        good = phone.envelope()
        receipts = phone.receipts(phone.envelope() | change, good)
        assert [r["status"] for r in receipts] == ["refused", "accepted"]
        assert receipts[0]["code"] == code
        assert receipts[0]["message"]
        assert [str(each) for each in Envelope.objects.values_list("id", flat=True)] == [good["id"]]

    def test_a_reset_clock_is_no_ground_for_refusal(self, phone):
        assert (
            phone.receipts(phone.envelope(happened_at="1970-01-01T08:00:00+08:00"))[0]["status"] == "accepted"
        )

    def test_deep_but_readable_nesting_is_the_items_own_fault(self, phone):
        deep = b"[" * 600 + b"]" * 600
        good = json.dumps(phone.envelope()).encode()
        receipts = phone.send(b"[" + deep + b',{"a":' + deep + b"}," + good + b"]").json()["receipts"]
        assert [r.get("code") for r in receipts] == ["not_an_object", "too_deep", None]

    def test_lone_surrogates_and_repeated_keys_are_the_items_own_fault(self, phone):
        good = json.dumps(phone.envelope()).encode()
        twice = json.dumps(phone.envelope()).encode()[:-1] + b',"kind":"probe"}'
        sent = b'[{"id":"\\ud800"},' + twice + b"," + good + b"]"
        receipts = phone.send(sent).json()["receipts"]
        assert [r.get("code") for r in receipts] == ["bad_text", "duplicate_key", None]

    @settings(max_examples=60, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        st.sampled_from([None, "payload", *SCHEMA["envelope"]["properties"]]),
    )
    def test_no_value_anywhere_breaks_the_door(self, value, field):
        phone = make_phone()
        item = value if field is None else phone.envelope() | {field: value}
        response = phone.send(json.dumps([item]).encode())
        assert response.status_code in (200, 400)
        if response.status_code == 200:
            (receipt,) = response.json()["receipts"]
            jsonschema.validate(receipt, SCHEMA["receipt"])

    test_no_value_anywhere_breaks_the_door = pytest.mark.django_db(test_no_value_anywhere_breaks_the_door)

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300), st.sampled_from(["", "gzip"]))
    def test_no_bytes_break_the_door(self, sent, encoding):
        response = make_phone().send(sent, content_encoding=encoding)
        assert response.status_code in (200, 400)

    test_no_bytes_break_the_door = pytest.mark.django_db(test_no_bytes_break_the_door)


class TestWhoMayKnock:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"authorization": "Bearer "},
            {"authorization": "Bearer nobody"},
            {"authorization": "Basic eDp5"},
        ]
        + [{"authorization": "Bearer \udcff\xe9"}, {"authorization": "Bearer " + "x" * 5000}],
    )
    def test_without_a_valid_token_nobody(self, db, headers):
        response = Client(raise_request_exception=False).post(
            ADDRESS, b"[]", content_type="application/json", headers=headers
        )
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.json()["message"]

    def test_a_revoked_token_is_told_so(self, phone):
        actions.revoke_tokens(device=phone.device, by="test", now=NOW)
        response = phone.post(phone.envelope())
        assert (response.status_code, response.json()["code"]) == (403, "ingest.revoked_token")
        assert nothing_stored()

    def test_a_session_is_no_token(self, db, client):
        person = User.objects.create(username="someone", name="某人")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(ADDRESS, b"[]", content_type="application/json").status_code == 401

    def test_a_device_gone_wild_is_slowed_down_and_others_are_not(self, phone, monkeypatch):
        monkeypatch.setattr(gate.DEVICE, "burst", 3)
        monkeypatch.setattr(gate.DEVICE, "per_second", 0.01)
        codes = [phone.post(phone.envelope()).status_code for _ in range(5)]
        assert codes == [200] * 3 + [429] * 2
        response = phone.post(phone.envelope())
        assert 0 < int(response.headers["Retry-After"]) <= 100
        assert Envelope.objects.count() == 3
        assert make_phone().post().status_code == 200

    def test_guessing_is_stopped_by_address_and_spares_known_phones(self, phone, monkeypatch):
        monkeypatch.setattr(gate.ADDRESS, "burst", 2)
        monkeypatch.setattr(gate.ADDRESS, "per_second", 0.01)
        stranger, newcomer = Client(), make_phone()
        assert phone.post().status_code == 200

        def guess() -> int:
            headers = {"authorization": f"Bearer {uuid7()}"}
            return stranger.post(ADDRESS, b"[]", content_type="application/json", headers=headers).status_code

        assert [guess() for _ in range(4)] == [401, 401, 429, 429]
        assert phone.post().status_code == 200
        assert newcomer.post().status_code == 429

    def test_only_posting_is_offered(self, phone):
        assert phone.client.get(ADDRESS).status_code == 405


class TestWhenTheDatabaseIsAway:
    @pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
    @pytest.mark.parametrize("where", ["puyou.ingest.storing.store", "puyou.ingest.tokens.bearer_of"])
    def test_it_asks_to_come_back_and_stores_nothing(self, phone, where, error):
        with mock.patch(where, side_effect=error):
            response = phone.post(phone.envelope())
        assert (response.status_code, response.json()["code"]) == (503, "ingest.busy")
        assert int(response.headers["Retry-After"]) > 0
        assert nothing_stored()

    def test_a_failure_between_the_tables_leaves_nothing(self, phone):
        with mock.patch("puyou.core.events.append_all", side_effect=OperationalError("disk full")):
            assert phone.post(phone.envelope()).status_code == 503
        assert nothing_stored()


class TestState:
    @pytest.fixture
    def item(self, phone):
        item = phone.envelope()
        phone.accept(item)
        return item

    def ask(self, client, identifier, **headers):
        return client.get(f"{ADDRESS}/{identifier}", headers=headers)

    def test_a_device_sees_its_own(self, phone, item):
        response = self.ask(phone.client, item["id"], authorization=f"Bearer {phone.text}")
        assert response.status_code == 200
        assert response.json() | {"id": item["id"], "state": "accepted", "kind": "probe"} == response.json()
        actions.take_pending("probe", 10)
        assert (
            self.ask(phone.client, item["id"], authorization=f"Bearer {phone.text}").json()["state"]
            == "taken"
        )

    def test_a_quarantined_one_says_why(self, phone, item):
        actions.take_pending("probe", 10)
        why = UNKNOWN_KIND(field="kind", kind="probe")
        actions.quarantine(refusals=[(item["id"], why)], by="test", now=NOW)
        told = self.ask(phone.client, item["id"], authorization=f"Bearer {phone.text}").json()
        assert (told["state"], told["code"], told["message"]) == ("quarantined", why.code, why.message)

    def test_another_device_cannot(self, phone, item):
        other = make_phone()
        assert self.ask(other.client, item["id"], authorization=f"Bearer {other.text}").status_code == 404
        assert self.ask(Client(), item["id"]).status_code == 401

    @pytest.mark.parametrize(
        "identifier", ["01a209f6-9d24-7d2d-a1da-724a33418f72", "00000000-0000-0000-0000-000000000000"]
    )
    def test_an_unknown_one_is_not_found(self, phone, identifier):
        response = self.ask(phone.client, identifier, authorization=f"Bearer {phone.text}")
        assert (response.status_code, response.json()["code"]) == (404, "ingest.unknown_envelope")

    def test_nonsense_is_named(self, phone):
        response = self.ask(phone.client, "nonsense", authorization=f"Bearer {phone.text}")
        assert (response.status_code, response.json()["code"]) == (422, "config.bad_parameters")

    def test_an_officer_sees_those_of_couriers_in_scope_and_another_province_cannot(self, phone, item):
        guiyang, zunyi = places.get_place("5201"), places.get_place("5203")
        company = Organisation.objects.create(kind="operator", name="贵阳邮政", place=guiyang)
        phone.courier.organisation = company
        phone.courier.save()
        found = {}
        for name, place in (("city", guiyang), ("other", zunyi)):
            office = Organisation.objects.create(kind="regulator", name=name, place=place)
            post = Post.objects.create(organisation=office, title="处长")
            role = Role.objects.create(code=f"reader-{name}", name="查看", permissions=["see"])
            Grant.objects.create(post=post, role=role, place=place, valid_from=date(2026, 1, 1))
            person = User.objects.create(username=name, name=name)
            Appointment.objects.create(user=person, post=post, valid_from=date(2026, 1, 1))
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            found[name] = self.ask(client, item["id"]).status_code
        assert found == {"city": 200, "other": 404}
        assert UUID(item["id"])
