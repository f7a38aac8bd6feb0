"""How often one caller may knock: token buckets in the memory of each web process."""

import threading
import time
from collections import OrderedDict

CALLERS_REMEMBERED = 200_000


class Throttle:
    """Lets each caller make ``burst`` calls at once, ``per_second`` in the long run. Safe between threads."""

    def __init__(self, *, per_second: float, burst: float) -> None:
        self.per_second, self.burst = per_second, burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str, at: float | None = None) -> float:
        """Take one call: 0 when granted, else the seconds until it would be. ``at`` is for tests."""
        with self._lock:
            level, moment = self._level(caller, at)
            granted = level >= 1
            if granted:
                self._keep(caller, level - 1, moment)
        return 0.0 if granted else (1 - level) / self.per_second

    def dry(self, caller: str, at: float | None = None) -> float:
        """Seconds until the next call would be granted, 0 when it would be now; takes nothing."""
        with self._lock:
            level, _ = self._level(caller, at)
        return max(0.0, (1 - level) / self.per_second)

    def _level(self, caller: str, at: float | None) -> tuple[float, float]:
        moment = time.monotonic() if at is None else at
        level, since = self._levels.get(caller, (self.burst, moment))
        return min(self.burst, level + (moment - since) * self.per_second), moment

    def _keep(self, caller: str, level: float, moment: float) -> None:
        self._levels.pop(caller, None)
        self._levels[caller] = (level, moment)
        if len(self._levels) > CALLERS_REMEMBERED:
            self._levels.popitem(last=False)
