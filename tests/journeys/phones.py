"""Phones that insist: each sends a batch until it is acknowledged, sometimes five times at once, sometimes half."""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.journeys.homes import acknowledged, post, visit

SEED = 20261126
PATIENCE = 90
FUTURE = -1  # the door's clock lags behind the phone's: nothing was kept
BUSY = (FUTURE, 0, 429, 500, 502, 503)  # what a phone answers with the same batch again


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, "it did not come back by itself"
        time.sleep(0.1)


class Phones:
    """Threads that send batches as phones do: the same again until it is acknowledged, sometimes twice at once."""

    def __init__(self, port: int, token: str, villages: list[str], count: int = 3) -> None:
        self.port, self.token, self.villages = port, token, villages
        self.sent: set[str] = set()
        self.kept: set[str] = set()
        self.wrong: list[Any] = []
        self.answered = 0
        self.refused: Counter[int] = Counter()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._phone, args=(number,)) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def _phone(self, number: int) -> None:
        chosen, counter = random.Random(SEED + number), 0
        while not self.stopping.is_set():
            batch = []
            for _ in range(chosen.randint(1, 8)):
                counter += 1
                batch.append(visit(chosen.choice(self.villages), "D1", counter * 10 + number))
            self.sent |= {one["id"] for one in batch}
            if chosen.random() < 0.2:
                self._half(batch)
            copies = [
                threading.Thread(target=self._insist, args=(batch,)) for _ in range(chosen.choice((1, 1, 5)))
            ]
            for copy in copies:
                copy.start()
            for copy in copies:
                copy.join()

    def _insist(self, batch: list[dict[str, Any]]) -> None:
        deadline = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < deadline:
            status, answer, _ = post(self.port, self.token, batch)
            if status == 200:
                self.kept |= set(acknowledged(answer))
                if all(one.get("code") != "future" for one in answer["receipts"]):
                    self.answered += 1
                    return
                status = FUTURE
            if status not in BUSY:
                self.wrong.append((status, answer))
                return
            self.refused[status] += 1
            time.sleep(0.2)
        self.wrong.append("never acknowledged")

    def _half(self, batch: list[dict[str, Any]]) -> None:
        """A request that breaks off in the middle of its body."""
        body = json.dumps(batch).encode()
        head = f"POST /api/v1/envelopes HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        head += f"Authorization: Bearer {self.token}\r\n\r\n"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(head.encode() + body[: len(body) // 2])
        except OSError:
            return

    def heard(self, more: int) -> Callable[[], bool]:
        """Whether so many more batches were acknowledged than now."""
        wanted = self.answered + more
        return lambda: self.answered >= wanted

    def end(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(3 * PATIENCE)
