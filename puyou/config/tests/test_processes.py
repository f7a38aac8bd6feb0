"""Children of `serve` are started again for ever once they have lived; one that never could is given up."""

import sys
import time

import pytest

from puyou.config import processes
from puyou.config.processes import BOOT_TRIES, Supervisor


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(processes, "SLOWEST_RESTART", 0.01)


def watch(supervisor: Supervisor, name: str, deaths: int) -> None:
    """Look until a child has died so often at once, or was given up."""
    deadline = time.monotonic() + 20
    while supervisor.quick_deaths[name] < deaths and not supervisor.ending:
        assert time.monotonic() < deadline
        supervisor._look()
        time.sleep(0.01)


def test_a_child_that_never_lives_is_given_up():
    supervisor = Supervisor({"web": [sys.executable, "-c", "raise SystemExit(3)"]})
    supervisor._start("web")
    watch(supervisor, "web", BOOT_TRIES + 3)
    assert supervisor.failed and supervisor.quick_deaths["web"] == BOOT_TRIES


def test_a_child_that_is_killed_again_and_again_is_not_to_blame():
    supervisor = Supervisor({"worker": [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]})
    supervisor._start("worker")
    watch(supervisor, "worker", BOOT_TRIES + 3)
    assert not supervisor.failed


def test_a_child_that_lived_is_started_again_however_often_it_dies(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LIVED_SECONDS", 0.5)
    mark = tmp_path / "mark"
    program = (
        f"import pathlib, time; mark = pathlib.Path({str(mark)!r}); first = not mark.exists(); mark.touch(); "
        "time.sleep(1) if first else None"
    )
    supervisor = Supervisor({"worker": [sys.executable, "-c", program]})
    supervisor._start("worker")
    watch(supervisor, "worker", BOOT_TRIES + 3)
    assert not supervisor.failed and supervisor.proven == {"worker"}


def test_a_restart_waits_longer_after_each_death_at_once(monkeypatch):
    monkeypatch.setattr(processes, "SLOWEST_RESTART", 10.0)
    supervisor = Supervisor({"web": [sys.executable, "-c", ""]})
    waits = []
    for _ in range(3):
        supervisor._start("web")
        supervisor.children["web"].wait()
        supervisor._bury("web")
        waits.append(round(supervisor.due["web"] - time.monotonic()))
    assert waits == [1, 2, 4]
