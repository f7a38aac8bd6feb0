"""A photo's way: sent in parts to the real server, examined by the worker, looked at by an officer in a browser."""

import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from puyou.accounts.tests.offices import PASSWORD, officer
from puyou.core import clock
from puyou.core.models import Event
from puyou.evidence import actions, links, storage
from puyou.evidence.models import EvidenceFile
from puyou.evidence.tests import scenes
from puyou.evidence.tests.conftest import Made
from puyou.ingest.tests.conftest import make_phone
from puyou.places.queries import get_place

pytestmark = pytest.mark.browser


def ask(site, phone, method, path, body=None, kind="application/json"):
    headers = {"Authorization": f"Bearer {phone.text}", "Content-Type": kind}
    request = urllib.request.Request(site.url(path), body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def send(site, phone, made):
    body = json.dumps({"sha256": made.sha256, "size": len(made.data), "type": made.type}).encode()
    told = ask(site, phone, "POST", "/api/v1/photos", body)
    while not told["complete"]:
        part = made.data[told["received"] : told["received"] + 65536]
        path = f"/api/v1/photos/{made.sha256}?from={told['received']}"
        told = ask(site, phone, "PUT", path, part, "application/octet-stream")
    mention = actions.Mention(made.sha256, "visit:browser", f"device:{phone.device.pk}", "place", clock.now())
    actions.mention_files(mentions=[mention], now=clock.now())


@pytest.fixture
def sent(site):
    """(photo, link) of a photo that a phone sent and the worker examined; all before the browser opens."""
    person, phone = officer("looker", "provincial_regulator", get_place("52")), make_phone()
    made = Made(scenes.jpeg(scenes.scene(time.time_ns() % 2**32, (1600, 1200)), 85))
    send(site, phone, made)
    deadline = time.monotonic() + 60
    while not EvidenceFile.objects.filter(examined_at__isnull=False).exists():
        assert time.monotonic() < deadline, "the worker did not examine it"
        time.sleep(0.2)
    yield made, site.url(links.sign(made.sha256, person, clock.now(), purpose="visit:browser"))
    storage.forget(made.sha256)


def looks_at(made):
    """Asked from a thread of its own: the browser's loop runs in this one."""

    def ask_log():
        found = Event.objects.filter(kind="file.viewed", subject=f"file:{made.sha256}")
        said = [look.data["view"] for look in found]
        connection.close()
        return said

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask_log).result()


def test_an_officer_looks_at_a_photo_that_a_phone_sent(sent, sign_in, keep_picture):
    made, link = sent
    page, faults = sign_in("looker", PASSWORD), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    for width, height in ((1440, 900), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(link)
        page.wait_for_function("document.querySelector('main img').complete")
        assert page.locator("main img").evaluate("image => image.naturalWidth") == 1600
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        keep_picture(page, f"evidence-{width}")
    assert faults == []
    assert looks_at(made) == ["whole", "whole"]
