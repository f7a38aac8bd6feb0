"""The door for photos: what the contract says is what it does, for whom, and what it never does."""

import hashlib
import json
import random
from pathlib import Path

import jsonschema
import pytest
from django.test import Client

from puyou.evidence.models import EvidenceFile
from puyou.evidence.rules import LIMITS, MIB, PART_LIMIT
from puyou.ingest import tokens
from puyou.ingest.tests.conftest import NOW, make_phone

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
SCHEMA = json.loads((CONTRACTS / "photo.v1.schema.json").read_text())
DATA = random.Random(3).randbytes(PART_LIMIT + 5000)
SHA = hashlib.sha256(DATA).hexdigest()
GOOD = {"sha256": SHA, "size": len(DATA), "type": "image/jpeg"}
ANNOUNCEMENT = jsonschema.Draft202012Validator(SCHEMA)
DIALOGUES = {
    path.stem: json.loads(path.read_text()) for path in sorted((CONTRACTS / "golden/photos").glob("*.json"))
}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.PUYOU_HOME = tmp_path
    return tmp_path


class Sender:
    """A phone at the photos' door."""

    def __init__(self, phone):
        self.client, self.headers = phone.client, {"authorization": f"Bearer {phone.text}"}

    def announce(self, **changes):
        body = json.dumps(GOOD | changes)
        return self.client.post("/api/v1/photos", body, content_type="application/json", headers=self.headers)

    def put(self, start, data, sha=SHA):
        address = f"/api/v1/photos/{sha}?from={start}"
        return self.client.put(address, data, content_type="application/octet-stream", headers=self.headers)

    def ask(self, sha=SHA):
        return self.client.get(f"/api/v1/photos/{sha}", headers=self.headers)


@pytest.fixture
def sender(phone):
    return Sender(phone)


def told(response, status=200):
    assert response.status_code == status, response.content
    answer = response.json()
    if status == 200:
        jsonschema.validate(answer, SCHEMA["$defs"]["progress"])
    return answer


def test_a_photo_comes_in_parts(sender, phone):
    assert told(sender.announce()) == {"sha256": SHA, "received": 0, "complete": False}
    assert told(sender.put(0, DATA[:PART_LIMIT])) == {
        "sha256": SHA,
        "received": PART_LIMIT,
        "complete": False,
    }
    again = told(sender.put(0, DATA[:PART_LIMIT]), 409)
    jsonschema.validate(again, SCHEMA["$defs"]["out_of_step"])
    assert again["details"]["received"] == PART_LIMIT
    assert told(sender.ask())["received"] == PART_LIMIT
    whole = {"sha256": SHA, "received": len(DATA), "complete": True}
    assert told(sender.put(PART_LIMIT, DATA[PART_LIMIT:])) == whole
    assert told(sender.ask()) == whole == told(sender.announce())
    assert EvidenceFile.objects.get().owner == f"device:{phone.device.pk}"


def test_what_a_hash_does_not_name_is_never_complete(sender):
    sender.announce()
    sender.put(0, DATA[:PART_LIMIT])
    assert told(sender.put(PART_LIMIT, bytes(5000)), 422)["code"] == "evidence.wrong_hash"
    assert told(sender.ask()) == {"sha256": SHA, "received": 0, "complete": False}


def test_another_phones_unfinished_file_is_nobodys_business(sender, db):
    sender.announce()
    sender.put(0, DATA[:PART_LIMIT])
    other = Sender(make_phone())
    assert told(other.ask(), 404)["code"] == "evidence.unknown_file"
    assert told(other.put(PART_LIMIT, DATA[PART_LIMIT:]), 404)["code"] == "evidence.unknown_file"
    assert told(other.announce())["received"] == 0
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize("ask", ["announce", "put", "ask"])
def test_no_token_and_an_ended_token(phone, ask):
    sender = Sender(phone)
    calls = {"announce": sender.announce, "put": lambda: sender.put(0, b"x"), "ask": sender.ask}
    sender.headers = {}
    assert calls[ask]().status_code == 401
    sender.headers = {"authorization": "Bearer wrong"}
    assert calls[ask]().status_code == 401
    tokens.revoke_tokens(device=phone.device, by="test", now=NOW)
    sender.headers = {"authorization": f"Bearer {phone.text}"}
    assert told(calls[ask](), 403)["code"] == "ingest.revoked_token"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "config.bad_parameters"),
        (b"{", "config.refused"),
        (b"[]", "config.bad_parameters"),
        (b"{}", "config.bad_parameters"),
        (json.dumps(GOOD | {"size": "many"}).encode(), "config.bad_parameters"),
        (json.dumps(GOOD | {"size": 1.5}).encode(), "config.bad_parameters"),
        (json.dumps(GOOD | {"type": None}).encode(), "config.bad_parameters"),
        (json.dumps(GOOD | {"size": 10**30}).encode(), "evidence.bad_size"),
    ],
)
def test_nonsense_is_named(sender, body, code):
    response = sender.client.post(
        "/api/v1/photos", body, content_type="application/json", headers=sender.headers
    )
    assert response.status_code in (400, 422)
    assert response.json()["code"] == code
    assert response.json()["message"]


@pytest.mark.parametrize("start", ["", "-1", "x", "1.5", "99999999999999999999999"])
def test_a_start_that_is_no_number(sender, start):
    sender.announce()
    assert sender.put(start, b"x").status_code in (409, 422)


def test_a_part_too_large_is_refused_before_it_is_kept(sender):
    sender.announce()
    assert told(sender.put(0, DATA[: PART_LIMIT + 1]), 413)["code"] == "evidence.part_too_large"
    huge = Client(raise_request_exception=False)
    response = huge.put(
        f"/api/v1/photos/{SHA}?from=0", b"", headers=sender.headers, CONTENT_LENGTH=str(1 << 40)
    )
    assert response.status_code == 413
    assert told(sender.ask())["received"] == 0


def test_a_full_disk_says_when_to_come_again(sender, monkeypatch):
    sender.announce()
    monkeypatch.setattr("puyou.evidence.storage.KEEP_FREE", 1 << 60)
    response = sender.put(0, DATA[:PART_LIMIT])
    assert told(response, 503)["code"] == "evidence.no_room"
    assert int(response.headers["Retry-After"]) >= 60


@pytest.mark.parametrize("type", [*LIMITS, "image/png", "text/html"])
@pytest.mark.parametrize("size", [0, 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 1])
@pytest.mark.parametrize("sha256", [SHA, SHA.upper(), "ab"])
def test_code_and_schema_agree_about_announcements(sender, type, size, sha256):
    said = {"sha256": sha256, "size": size, "type": type}
    assert (sender.announce(**said).status_code == 200) is ANNOUNCEMENT.is_valid(GOOD | said)


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def subset(expected, found):
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(subset(v, found.get(k)) for k, v in expected.items())
    return expected == found


@pytest.mark.parametrize("name", DIALOGUES)
def test_each_golden_dialogue(sender, name):
    """``send`` is text whose UTF-8 bytes are the part; the answer holds at least what is written."""
    for step in DIALOGUES[name]["steps"]:
        method, path = step["request"].split(" ")
        if "json" in step:
            sent = {"data": json.dumps(step["json"]), "content_type": "application/json"}
        else:
            sent = {"data": step.get("send", "").encode(), "content_type": "application/octet-stream"}
        call = getattr(sender.client, method.lower())
        response = call(path, headers=sender.headers, **(sent if method != "GET" else {}))
        assert response.status_code == step["status"], (step, response.content)
        assert subset(step["answer"], response.json()), (step, response.json())


def test_there_are_dialogues():
    assert len(DIALOGUES) >= 4
