"""An acknowledged envelope survives whatever dies: the web server is killed while phones are posting."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from puyou.core.models import Event
from puyou.ingest.models import Envelope, Identity, Pending
from puyou.ingest.tests.conftest import Phone, make_phone

KILLS, PHONES, BATCH = 3, 4, 20


class Door:
    """A web server in processes of its own, that can be killed without mercy."""

    def __init__(self, database: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = os.environ | {"DOOR_DATABASE": database}
        self.process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(self.port),
            "--workers",
            "1",
        ]
        command += [
            "--blocking-threads",
            "4",
            "--no-ws",
            "--log-level",
            "error",
            "puyou.ingest.tests.door:application",
        ]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Sender(threading.Thread):
    """A phone that keeps every envelope until it has a receipt, and sends again what it has no answer for."""

    def __init__(self, phone: Phone, port: int, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.phone, self.port, self.stopping = phone, port, stopping
        self.told: dict[str, str] = {}
        self.repeated = 0
        self.token = phone.text

    def run(self) -> None:
        while not self.stopping.is_set():
            self.deliver([self.phone.envelope() for _ in range(BATCH)])

    def deliver(self, items: list[dict]) -> None:
        body = json.dumps(items).encode()
        while True:
            try:
                receipts = self.post(body)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            for receipt in receipts:
                assert receipt["status"] in ("accepted", "duplicate"), receipt
                self.repeated += receipt["status"] == "duplicate"
                self.told[receipt["id"]] = receipt["received_at"]
            return

    def post(self, body: bytes) -> list[dict]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("POST", "/api/v1/envelopes", body, {"Authorization": f"Bearer {self.token}"})
            answer = line.getresponse()
            told = answer.read()
        finally:
            line.close()
        if answer.status in (429, 503):
            raise OSError(answer.status)
        assert answer.status == 200, told
        return json.loads(told)["receipts"]


@pytest.fixture
def door(own_database):
    door = Door(own_database)
    door.open()
    yield door
    door.kill()


def test_killing_the_server_loses_and_doubles_nothing_that_was_acknowledged(door):
    chance, stopping = random.Random(20261120), threading.Event()
    senders = [Sender(make_phone(), door.port, stopping) for _ in range(PHONES)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        before = sum(len(sender.told) for sender in senders)
        deadline = time.monotonic() + 20
        while (
            sum(len(sender.told) for sender in senders) < before + 5 * BATCH and time.monotonic() < deadline
        ):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.1))
        door.kill()
        door.open()
    stopping.set()
    for sender in senders:
        sender.join(30)
        assert not sender.is_alive()
    told = {identifier: at for sender in senders for identifier, at in sender.told.items()}
    assert len(told) >= KILLS * 5 * BATCH
    kept = {str(each.id): each for each in Envelope.objects.all()}
    assert kept.keys() == told.keys()
    assert Envelope.objects.count() == Identity.objects.count() == Pending.objects.count() == len(told)
    for identifier, at in told.items():
        assert kept[identifier].received_at.isoformat(timespec="microseconds").replace("+00:00", "Z") == at
    events = Event.objects.filter(kind="batch.accepted")
    assert sum(event.data["count"] for event in events) == len(told)
    connection.close()


def test_a_half_sent_request_stores_nothing_and_a_chunked_one_is_read(door):
    phone = make_phone()
    sender = Sender(phone, door.port, threading.Event())
    item = phone.envelope()
    body = json.dumps([item]).encode()
    head = f"POST /api/v1/envelopes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {phone.text}\r\n"
    with socket.create_connection(("127.0.0.1", door.port), 60) as line:
        line.sendall(f"{head}Content-Length: {len(body) + 100}\r\n\r\n".encode() + body)
    assert sender.post(json.dumps([phone.envelope()]).encode())[0]["status"] == "accepted"
    assert Envelope.objects.count() == 1
    with socket.create_connection(("127.0.0.1", door.port), 60) as line:
        line.sendall(f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
        for part in (body[:40], body[40:], b""):
            line.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert Envelope.objects.filter(id=item["id"]).exists()
    connection.close()
