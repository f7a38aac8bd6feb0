"""The system moves to another home while a phone keeps sending: docs/runbooks/moving.md, step by step."""

import json
import threading
import time
from collections.abc import Callable

from tests.journeys.homes import VILLAGES, Home, acknowledged, home, post, visit
from tests.journeys.serving import Served


class Phone(threading.Thread):
    """Sends a visit at a time to wherever the address leads, again and again until it is acknowledged."""

    def __init__(self, token: str, villages: list[str]) -> None:
        super().__init__(daemon=True)
        self.token, self.villages, self.port = token, villages, 0
        self.kept: list[str] = []
        self.waited = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        counter = 0
        while not self.stopping.is_set():
            counter += 1
            one = visit(self.villages[counter % len(self.villages)], "D1", counter)
            while not self._kept(one):
                self.waited += 1
                time.sleep(0.2)

    def _kept(self, one: dict[str, object]) -> bool:
        status, answer, _ = post(self.port, self.token, [one], seconds=3)
        if status != 200 or not acknowledged(answer):
            return False
        self.kept.append(str(one["id"]))
        return True


def _until(ready: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _shipped(old: Home) -> bool:
    path = old.folder / "backup.json"
    state = json.loads(path.read_text()) if path.exists() else {}
    return bool(state.get("base") and state.get("shipped_at"))


def test_the_system_moves_and_the_phone_loses_nothing():
    with home() as old:
        outside = old.folder.parent
        key, store = outside / "key", outside / "store"
        old.environment |= {"PUYOU_BACKUP_KEY_FILE": str(key)}
        old.told("backup", "--make-key", str(key))
        villages = json.loads(old.ask(VILLAGES))
        token = old.told("issue_token", "--courier", "K1", "--device", "D1")["token"]
        old.environment["PUYOU_BACKUP_URL"] = str(store)
        serving = Served(old)  # with its archiver: a base and the log, by itself
        phone = Phone(token, villages)
        phone.port = serving.port
        phone.start()
        try:
            _until(lambda: len(phone.kept) >= 3 and _shipped(old))
            before = len(phone.kept)
            _until(lambda: len(phone.kept) > before)
            assert serving.end() == 0  # 2: the door is shut; the phone keeps on trying
            shut = list(phone.kept)
            old.told("backup", "--wal", "--once")  # 3
            old.run("stop")
            new = Home(outside / "new", {"PUYOU_BACKUP_KEY_FILE": str(key)})
            said = new.told("restore", "--from", str(store), "--to", str(new.folder))  # 4
            assert said["sound"]
            moved = Served(new)  # 5
            try:
                phone.port = moved.port  # 6
                _until(lambda: len(phone.kept) >= len(shut) + 3)
            finally:
                phone.stopping.set()
                phone.join(60)
                assert moved.end() == 0
            assert phone.waited > 0
            identities, envelopes, _ = new.envelopes()
            assert identities == envelopes == sorted(phone.kept)
            assert set(shut) < set(identities)
            new.run("stop")
        finally:
            phone.stopping.set()
            serving.close()
