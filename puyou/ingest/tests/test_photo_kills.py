"""What was said to be received survives a killed server, and wrong bytes are never complete."""

import hashlib
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
from pathlib import Path

import pytest
from django.db import connection

from puyou.evidence.models import EvidenceFile, EvidenceUpload
from puyou.ingest.tests.conftest import make_phone
from puyou.ingest.tests.test_kills import Door

PART = 64 * 1024
KILLS, PHONES = 4, 3
# Adds the last part in a process of its own, which dies at the named step of storing it.
DIE = """
import os, signal, sys
from puyou.ingest.tests import door
from django.db import connection
from puyou.core import clock
from puyou.evidence import actions, storage
place, owner, sha, start, step = sys.argv[1:]
os.environ["PUYOU_HOME"] = place
def die(*_a, **_k): os.kill(os.getpid(), signal.SIGKILL)
def after(name):
    real = getattr(os, name)
    def run(*a, **k):
        real(*a, **k); die()
    return run
when, name = step.split("-")
if name == "commit":
    connection.ensure_connection(); connection._commit = die
elif when == "before":
    setattr(os, name, die)
else:
    setattr(os, name, after(name))
actions.add_part(sha256=sha, start=int(start), data=sys.stdin.buffer.read(), owner=owner, now=clock.now())
"""


def photo(chance: random.Random) -> tuple[str, bytes]:
    data = chance.randbytes(chance.randrange(3 * PART, 8 * PART))
    return hashlib.sha256(data).hexdigest(), data


class Sender(threading.Thread):
    """A phone that sends photo after photo in parts; after a broken line it asks how far it came."""

    def __init__(self, token: str, port: int, seed: int, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.token, self.port, self.stopping = token, port, stopping
        self.chance = random.Random(seed)
        self.whole: dict[str, bytes] = {}
        self.resumed = self.parts = 0

    def run(self) -> None:
        while not self.stopping.is_set():
            sha, data = photo(self.chance)
            self.deliver(sha, data)
            self.whole[sha] = data

    def deliver(self, sha: str, data: bytes) -> None:
        body = json.dumps({"sha256": sha, "size": len(data), "type": "image/jpeg"}).encode()
        progress = self.until_answered("POST", "/api/v1/photos", body, sha)
        while not progress["complete"]:
            at = progress["received"]
            path = f"/api/v1/photos/{sha}?from={at}"
            progress = self.until_answered("PUT", path, data[at : at + PART], sha)
            assert progress["received"] >= at, "what was acknowledged is gone"
            self.parts += 1

    def until_answered(self, method: str, path: str, body: bytes, sha: str) -> dict:
        told = self.once(method, path, body)
        while told is None:
            time.sleep(0.03)
            self.resumed += 1
            told = self.once("GET", f"/api/v1/photos/{sha}", b"")
            if told is not None and "code" in told:
                assert (told["code"], method) == ("evidence.unknown_file", "POST"), told
                told = self.once(method, path, body)
        return told

    def once(self, method: str, path: str, body: bytes) -> dict | None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.connect()
            line.putrequest(method, path)
            line.putheader("Authorization", f"Bearer {self.token}")
            line.putheader(
                "Content-Type", "application/json" if method == "POST" else "application/octet-stream"
            )
            line.putheader("Content-Length", str(len(body)))
            line.endheaders(body[: len(body) // 2])
            time.sleep(self.chance.uniform(0, 0.01))  # half a part is on the line when the server dies
            line.send(body[len(body) // 2 :])
            answer = line.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return None
        finally:
            line.close()
        if answer.status in (429, 503):
            return None
        assert answer.status in (200, 404), told
        return told


@pytest.fixture
def files(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("DOOR_FILES", str(tmp_path))
    settings.PUYOU_HOME = tmp_path
    return tmp_path / "files"


@pytest.fixture
def door(own_database, files):
    door = Door(own_database)
    door.open()
    yield door
    door.kill()


def test_killing_the_server_during_uploads_loses_nothing_that_was_received(door, files):
    stopping, chance = threading.Event(), random.Random(20261121)
    senders = [Sender(make_phone().text, door.port, seed, stopping) for seed in range(PHONES)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        before, deadline = sum(sender.parts for sender in senders), time.monotonic() + 20
        while sum(sender.parts for sender in senders) < before + 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.05))
        door.kill()
        door.open()
    stopping.set()
    for sender in senders:
        sender.join(30)
        assert not sender.is_alive()
    whole = {sha: data for sender in senders for sha, data in sender.whole.items()}
    assert len(whole) >= KILLS * PHONES and sum(sender.resumed for sender in senders) >= KILLS
    assert {bytes(each.sha256).hex() for each in EvidenceFile.objects.all()} == whole.keys()
    for sha, data in whole.items():
        assert (files / sha[:2] / sha).read_bytes() == data
    assert not EvidenceUpload.objects.exists()
    connection.close()


STEPS = [
    "before-pwrite",
    "after-pwrite",
    "before-fsync",
    "after-fsync",
    "before-replace",
    "after-replace",
    "before-commit",
]


@pytest.mark.parametrize("step", STEPS)
def test_dying_at_any_step_of_the_last_part_is_mended(own_database, files, step):
    phone, (sha, data) = make_phone(), photo(random.Random(step))
    at = len(data) - 1000
    headers = {"authorization": f"Bearer {phone.text}"}
    body = json.dumps({"sha256": sha, "size": len(data), "type": "image/jpeg"})
    phone.client.post("/api/v1/photos", body, content_type="application/json", headers=headers)
    for start in range(0, at, PART):
        put(phone, headers, sha, start, data[start : min(start + PART, at)])
    environment = os.environ | {"DOOR_DATABASE": own_database}
    place, owner = str(files.parent), f"device:{phone.device.pk}"
    died = subprocess.run(
        [sys.executable, "-c", DIE, place, owner, sha, str(at), step],
        input=data[at:], env=environment, check=False, capture_output=True, timeout=60,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-2000:]
    assert not EvidenceFile.objects.exists()
    told = phone.client.get(f"/api/v1/photos/{sha}", headers=headers).json()
    assert not told["complete"]
    answer = put(phone, headers, sha, told["received"], data[told["received"] :][:PART])
    while not answer["complete"]:
        answer = put(phone, headers, sha, answer["received"], data[answer["received"] :][:PART])
    assert (files / sha[:2] / sha).read_bytes() == data
    assert list((files / "parts").iterdir()) == [] and not EvidenceUpload.objects.exists()
    connection.close()


def put(phone, headers, sha, start, part):
    path = f"/api/v1/photos/{sha}?from={start}"
    response = phone.client.put(path, part, content_type="application/octet-stream", headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def test_a_half_sent_part_is_not_kept_and_a_chunked_one_is(door, files):
    phone = make_phone()
    sender = Sender(phone.text, door.port, 1, threading.Event())
    sha, data = photo(random.Random(5))
    body = json.dumps({"sha256": sha, "size": len(data), "type": "image/jpeg"}).encode()
    sender.once("POST", "/api/v1/photos", body)
    head = f"PUT /api/v1/photos/{sha}?from=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {phone.text}\r\n"
    with socket.create_connection(("127.0.0.1", door.port), 60) as line:
        line.sendall(f"{head}Content-Length: {PART}\r\n\r\n".encode() + data[: PART // 2])
    time.sleep(0.3)
    assert sender.once("GET", f"/api/v1/photos/{sha}", b"")["received"] == 0
    with socket.create_connection(("127.0.0.1", door.port), 60) as line:
        line.sendall(f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
        for part in (data[:1000], data[1000:PART], b""):
            line.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200"), answer
    assert sender.once("GET", f"/api/v1/photos/{sha}", b"")["received"] == PART
    sender.deliver(sha, data)
    assert Path(files / sha[:2] / sha).read_bytes() == data
    connection.close()
