"""What is written to standard error: JSON lines about routes and statements, and nobody's data."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.db import IntegrityError, connection
from django.http import HttpResponse

from puyou.config import logs
from puyou.core.models import Event

PHONE, IDENTITY, MAIL, TOKEN = (
    "13812345678",
    "520102199001011234",
    "zhang.san@example.cn",
    "puyou_" + "a" * 20,
)
MARKERS = (PHONE, IDENTITY, MAIL, TOKEN, "张三丰")

WRITES = f"""
import django, logging, structlog
django.setup()
from django.db import IntegrityError
try:
    raise IntegrityError('duplicate key value violates unique constraint "c"\\nDETAIL:  Key (name)=(张三丰) exists.')
except IntegrityError:
    structlog.get_logger("puyou.test").exception("job_failed", job="probe", said="call {PHONE} or {MAIL}")
logging.getLogger("some.library").warning("refused %s for %s", "{TOKEN}", "{IDENTITY}")
"""


@pytest.fixture
def lines(caplog, monkeypatch):
    """What the slow log said."""
    said = []
    monkeypatch.setattr(
        logs, "log", type("Log", (), {"warning": lambda self, what, **more: said.append((what, more))})()
    )
    return said


def test_each_line_is_json_and_names_nobody():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "puyou.config.settings", "PUYOU_LOGS": "json"}
    done = subprocess.run(
        [sys.executable, "-c", WRITES], capture_output=True, text=True, env=environment, check=True
    )
    said = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [one["event"] for one in said] == ["job_failed", f"refused {logs.HIDDEN} for {logs.HIDDEN}"]
    assert said[0]["job"] == "probe" and "IntegrityError" in said[0]["exception"]
    assert {"level", "logger", "timestamp"} <= said[0].keys()
    for marker in MARKERS:
        assert marker not in done.stderr


@pytest.mark.parametrize(
    "text", ["x 13812345678.", "520102199001011234", "写给 a.b@c.cn 吧", "Bearer " + TOKEN]
)
def test_what_looks_like_a_person_is_cleared(text):
    assert logs.HIDDEN in logs.cleared(text)


@pytest.mark.parametrize(
    "text", ["took 138123456789 ms", "village 520526101001", "2026-11-27T07:12:00.123456Z"]
)
def test_codes_and_times_stay(text):
    assert logs.cleared(text) == text


@pytest.mark.django_db
class TestSlow:
    def test_a_statement_is_told_without_its_values(self, lines, settings):
        settings.SLOW_QUERY_MS = 0
        list(Event.objects.filter(actor=PHONE, kind__in=["x"]))
        assert [what for what, _ in lines] == ["slow_statement"]
        assert "core_event" in lines[0][1]["sql"] and PHONE not in lines[0][1]["sql"]

    def test_literals_in_a_statement_are_not_told(self, lines, settings):
        settings.SLOW_QUERY_MS = 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{PHONE}'")
        assert lines[0][1]["sql"] == "SELECT '?'"

    def test_a_page_is_told_by_its_route(self, lines, settings, client):
        settings.SLOW_PAGE_MS = 0
        client.get(f"/portal/feedback/{PHONE}/")
        told = [more for what, more in lines if what == "slow_page"]
        assert len(told) == 1 and told[0]["ms"] >= 0

    def test_a_quick_one_is_not(self, lines, client):
        client.get("/healthz")
        assert lines == []

    def test_what_is_said_while_a_page_is_made_names_its_route(self, monkeypatch, client):
        seen = []
        monkeypatch.setattr(
            "puyou.config.vitals._short", lambda *_: seen.append(logs.page()) or HttpResponse()
        )
        client.get("/healthz")
        assert seen == ["GET /healthz"]


def test_addresses_are_left_out_of_the_frameworks_own_lines():
    record = logging.LogRecord("django.request", 30, "f", 1, "Not Found: %s", ("/portal/" + PHONE,), None)
    record.status_code = 404
    assert logs._no_address(record) and record.getMessage() == "answered 404"


def test_an_error_of_the_database_keeps_its_first_line_and_loses_the_row():
    error = IntegrityError(
        f"violates c\nDETAIL:  Key (phone)=({PHONE}) exists.\nCONTEXT:  COPY people, line 3: {PHONE}"
    )
    assert logs.cleared(str(error)).strip() == "violates c"
