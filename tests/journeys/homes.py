"""Homes of their own for tests that break, move or restore a whole system: commands, questions, phones."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PUYOU = [sys.executable, "-m", "puyou.config.cli"]
PRELUDE = "import django; django.setup()\nfrom puyou.config import embedded; embedded.ensure()\n"
SETUP = """
from puyou.config import reference
from puyou.core import clock
reference.load(by="system:tests", now=clock.now(), provinces=["52"])
"""
VILLAGES = """
import json
from puyou.places.models import Place
found = Place.objects.filter(level=5, path__startswith=Place.objects.get(code="520526000000").path)
print(json.dumps(list(found.order_by("code").values_list("code", flat=True)[:20])))
"""
DRAIN = (
    "import django; django.setup()\nfrom puyou.core import sealing, work; work.drain([sealing.seal_pending])"
)
ENVELOPES = """
import json
from puyou.ingest.models import Envelope, Identity
from puyou.visits.models import Visit
print(json.dumps([sorted(str(one) for one in model.objects.values_list("pk", flat=True))
                  for model in (Identity, Envelope)] + [Visit.objects.count()]))
"""
POST = """
import sys
from django.test import Client
answer = Client(SERVER_NAME="localhost").generic("POST", "/api/v1/envelopes", sys.stdin.read(), "application/json",
    headers={"authorization": "Bearer " + sys.argv[1]})
assert answer.status_code == 200, answer.content
print(answer.content.decode())
"""


@dataclass
class Home:
    """A folder with a system in it, spoken to by processes of their own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def surroundings(self) -> dict[str, str]:
        own = {"PUYOU_HOME": str(self.folder), "DJANGO_SETTINGS_MODULE": "puyou.config.settings"}
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return inherited | own | {"PYTHONPATH": str(ROOT)} | self.environment

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command of the product, with what it said."""
        return subprocess.run(
            [*PUYOU, *words],
            env=self.surroundings() | environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )

    def told(self, *words: str, **environment: str) -> dict[str, Any]:
        """What a command prints with --json; it must end well."""
        done = self.run(*words, "--json", **environment)
        assert done.returncode == 0, (
            f"{words}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        )
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    def ask(self, program: str, *words: str, said: str = "") -> str:
        """What a small program prints that runs in this home; its server is made sure of."""
        done = subprocess.run(
            [sys.executable, "-c", PRELUDE + program, *words],
            env=self.surroundings(),
            input=said,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def settle(self) -> None:
        """What the worker would do, until nothing waits."""
        self.ask(DRAIN)

    def envelopes(self) -> tuple[list[str], list[str], int]:
        """Ids in the identity table, ids in the envelope table, and how many visits there are."""
        identities, envelopes, visits = json.loads(self.ask(ENVELOPES))
        return identities, envelopes, visits

    def send(self, token: str, envelopes: list[dict[str, Any]]) -> list[str]:
        """Post a batch through the front door and do what the worker would; ids that were acknowledged."""
        answer = json.loads(self.ask(POST + DRAIN, token, said=json.dumps(envelopes)))
        return acknowledged(answer)


def acknowledged(answer: dict[str, Any]) -> list[str]:
    """Ids with a receipt that promises them."""
    return [one["id"] for one in answer["receipts"] if one["status"] in ("accepted", "duplicate")]


@contextmanager
def home(under: str = "/var/tmp", **environment: str) -> Iterator[Home]:
    """A fresh home with one province; stopped and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="puyou-home-", dir=under) as name:
        os.chmod(name, 0o755)
        made = Home(Path(name) / "home", environment)
        try:
            assert made.run("stop").returncode == 0
            subprocess.run([*PUYOU, "migrate", "-v0"], env=made.surroundings(), check=True, cwd=ROOT)
            made.ask(SETUP)
            yield made
        finally:
            made.run("stop")


def visit(village: str, device: str, counter: int) -> dict[str, Any]:
    """A visit as a phone sends it, now."""
    value = (
        int(time.time() * 1000) << 80 | 0x7 << 76 | (uuid.uuid4().int & 0x0FFF3FFFFFFFFFFFFFFF) | 0x2 << 62
    )
    return {
        "schema": 1,
        "id": str(uuid.UUID(int=value)),
        "kind": "visit",
        "happened_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "counter": counter,
        "device": device,
        "source": "app",
        "payload": {"village": village, "handed": {"letters": 1}},
    }


def post(port: int, token: str, envelopes: list[dict[str, Any]], seconds: float = 10) -> tuple[int, Any, Any]:
    """Post to a served site: status (0 when nobody answered), the answer, its headers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/envelopes",
        json.dumps(envelopes).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, json.load(answer), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null"), error.headers
    except (OSError, ValueError):
        return 0, None, {}
