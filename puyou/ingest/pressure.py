"""When the work behind the door falls behind, new batches wait on the phones: 503 with Retry-After, nothing stored."""

import threading
import time

import structlog
from django.conf import settings
from django.db import connection

from puyou.core import clock
from puyou.ingest import problems, rules, validators
from puyou.ingest.rules import Backlog, Mark

EVERY_SECONDS = 2.0  # how old a measure may be
WAIT_SECONDS = 60
log = structlog.get_logger(__name__)
LENGTH = "SELECT count(*) FROM (SELECT 1 FROM ingest_pending LIMIT %s) counted"
# One look into the index for each kind, however long the queue is.
OLDEST = """
SELECT min(oldest.received_at) FROM unnest(%s::text[]) AS kinds(kind),
    LATERAL (SELECT received_at FROM ingest_pending p WHERE p.kind = kinds.kind ORDER BY received_at LIMIT 1) oldest
"""


class Valve:
    """Closes at the high marks and opens under the low ones; measures every two seconds. Safe between threads."""

    def __init__(self, length: Mark, seconds: Mark) -> None:
        self.length, self.seconds = length, seconds
        self.closed = False
        self._due = 0.0
        self._lock = threading.Lock()

    def is_closed(self, at: float | None = None) -> bool:
        """Whether batches are turned away now; ``at`` is for tests."""
        moment = time.monotonic() if at is None else at
        if moment >= self._due and self._lock.acquire(blocking=False):
            try:
                self._due = moment + EVERY_SECONDS
                self._turn(measure(int(self.length.high)))
            finally:
                self._lock.release()
        return self.closed

    def _turn(self, backlog: Backlog) -> None:
        closed = rules.sheds(self.closed, backlog, self.length, self.seconds)
        if closed != self.closed:
            log.warning("door_closed" if closed else "door_opened", **backlog._asdict())
        self.closed = closed


def measure(most: int) -> Backlog:
    """How far the work is behind; envelopes beyond ``most`` are not counted."""
    with connection.cursor() as cursor:
        cursor.execute(LENGTH, [most])
        length = (cursor.fetchone() or [0])[0]
        cursor.execute(OLDEST, [sorted(validators.known())])
        oldest = (cursor.fetchone() or [None])[0]
    return Backlog(length, max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0)


VALVE = Valve(Mark(*settings.DOOR_LENGTH_MARKS), Mark(*settings.DOOR_SECONDS_MARKS))


def is_closed() -> bool:
    """Whether new batches are turned away; where no worker drains beside the site (imports, tests) never."""
    return bool(settings.DOOR_SHEDS) and VALVE.is_closed()


def refuse_when_behind() -> None:
    """Problem ingest.behind while the door is closed."""
    if is_closed():
        raise problems.BEHIND(seconds=WAIT_SECONDS)
