"""Threads of one process that want the same kind of thing at once have it done together, by whoever came first.

Nobody waits for company: who finds nobody at work does the work at once, alone; who comes meanwhile waits, and the
next one does the work of all that wait. So a quiet server answers as quickly as before, and a busy one asks its
database once for many requests.
"""

import threading
from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile
from typing import Generic, TypeVar

from django.db import connection

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class _Place(Generic[Asked, Told]):
    """One caller in the queue; ``turn`` is set when it was served or when it must serve the others."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.turn = threading.Event()
        self.served = False
        self.told: Told
        self.error: BaseException | None = None


class Together(Generic[Asked, Told]):
    """Calls ``do`` with what several callers asked, up to ``most`` in all by ``weigh``; ``do`` answers each, in order.

    When ``do`` fails for several with an error that ``alone`` names, each is tried again by itself, so that one
    caller's fault is not another's; any other error is everybody's.
    """

    def __init__(
        self,
        do: Callable[[Sequence[Asked]], Sequence[Told]],
        *,
        most: int = 64,
        weigh: Callable[[Asked], int] = lambda asked: 1,
        alone: tuple[type[Exception], ...] = (),
    ) -> None:
        self._do, self._most, self._weigh, self._alone = do, most, weigh, alone
        self._lock = threading.Lock()
        self._waiting: list[_Place[Asked, Told]] = []
        self._busy = False

    def ask(self, asked: Asked) -> Told:
        """What ``do`` tells of ``asked``, or its error. Inside the caller's own transaction never with others."""
        if connection.in_atomic_block:
            return self._do([asked])[0]
        place: _Place[Asked, Told] = _Place(asked)
        with self._lock:
            self._waiting.append(place)
            leads, self._busy = not self._busy, True
        if not leads:
            place.turn.wait()
        if not place.served:
            self._lead()
        if place.error is not None:
            raise place.error
        return place.told

    def _lead(self) -> None:
        """Serve those who wait, the caller among them, and hand over to the next."""
        with self._lock:
            count = self._count()
            places, self._waiting = self._waiting[:count], self._waiting[count:]
        try:
            self._serve(places)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for place in places:
                place.served = True
                place.turn.set()
            if following is not None:
                following.turn.set()

    def _count(self) -> int:
        """How many of those who wait go together: at least one, then as many as are light enough."""
        weights = accumulate(self._weigh(place.asked) for place in self._waiting)
        return max(1, sum(1 for _ in takewhile(lambda weight: weight <= self._most, weights)))

    def _serve(self, places: Sequence[_Place[Asked, Told]]) -> None:
        try:
            for place, told in zip(places, self._do([place.asked for place in places]), strict=True):
                place.told = told
        except self._alone as error:
            if len(places) == 1:
                places[0].error = error
                return
            for place in places:
                self._serve([place])
        except BaseException as error:
            for place in places:
                place.error = error
