import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core import clock
from puyou.ingest import pressure, rules
from puyou.ingest.models import Envelope, Pending
from puyou.ingest.rules import Backlog, Mark
from puyou.ingest.tests.conftest import NOW, envelope

LENGTH, SECONDS = Mark(10, 5), Mark(600, 60)


@pytest.mark.parametrize(
    ("before", "length", "seconds", "closed"),
    [
        (False, 9, 599, False),
        (False, 10, 0, True),
        (False, 0, 600, True),
        (True, 6, 0, True),
        (True, 0, 61, True),
        (True, 5, 60, False),
        (True, 0, 0, False),
    ],
)
def test_it_closes_at_a_high_mark_and_opens_under_both_low_ones(before, length, seconds, closed):
    assert rules.sheds(before, Backlog(length, seconds), LENGTH, SECONDS) is closed


@given(st.integers(0, 20), st.floats(0, 1000))
def test_a_closed_door_opens_only_where_an_open_one_would_stay_open(length, seconds):
    backlog = Backlog(length, seconds)
    if not rules.sheds(True, backlog, LENGTH, SECONDS):
        assert not rules.sheds(False, backlog, LENGTH, SECONDS)


def _waiting(count: int, minutes: float, kind: str = "visit") -> None:
    at = clock.now() - timedelta(minutes=minutes)
    Pending.objects.bulk_create(
        Pending(envelope_id=uuid.uuid4(), kind=kind, received_at=at) for _ in range(count)
    )


@pytest.fixture
def valve(monkeypatch, settings):
    settings.DOOR_SHEDS = True
    made = pressure.Valve(LENGTH, SECONDS)
    monkeypatch.setattr(pressure, "VALVE", made)
    monkeypatch.setattr(pressure, "EVERY_SECONDS", 0.0)
    with clock.frozen(NOW):
        yield made


@pytest.mark.django_db
class TestTheDoor:
    def test_the_measure_counts_no_further_than_it_must_and_finds_the_oldest_of_any_kind(self, valve):
        assert pressure.measure(10) == Backlog(0, 0.0)
        _waiting(3, 2)
        _waiting(1, 5, kind="consent")
        assert pressure.measure(10) == Backlog(4, 300.0)
        assert pressure.measure(2) == Backlog(2, 300.0)

    def test_batches_wait_on_the_phone_until_the_work_is_done(self, valve, phone):
        _waiting(10, 1)
        answer = phone.post(envelope(phone.device.identifier))
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "60"
        assert answer.json()["code"] == "ingest.behind" and "请勿删除" in answer.json()["message"]
        assert not Envelope.objects.exists()
        Pending.objects.filter(pk__in=list(Pending.objects.values_list("pk", flat=True)[:4])).delete()
        assert (
            phone.post(envelope(phone.device.identifier)).status_code == 503
        )  # between the marks: still closed
        Pending.objects.all().delete()
        answer = phone.post(envelope(phone.device.identifier))
        assert answer.status_code == 200 and answer.json()["receipts"][0]["status"] == "accepted"

    def test_an_old_queue_closes_it_too(self, valve, phone):
        _waiting(1, 11)
        assert phone.post(envelope(phone.device.identifier)).status_code == 503

    def test_where_no_worker_runs_it_never_closes(self, valve, phone, settings):
        settings.DOOR_SHEDS = False
        _waiting(50, 60)
        assert phone.post(envelope(phone.device.identifier)).status_code == 200
