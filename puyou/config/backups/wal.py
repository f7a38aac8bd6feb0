"""The write-ahead log on its way out: pg_receivewal beside the server, and rounds that send what it received."""

import hashlib
import subprocess
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import close_old_connections, connection

from puyou.config import embedded, ties
from puyou.config.backups import base, problems, settings
from puyou.config.backups.files import Shipper
from puyou.config.backups.places import Place
from puyou.core import clock
from puyou.core.problems import Problem

SLOT = "puyou_backup"
PATIENCE = 20
AGAIN_AFTER = timedelta(minutes=10)  # when a base could not be taken
log = structlog.get_logger(__name__)
MAKE_SLOT = """
SELECT pg_create_physical_replication_slot(%s, true)
WHERE NOT EXISTS (SELECT 1 FROM pg_replication_slots WHERE slot_name = %s)
"""
DROP_LOST = """
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s AND wal_status = 'lost'
"""
NOW = "SELECT clock_timestamp(), pg_current_wal_flush_lsn()::text, pg_size_bytes(current_setting('wal_segment_size'))"
RECEIVED = """
SELECT coalesce(bool_or(r.write_lsn >= %s::pg_lsn), false)
FROM pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid WHERE s.slot_name = %s
"""


def folder() -> Path:
    """Where received log waits to be sent."""
    return embedded.prepare_home() / "wal"


@dataclass
class Archiver:
    """Keeps the receiver alive and sends; ``run`` until told to stop, or one ``round``."""

    place: Place
    receiver: "subprocess.Popen[bytes] | None" = None
    sent_partial: tuple[str, bytes] = ("", b"")
    basing: threading.Thread | None = None
    shipper: Shipper = field(init=False)

    def __post_init__(self) -> None:
        self.shipper = Shipper(self.place)

    def run(self, stopping: threading.Event) -> None:
        """A round every few seconds; whatever fails is noted and tried again. Ends with one last round."""
        while not stopping.is_set():
            self._try_round()
            self._take_base_when_due()
            stopping.wait(settings.ROUND_SECONDS)
        self._try_round()
        self.end()

    def _try_round(self) -> None:
        try:
            self.round()
        except Exception as error:
            said = error.message if isinstance(error, Problem) else type(error).__name__
            log.warning("log_not_shipped", error=said)
            settings.note(error=said, error_at=clock.now())
        finally:
            close_old_connections()

    def round(self) -> dict[str, Any]:
        """Send everything that was committed before now. Problem backup_not_copied: the log does not come."""
        self._make_sure_of_receiver()
        moment, position, size = _row(NOW)
        self._wait_for(position)
        sent_files = self.shipper.ship()
        segments = self._send_whole() + self._send_partial(int(size))
        done = {"shipped_at": moment.isoformat(), "position": position}
        settings.note(**done, error=None)
        return done | {"segments": segments, "files": sent_files}

    def _make_sure_of_receiver(self) -> None:
        if self.receiver is not None and self.receiver.poll() is None:
            return
        folder().mkdir(exist_ok=True)
        with connection.cursor() as cursor:
            cursor.execute(DROP_LOST, [SLOT])
            if cursor.fetchone():  # the log since then is gone from here: only a new base closes the gap
                settings.note(gap_at=clock.now(), base=None)
                for path in folder().iterdir():
                    path.unlink()
            cursor.execute(MAKE_SLOT, [SLOT, SLOT])
        command = [embedded.program("pg_receivewal"), *embedded.reach(), "--no-password", "--no-loop"]
        command += ["-D", str(folder()), "-S", SLOT, "-s", "1"]
        with (embedded.home() / "wal.log").open("ab") as sink:
            self.receiver = subprocess.Popen(ties.tied(command), stdout=sink, stderr=sink)

    def _wait_for(self, position: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not _row(RECEIVED, position, SLOT)[0]:
            if time.monotonic() > deadline or (self.receiver and self.receiver.poll() is not None):
                raise problems.NOT_COPIED(reason=_last_words())
            time.sleep(0.2)

    def _send_whole(self) -> int:
        whole = sorted(one for one in folder().iterdir() if not one.name.endswith(".partial"))
        for path in whole:
            self.place.put_once(f"wal/{path.name}", path.read_bytes())
            if not path.name.endswith(".history"):
                path.unlink()
            self.place.store.delete([f"wal/{path.name}.partial"])
        return len(whole)

    def _send_partial(self, size: int) -> int:
        for path in folder().glob("*.partial"):
            try:
                data = path.read_bytes()
            except FileNotFoundError:  # became whole meanwhile
                continue
            mark = (path.name, hashlib.sha256(data).digest())
            if len(data) == size and mark != self.sent_partial:
                self.place.put(f"wal/{path.name}", data)
                self.sent_partial = mark
                return 1
        return 0

    def _take_base_when_due(self) -> None:
        if self.basing is not None and self.basing.is_alive():
            return
        state = settings.state()
        failed = state.get("base_error_at")
        if failed and clock.now() - datetime.fromisoformat(failed) < AGAIN_AFTER:
            return
        if settings.every_hours() and is_due(state.get("base"), clock.now()):
            self.basing = threading.Thread(target=self._base, daemon=True)
            self.basing.start()

    def _base(self) -> None:
        try:
            base.take(self.place)
            settings.note(base_error=None, base_error_at=None)
        except Exception as error:
            said = error.message if isinstance(error, Problem) else type(error).__name__
            log.warning("base_not_taken", error=said)
            settings.note(base_error=said, base_error_at=clock.now())
        finally:
            connection.close()

    def end(self) -> None:
        """Stop the receiver; the slot keeps the log until the next one comes."""
        if self.receiver is not None and self.receiver.poll() is None:
            self.receiver.terminate()
            self.receiver.wait(10)


def is_due(last: dict[str, Any] | None, now: datetime) -> bool:
    """Whether it is time for a base."""
    if not last:
        return True
    return now - datetime.fromisoformat(last["finished_at"]) >= timedelta(hours=settings.every_hours())


def end_slot() -> bool:
    """Give up continuous archiving: the server keeps no log for it any more; whether it did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s",
            [SLOT],
        )
        return cursor.fetchone() is not None


def _row(sql: str, *values: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def _last_words() -> str:
    path = embedded.home() / "wal.log"
    return "\n".join(path.read_text(errors="replace").splitlines()[-3:])[-300:] or "预写日志没有送到"
