from datetime import UTC, datetime, timedelta

import pytest

from puyou.ingest import rules
from puyou.ingest.throttle import Throttle

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("happened", "skew", "future"),
    [
        (timedelta(0), 0, False),
        (timedelta(minutes=10), 0, False),
        (timedelta(minutes=10, seconds=1), 0, True),
        (timedelta(hours=2), 7200, False),
        (timedelta(hours=2), 6000, True),
        (timedelta(minutes=5), -3600, True),
        (timedelta(days=-20_000), 0, False),
        (timedelta(days=26_000), 86_400, True),
    ],
)
def test_it_knows_what_cannot_have_happened_yet(happened, skew, future):
    assert rules.is_future(NOW + happened, skew, NOW) is future


@pytest.mark.parametrize(
    ("device", "known", "estimate"),
    [
        (None, 12.5, 12.5),
        (NOW, 12.5, 0),
        (NOW + timedelta(seconds=90), 0, 90),
        (NOW - timedelta(hours=3), 0, -10_800),
        (NOW + timedelta(days=3), 0, 86_400),
        (datetime(1970, 1, 1, tzinfo=UTC), 0, -86_400),
    ],
)
def test_it_believes_a_clock_within_a_day(device, known, estimate):
    assert rules.estimate_skew(device, NOW, known) == estimate


def test_a_caller_may_make_its_burst_and_then_waits():
    throttle = Throttle(per_second=2, burst=3)
    assert [throttle.wait("a", at=0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert throttle.wait("b", at=0.0) == 0
    assert throttle.dry("a", at=0.0) == 0.5
    assert throttle.dry("a", at=0.5) == 0
    assert [throttle.wait("a", at=0.5), throttle.wait("a", at=0.5)] == [0, 0.5]
    assert [throttle.wait("a", at=100.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_it_forgets_the_oldest_caller_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr("puyou.ingest.throttle.CALLERS_REMEMBERED", 2)
    throttle = Throttle(per_second=1, burst=1)
    for caller in "abc":
        throttle.wait(caller, at=0.0)
    assert list(throttle._levels) == ["b", "c"]
