"""A site, a worker and a browser, for stories told through real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from puyou.core import work

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@dataclass(frozen=True)
class Site:
    """Where the site answers, and the database it speaks to."""

    address: str
    database: str

    def url(self, path: str) -> str:
        return self.address + path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str:
    """The browser of the machine; tests need it and say so."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium: apt-get install chromium"
    return found


@contextmanager
def served(database: str, **environment: str) -> Iterator[Site]:
    """The site as granian serves it, on a database; the worker runs beside it."""
    port, stopping = free_port(), threading.Event()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "error"]
    server = subprocess.Popen(
        [*command, "tests.browser.site:application"],
        cwd=ROOT,
        env=os.environ | {"BROWSER_DATABASE": database} | environment,
        start_new_session=True,
    )
    worker = threading.Thread(target=_work, args=(stopping,), daemon=True)
    worker.start()
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(lambda: urllib.request.urlopen(f"{address}/login/", timeout=2).status == 200)
        yield Site(address, database)
    finally:
        stopping.set()
        server.terminate()
        server.wait(15)
        worker.join(35)


@pytest.fixture
def site(own_database: str) -> Iterator[Site]:
    """The site on the test's own database."""
    with served(own_database) as running:
        yield running


def _work(stopping: threading.Event) -> None:
    """What the worker does, without its wake-up: every wired job, again and again."""
    while not stopping.wait(0.3):
        work.drain()
    connection.close()


def _wait_for(ready: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, "the site did not come up"
        time.sleep(0.1)


@contextmanager
def driven(*flags: str) -> Iterator[Browser]:
    """A fresh Chromium."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags])
        yield opened
        opened.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A fresh Chromium with a profile of its own."""
    with driven() as opened:
        yield opened


@pytest.fixture
def sign_in(site: Site, browser: Browser) -> Callable[[str, str], Page]:
    """Sign someone in through the form; a context of their own each."""

    def enter(username: str, password: str) -> Page:
        context: BrowserContext = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True
        )
        page = context.new_page()
        page.goto(site.url("/login/"))
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    return enter


@pytest.fixture
def keep_picture() -> Callable[[Page, str], Path]:
    """Keep what the page looks like, for people to look at."""

    def keep(page: Page, name: str) -> Path:
        folder = Path(settings.PUYOU_HOME) / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return keep
