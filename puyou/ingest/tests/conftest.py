"""A courier with a phone at the door."""

import gzip
import itertools
import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from puyou.core.problems import Problem, declare
from puyou.ingest import actions, gate, tokens, validators
from puyou.registry.models import Courier, Device

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
STRANGE = declare("probe.strange", "字段 village：没有代码为 {village} 的区划")
_serial = itertools.count()


def uuid7() -> str:
    """A fresh UUIDv7 as a phone makes it."""
    value = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10)) & ~(0xF << 76) & ~(0x3 << 62)
    text = f"{value | 0x7 << 76 | 0x2 << 62:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def envelope(device: str, **changes: Any) -> dict[str, Any]:
    """A good envelope of kind probe, with changes."""
    return {
        "schema": 1,
        "id": uuid7(),
        "kind": "probe",
        "happened_at": "2026-11-20T10:30:00+08:00",
        "counter": next(_serial),
        "device": device,
        "source": "app",
        "payload": {
            "village": "520102001001",
            "position": {"lon": 106.7134, "lat": 26.5731, "accuracy_m": 12.5},
        },
    } | changes


def probe(payloads: Sequence[dict[str, Any]]) -> list[Problem | None]:
    """The stand-in for a room that knows villages."""
    strange = STRANGE(field="village", village="000000000001")
    return [strange if each.get("village") == "000000000001" else None for each in payloads]


class Phone:
    """A device with a token, and the test client it posts through."""

    def __init__(self, courier: Courier, device: Device) -> None:
        self.courier, self.device = courier, device
        self.text = actions.issue_token(courier=courier, device=device, by="test", now=NOW)
        self.client = Client(raise_request_exception=False)

    @property
    def bearer(self) -> tokens.Bearer:
        return tokens.bearer_of(self.text)

    def envelope(self, **changes: Any) -> dict[str, Any]:
        return envelope(**{"device": self.device.identifier} | changes)

    def send(self, body: bytes, **headers: str) -> Any:
        names = {"authorization": f"Bearer {self.text}"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        return self.client.post("/api/v1/envelopes", body, content_type="application/json", headers=names)

    def post(self, *items: Any, zipped: bool = False, **headers: str) -> Any:
        body = json.dumps(list(items), ensure_ascii=False).encode()
        return (
            self.send(gzip.compress(body), content_encoding="gzip", **headers)
            if zipped
            else self.send(body, **headers)
        )

    def receipts(self, *items: Any, **headers: str) -> list[dict[str, Any]]:
        response = self.post(*items, **headers)
        assert response.status_code == 200, response.content
        found: list[dict[str, Any]] = response.json()["receipts"]
        return found

    def accept(self, *items: Any, now: datetime = NOW) -> list[Any]:
        raw = [json.dumps(item).encode() for item in items]
        return actions.accept_envelopes(raw_items=raw, token=self.bearer, now=now)


@pytest.fixture(autouse=True)
def _fresh_door():
    """The probe kind is known, and nobody has knocked yet."""
    before = dict(validators._validators)
    validators.register("probe", probe)
    gate.DEVICE._levels.clear()
    gate.ADDRESS._levels.clear()
    gate._lately_valid.clear()
    yield
    validators._validators.clear()
    validators._validators.update(before)


def make_phone() -> Phone:
    mark = uuid4().hex[:8]
    courier = Courier.objects.create(number=f"K{mark}", name="张三", valid_from=date(2026, 1, 1))
    device = Device.objects.create(identifier=f"D{mark}", enrolled_at=NOW)
    return Phone(courier, device)


@pytest.fixture
def phone(db) -> Phone:
    return make_phone()
