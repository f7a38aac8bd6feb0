"""Progress of long work, told on standard error so that standard output stays data."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Step:
    """A running step: ``advance`` tells how far it is."""

    def __init__(self, label: str, total: int | None) -> None:
        self.label, self.total, self.done = label, total, 0
        self._told = time.monotonic()

    def advance(self, amount: int = 1) -> None:
        self.done += amount
        if time.monotonic() - self._told >= 1:
            self._told = time.monotonic()
            of = f"/{self.total:,}" if self.total else ""
            _say(f"  {self.label} {self.done:,}{of}")


@contextmanager
def step(label: str, total: int | None = None) -> Iterator[Step]:
    """Tell when a step begins and how long it took."""
    _say(f"▸ {label} …")
    began = time.monotonic()
    running = Step(label, total)
    yield running
    _say(f"✓ {label}（{time.monotonic() - began:.1f} 秒）")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
