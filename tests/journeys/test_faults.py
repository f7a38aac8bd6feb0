"""Web, worker, database and all of them killed while phones send: every acknowledged envelope once, nothing else."""

import json
import random
import time
from collections.abc import Iterator

import pytest

from tests.journeys.homes import VILLAGES, home
from tests.journeys.phones import SEED, Phones, until
from tests.journeys.serving import Served

KILLS = ("web", "database", "worker", "web", "database", "all")


@pytest.fixture
def served() -> Iterator[Served]:
    with home() as made:
        running = Served(made)
        try:
            yield running
        finally:
            running.close()


def test_whatever_dies_every_acknowledged_envelope_is_there_once_and_nothing_else(served):
    villages = json.loads(served.home.ask(VILLAGES))
    token = served.home.told("issue_token", "--courier", "K1", "--device", "D1")["token"]
    phones, chosen = Phones(served.port, token, villages), random.Random(SEED)
    try:
        until(phones.heard(3))
        for part in KILLS:
            time.sleep(chosen.uniform(0, 0.3))  # at any moment of a transaction
            served.kill(part)
            until(phones.heard(5))
    finally:
        phones.end()
    assert phones.wrong == []
    assert phones.kept == phones.sent  # phones insist, so in the end all are acknowledged
    assert served.end() == 0
    served.home.settle()
    identities, envelopes, visits = served.home.envelopes()
    assert set(identities) == phones.sent and len(identities) == len(phones.sent)
    assert envelopes == identities and visits == len(identities)
    assert served.home.run("rebuild", "--check").returncode == 0
    log = served.home.folder / "log.jsonl"
    assert served.home.run("export_log", str(log)).returncode == 0
    assert served.home.run("verify_log", str(log)).returncode == 0
