"""Rounds begun and ended, and consent: refused at the door when wrong, kept once when right."""

import json
import uuid
from datetime import date

import pytest
from django.test import Client

from puyou.core.models import Event
from puyou.fieldwork import actions, consent_texts, validators
from puyou.fieldwork.models import Consent, RoundMark
from puyou.fieldwork.tests.cast import NOW, phone_of
from puyou.ingest.models import Pending, Quarantine

pytestmark = pytest.mark.django_db
WRONG_MARKS = [
    ({}, "event"),
    ({"event": "pause", "day": "2026-11-20"}, "event"),
    ({"event": "start", "day": "20.11.2026"}, "day"),
    ({"event": "start", "day": 5}, "day"),
    ({"event": "start", "day": "2026-02-30"}, "day"),
    ({"event": "start", "day": "2026-11-20", "mood": "good"}, "mood"),
]
WRONG_CONSENTS = [
    ({"version": "2026-11"}, "agreed"),
    ({"version": "2026-11", "agreed": "yes"}, "agreed"),
    ({"version": "1999-01", "agreed": True}, "version"),
    ({"version": ["2026-11"], "agreed": True}, "version"),
]


@pytest.mark.parametrize(("payload", "field"), WRONG_MARKS)
def test_a_wrong_mark_is_refused_with_its_field(payload, field):
    assert validators.check_round_marks([payload])[0].details["field"] == field


@pytest.mark.parametrize(("payload", "field"), WRONG_CONSENTS)
def test_a_wrong_consent_is_refused_with_its_field(payload, field):
    assert validators.check_consents([payload])[0].details["field"] == field


def send(token, device, kind, *payloads):
    envelopes = [
        {
            "schema": 1,
            "id": str(_seventh(at)),
            "kind": kind,
            "happened_at": f"2026-11-20T08:0{at}:00+08:00",
            "counter": at + 1,
            "device": device,
            "source": "app",
            "payload": payload,
        }
        for at, payload in enumerate(payloads)
    ]
    answer = Client().post(
        "/api/v1/envelopes",
        json.dumps(envelopes),
        "application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["receipts"]


def _seventh(at):
    """A UUIDv7 of the frozen moment."""
    text = f"{int(NOW.timestamp() * 1000) + at:012x}7" + uuid.uuid4().hex[13:]
    return uuid.UUID(text[:16] + "8" + text[17:])


def test_a_round_is_begun_and_ended_once_whatever_is_repeated(network):
    token = phone_of(network)
    receipts = send(
        token, network.device.identifier, "round_mark",
        {"event": "start", "day": "2026-11-20"}, {"event": "end", "day": "2026-11-20"},
    )  # fmt: skip
    assert [receipt["status"] for receipt in receipts] == ["accepted", "accepted"]
    assert actions.take_in_marks(limit=10, now=NOW) == 2
    assert actions.take_in_marks(limit=10, now=NOW) == 0
    marks = RoundMark.objects.order_by("happened_at")
    assert [(mark.kind, mark.courier, mark.device, mark.day) for mark in marks] == [
        (kind, network.courier, network.device, date(2026, 11, 20)) for kind in ("start", "end")
    ]
    assert Event.objects.filter(kind="rounds.marked").count() == 1


def test_consent_is_kept_with_its_version(network):
    version = consent_texts.current(NOW.date()).version
    send(phone_of(network), network.device.identifier, "consent", {"version": version, "agreed": False})
    actions.take_in_consents(limit=10, now=NOW)
    row = Consent.objects.get()
    assert (row.version, row.agreed, row.courier) == (version, False, network.courier)


def test_a_wrong_one_is_refused_at_the_door_and_nothing_waits(network):
    receipts = send(phone_of(network), network.device.identifier, "round_mark", {"event": "start"})
    assert receipts[0]["status"] == "refused" and "day" in receipts[0]["message"]
    assert not Pending.objects.exists() and not Quarantine.objects.exists()


def test_the_text_says_its_grounds_and_what_is_not_verified():
    for one in consent_texts.VERSIONS:
        assert "个人信息保护法" in one.text and "未经核实" in one.text
    assert consent_texts.current(date(2020, 1, 1)) == consent_texts.VERSIONS[0]
