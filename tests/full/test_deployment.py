"""The site on Debian's PostgreSQL behind Debian's nginx, from the units and examples under deploy/."""

import gzip
import json
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.full.deployment import DEPLOY, TRUST, Deployment, deployed
from tests.journeys.homes import DRAIN, ENVELOPES, VILLAGES, acknowledged, visit

SENDERS, RELOADS = 4, 2
DJANGO = "import django; django.setup()\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = Path("/var/tmp") / tmp_path_factory.mktemp("deployed").name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        with deployed(folder) as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def phone(site: Deployment) -> tuple[str, list[str]]:
    """A token and villages to deliver to."""
    words = ("issue_token", "--courier", "K1", "--device", "D1", "--json")
    token = json.loads(site.run(sys.executable, "-m", "puyou.config.cli", *words))["token"]
    return token, json.loads(site.run(sys.executable, "-c", DJANGO + VILLAGES))


def post(site: Deployment, token: str, body: bytes, **headers: str) -> tuple[int, Any]:
    """A batch through nginx; whatever goes wrong on the way is its own status."""
    said = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | headers
    request = urllib.request.Request(f"{site.address}/api/v1/envelopes", body, said)
    try:
        with urllib.request.urlopen(request, context=TRUST, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return 0, str(error)


def test_it_runs_on_the_packaged_database(site: Deployment) -> None:
    said = "from django.db import connection as c\nprint(c.pg_version // 10000, c.settings_dict['HOST'])"
    version, host = site.run(
        sys.executable, "-c", f"{DJANGO}c=None\n{said}\n".replace("c=None\n", "")
    ).split()
    assert int(version) >= 15 and host == "127.0.0.1"


def test_the_door_speaks_https_only_and_says_so(site: Deployment) -> None:
    headers = site.ask("/login/").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Secure" in headers["Set-Cookie"] and "nginx/" not in headers["Server"]
    moved = urllib.request.Request(f"http://localhost:{site.plain}/login/")
    with pytest.raises(urllib.error.URLError):  # led to https at the usual port, where nothing listens here
        urllib.request.urlopen(moved, timeout=5)


def test_pages_are_packed_and_assets_kept(site: Deployment) -> None:
    page = site.ask("/login/", **{"Accept-Encoding": "gzip"})
    text = gzip.decompress(page.read()).decode()
    assert page.headers["Content-Encoding"] == "gzip" and "登录" in text
    assets = [part.split('"')[0] for part in text.split('href="')[1:] if part.startswith("/static/")]
    assert assets
    assert any("immutable" in site.ask(one).headers.get("Cache-Control", "") for one in assets)


def test_metrics_are_for_machines_beside_it(site: Deployment) -> None:
    token = site.surroundings()["PUYOU_METRICS_TOKEN"]
    told = site.ask("/system/metrics", Authorization=f"Bearer {token}").read().decode()
    assert "puyou_" in told


def test_callers_are_told_apart_behind_the_proxy(site: Deployment) -> None:
    """Wrong passwords lock a name from one address; asking with another address in one's own words changes nothing."""
    wrong = urllib.parse.urlencode({"username": "nobody.here", "password": "wrong"}).encode()

    def tried(said: str) -> int:
        page = site.ask("/login/")
        cookie = page.headers["Set-Cookie"].split(";")[0]
        token = page.read().decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        headers = {"X-Forwarded-For": said, "Cookie": cookie, "Referer": f"{site.address}/login/"}
        body = wrong + f"&csrfmiddlewaretoken={token}".encode()
        request = urllib.request.Request(f"{site.address}/login/", body, headers)
        try:
            return int(urllib.request.urlopen(request, context=TRUST, timeout=20).status)
        except urllib.error.HTTPError as error:
            return error.code

    assert [tried(f"203.0.113.{number}") for number in range(6)][-1] == 429
    said = (
        "from axes.models import AccessAttempt as A\nprint(*A.objects.values_list('ip_address', flat=True))"
    )
    assert site.run(sys.executable, "-c", DJANGO + said).split() == ["127.0.0.1"]


class Senders:
    """Threads that send all the time, and remember every answer."""

    def __init__(self, site: Deployment, token: str, villages: list[str]) -> None:
        self.site, self.token, self.villages = site, token, villages
        self.kept: list[str] = []
        self.amiss: list[Any] = []
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def _send(self, number: int) -> None:
        counter = 0
        while not self.ending.is_set():
            counter += 1
            village = self.villages[counter % len(self.villages)]
            body = json.dumps([visit(village, "D1", counter * SENDERS + number)]).encode()
            status, answer = post(self.site, self.token, gzip.compress(body), **{"Content-Encoding": "gzip"})
            if status == 200:
                self.kept += acknowledged(answer)
            else:
                self.amiss.append((status, answer))
            time.sleep(0.02)

    def end(self) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(30)


def test_new_workers_take_over_without_a_request_lost(site: Deployment, phone: tuple[str, list[str]]) -> None:
    """`systemctl reload puyou-web` thrice while phones send: every request is answered, each envelope is there once."""
    assert site.web is not None
    senders = Senders(site, *phone)
    seen = []
    try:
        for _ in range(RELOADS):
            before = len(senders.kept)
            old = _workers(site)
            site.reload()
            _until(lambda old=old: not (_workers(site) & old) and _workers(site))
            _until(lambda before=before: len(senders.kept) > before + 20)
            seen.append(old)
    finally:
        senders.end()
    assert senders.amiss == []
    assert len({number for group in seen for number in group}) >= 2 * RELOADS  # each time others
    site.run(sys.executable, "-c", DRAIN)
    identities, envelopes, visits = json.loads(site.run(sys.executable, "-c", DJANGO + ENVELOPES))
    assert sorted(senders.kept) == identities == envelopes
    assert visits == len(senders.kept)


def _workers(site: Deployment) -> set[int]:
    assert site.web is not None
    told = subprocess.run(["pgrep", "-P", str(site.web.pid)], capture_output=True, text=True, check=False)
    return {int(one) for one in told.stdout.split()}


def _until(ready: Any) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("name", ["puyou-web", "puyou-worker"])
def test_the_units_are_sound(site: Deployment, name: str, tmp_path: Path) -> None:
    """What systemd says of them, with this machine's programs in place of /opt/puyou."""
    text = (DEPLOY / "systemd" / f"{name}.service").read_text()
    for word in ("NoNewPrivileges=yes", "ProtectSystem=strict", "User=puyou", "Restart=always", "MemoryMax="):
        assert word in text
    (tmp_path / f"{name}.service").write_text(
        text.replace("/opt/puyou/.venv/bin", str(Path(sys.executable).parent))
    )
    verify = ["systemd-analyze", "verify", "--man=no", tmp_path / f"{name}.service"]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert f"{name}.service:" not in done.stderr.replace("postgresql.service", ""), done.stderr
