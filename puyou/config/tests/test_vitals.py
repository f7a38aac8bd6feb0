import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client

from puyou.accounts.tests.offices import officer
from puyou.config import measures
from puyou.config.backups import settings as backups
from puyou.core import clock
from puyou.ingest.models import Pending
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db
TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "_path", lambda: tmp_path / "backup.json")


def _signed_in(role: str, place: str = "52") -> Client:
    client, user = Client(), officer(f"look.{uuid4().hex[:6]}", role, get_place(place))
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def _value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not told"
    return float(found[1])


def test_it_is_alive_without_a_database_and_ready_only_with_one(monkeypatch):
    assert Client().get("/readyz").content == b"ok\n"

    def away(*words):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert answer.status_code == 503 and answer.headers["Retry-After"]


class TestMetrics:
    def test_they_are_for_the_token_and_for_whoever_may_see_the_system(self, settings):
        assert Client().get("/system/metrics").status_code == 302
        settings.METRICS_TOKEN = TOKEN
        for said in ("", "Bearer ", "Bearer wrong", TOKEN):
            assert Client().get("/system/metrics", headers={"authorization": said}).status_code == 302
        assert (
            Client().get("/system/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
        )
        assert _signed_in("system_administrator").get("/system/metrics").status_code == 200
        assert _signed_in("courier", "520526").get("/system/metrics").status_code == 403

    def test_an_empty_or_short_token_opens_nothing(self, settings):
        for weak in ("", "short"):
            settings.METRICS_TOKEN = weak
            assert (
                Client().get("/system/metrics", headers={"authorization": f"Bearer {weak}"}).status_code
                == 302
            )

    def test_they_tell_queues_and_backups_as_they_are(self):
        Pending.objects.create(
            envelope_id=uuid4(), kind="visit", received_at=clock.now() - timedelta(seconds=90)
        )
        text = measures.metrics()
        assert _value(text, 'puyou_queue_length{queue="pending"}') == 1
        assert 90 <= _value(text, 'puyou_queue_age_seconds{queue="pending"}') < 200
        assert "puyou_backup_base_age_seconds" not in text and _value(text, "puyou_backup_failing") == 0
        at = clock.now() - timedelta(hours=2)
        backups.note(
            base={"finished_at": at.isoformat()}, shipped_at=clock.now().isoformat(), error="备份位置无法使用"
        )
        text = measures.metrics()
        assert 7200 <= _value(text, "puyou_backup_base_age_seconds") < 7300
        assert _value(text, "puyou_backup_log_age_seconds") < 60 and _value(text, "puyou_backup_failing") == 1

    def test_every_metric_says_once_what_it_is(self):
        lines = measures.metrics().splitlines()
        helped = [line.split()[2] for line in lines if line.startswith("# HELP")]
        told = {re.split(r"[ {]", line)[0] for line in lines if not line.startswith("#")}
        assert len(helped) == len(set(helped)) and set(helped) == told


def test_the_page_says_when_backups_lag_or_fail():
    page = _signed_in("system_administrator").get("/system/").content.decode()
    assert "没有" in page and "接收" in page
    at = clock.now() - timedelta(seconds=40)
    backups.note(base={"finished_at": at.isoformat()}, shipped_at=at.isoformat(), base_error="磁盘已满")
    page = _signed_in("system_administrator").get("/system/").content.decode()
    assert re.search(r"落后 4\d 秒", page) and "磁盘已满" in page
