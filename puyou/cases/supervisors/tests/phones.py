"""A supervisor's phone for tests: enrols by a code, signs and sends envelopes as the app does."""

import json
import secrets
from datetime import datetime
from typing import Any

from django.test import Client

from puyou.cases.supervisors import actions
from puyou.cases.supervisors.models import Supervisor
from puyou.cases.supervisors.tests.cast import NOW, World
from puyou.ingest.tests.signing import Signer, written

API = "/api/v1/supervisor"


def uuid7() -> str:
    """An id as the app makes them."""
    text = f"{int(NOW.timestamp() * 1000):012x}7{secrets.token_hex(2)[:3]}9{secrets.token_hex(8)[:15]}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Phone:
    """One phone with its key."""

    def __init__(self) -> None:
        self.client, self.signer = Client(), Signer()
        self.device = "P-" + secrets.token_urlsafe(16)[:22].ljust(22, "A")
        self.token = self.nonce = ""

    def enrol(self, code: str, **changes: Any) -> Any:
        """Answer a code."""
        asked = {
            "code": code, "device": self.device, "key": self.signer.jwk, "label": "测试机", "phone": "",
            "signature": self.signer.sign(f"enrol:{code}:{self.device}".encode()),
        }  # fmt: skip
        answer = self.client.post(f"{API}/enrolments", asked | changes, "application/json")
        if answer.status_code == 200:
            self.token, self.nonce = answer.json()["token"], answer.json()["nonce"]
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"{API}/{path}", headers={"authorization": f"Bearer {self.token}"} | headers)

    def envelope(self, kind: str, payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A signed envelope."""
        plain = {
            "schema": 1, "id": uuid7(), "kind": kind, "happened_at": NOW.isoformat(), "device": self.device,
            "source": "app", "payload": payload,
        } | {name: _plain(value) for name, value in changes.items()}  # fmt: skip
        return self.signer.prove(plain, self.nonce)

    def post(self, *envelopes: dict[str, Any]) -> Any:
        body = written({"envelopes": list(envelopes)})
        return self.client.post(
            f"{API}/envelopes", body, "application/json", headers={"authorization": f"Bearer {self.token}"}
        )

    def send(self, *envelopes: dict[str, Any]) -> list[dict[str, Any]]:
        """Post; the receipts."""
        answer = self.post(*envelopes)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)["receipts"]  # type: ignore[no-any-return]

    def say(self, kind: str, payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """One envelope, and its receipt."""
        return self.send(self.envelope(kind, payload, **changes))[0]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def enrolled(world: World, supervisor: Supervisor) -> Phone:
    """A phone that came by a fresh link."""
    phone = Phone()
    assert phone.enrol(code_of(world, supervisor)).status_code == 200
    return phone


def code_of(world: World, supervisor: Supervisor) -> str:
    """A fresh link's code."""
    return actions.issue_link(supervisor=supervisor, scope=world.scope(), by="user:1", now=NOW)
