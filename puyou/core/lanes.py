"""Doing one thing in the background while the next is prepared: an import computes while PostgreSQL stores."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


class Lane:
    """One piece of work at a time; the next waits for it, so no more than one is ever on the way."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._current: Future[Any] | None = None

    def put(self, work: Callable[[], object]) -> None:
        """Start some work when the one before has ended; raises what that one raised."""
        self.wait()
        self._current = self._pool.submit(work)

    def wait(self) -> None:
        """Wait until nothing is on the way; raises what it raised."""
        current, self._current = self._current, None
        if current is not None:
            current.result()


@contextmanager
def open_lane() -> Iterator[Lane]:
    """A lane that has done all its work when the block ends well; work may use no connection that others use."""
    with ThreadPoolExecutor(1) as pool:
        lane = Lane(pool)
        yield lane
        lane.wait()
