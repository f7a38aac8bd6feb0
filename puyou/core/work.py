"""The worker's engine: wakes jobs when what they listen for was said, and sweeps in case it was missed.

Work waits in standing rows (pending envelopes, changed village weeks), written in the transaction that caused it; a job
drains them. The wake-up is only a hint, so losing one costs a sweep, never a fact (docs/decisions/0003).
"""

import threading
from collections.abc import Callable, Iterable

import psycopg
import structlog
from django.db import close_old_connections, connection

from puyou.core import events

Job = Callable[[], int]
SWEEP_SECONDS = 2.0
log = structlog.get_logger(__name__)

_listeners: dict[str, list[Job]] = {}
_rhythms: list[tuple[float, Job]] = []


def wire(listeners: dict[str, list[Job]], rhythms: list[tuple[float, Job]]) -> None:
    """Set who listens to which event, and which jobs run every so many seconds; config calls it once."""
    _listeners.clear()
    _listeners.update(listeners)
    _rhythms[:] = rhythms


def jobs() -> list[Job]:
    """Every wired job once, in order of wiring."""
    found: dict[Job, None] = {}
    for listening in _listeners.values():
        found.update(dict.fromkeys(listening))
    return list(found)


def drain(extra: Iterable[Job] = ()) -> int:
    """Run every wired job until all are quiet; returns how much was done. For tests and commands."""
    total, done = 0, 1
    while done:
        done = sum(job() for job in [*jobs(), *extra])
        total += done
    return total


class Runner(threading.Thread):
    """One job in its own thread: runs when woken or when its rhythm comes round, until it reports nothing done."""

    def __init__(self, job: Job, rhythm: float, stopping: threading.Event) -> None:
        super().__init__(name=job.__module__ + "." + job.__name__, daemon=True)
        self.job, self.rhythm, self.stopping = job, rhythm, stopping
        self.wake = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            self.wake.wait(self.rhythm)
            self.wake.clear()
            if self.stopping.is_set():
                break
            try:
                while not self.stopping.is_set() and self.job():
                    pass
            except Exception:
                log.exception("job_failed", job=self.name)
                self.stopping.wait(1)
            finally:
                close_old_connections()
        connection.close()


def run(stopping: threading.Event) -> None:
    """Run all jobs until ``stopping`` is set; reconnects when the database goes away."""
    runners = {job: Runner(job, SWEEP_SECONDS, stopping) for job in jobs()}
    for rhythm, job in _rhythms:
        runners.setdefault(job, Runner(job, rhythm, stopping))
    for runner in runners.values():
        runner.start()
    while not stopping.is_set():
        try:
            _listen(runners, stopping)
        except psycopg.OperationalError as error:
            log.warning("listener_lost", error=str(error))
            stopping.wait(1)
    for runner in runners.values():
        runner.wake.set()
    for runner in runners.values():
        runner.join(30)


def _listen(runners: dict[Job, Runner], stopping: threading.Event) -> None:
    parameters = connection.get_connection_params()
    keep = {
        key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)
    }
    with psycopg.connect(**keep, autocommit=True) as listener:
        listener.execute(f"LISTEN {events.CHANNEL}")
        while not stopping.is_set():
            for notice in listener.notifies(timeout=1.0, stop_after=1):
                for job in _listeners.get(notice.payload, []):
                    runners[job].wake.set()
