"""Web and worker as processes: started, watched, restarted when they die, and ended together."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from puyou.config import embedded, ties
from puyou.config.backups import settings as backups

started_server = False  # whether this command started the embedded server itself
GRACE_SECONDS = 20
WEB_CONNECTIONS = 64  # of the database's, for all web processes
MEMORY = {"MALLOC_ARENA_MAX": "2"}  # a heap for each thread would keep what its largest page once needed
BOOT_TRIES = 5
LIVED_SECONDS = 5  # a child that lived so long can live
SLOWEST_RESTART = 10.0  # seconds
log = structlog.get_logger(__name__)


def _pid_file() -> Path:
    return embedded.prepare_home() / "serve.pid"


def _web(host: str, port: int, workers: int) -> list[str]:
    arguments = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    arguments += ["--workers", str(workers), "--blocking-threads", str(threads_of(workers))]
    arguments += ["--backlog", "1024", "--no-ws"]
    return [*arguments, "--respawn-failed-workers", "--log-level", "error", "puyou.config.wsgi:application"]


def threads_of(workers: int) -> int:
    """Threads of each web process: enough to wait together for one commit, each may hold a database connection."""
    return max(4, min(16, WEB_CONNECTIONS // workers))


def _worker() -> list[str]:
    return [sys.executable, "-m", "puyou.config.cli", "work"]


def _archiver() -> list[str]:
    return [sys.executable, "-m", "puyou.config.cli", "backup", "--wal"]


def alive() -> int | None:
    """Process id of the running `serve`, or None; a file left by one that was killed means nothing."""
    try:
        with _pid_file().open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(_pid_file().read_text() or 0) or None
    except FileNotFoundError:
        return None
    return None


@contextmanager
def _claimed() -> Iterator[None]:
    """The file with our process id, locked as long as we live; the kernel unlocks it whatever happens."""
    with _pid_file().open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(str(os.getpid()))
        file.flush()
        yield
    _pid_file().unlink(missing_ok=True)


class Supervisor:
    """Keeps the named child processes running until told to end."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.due: dict[str, float] = {}  # when a dead child starts again
        self.quick_deaths = dict.fromkeys(commands, 0)
        self.failures = dict.fromkeys(commands, 0)  # ends that nobody asked for and no signal brought
        self.proven: set[str] = set()
        self.looked = 0.0
        self.ending = self.failed = False

    def _start(self, name: str) -> None:
        usual = {"PUYOU_DOOR_SHEDS": "1", **MEMORY}
        environment = usual | os.environ | {"DJANGO_SETTINGS_MODULE": "puyou.config.settings"}
        self.children[name] = subprocess.Popen(
            ties.tied(self.commands[name]), env=environment, start_new_session=True
        )
        self.started[name] = time.monotonic()

    def _bury(self, name: str) -> None:
        """Note a death: it starts again, later each time that it dies at once.

        One that ends by itself and never lived is given up; one that somebody killed is not to blame.
        """
        now, child = time.monotonic(), self.children.pop(name)
        quick = now - self.started[name] < LIVED_SECONDS
        if not quick:
            self.proven.add(name)
        self.quick_deaths[name] = self.quick_deaths[name] + 1 if quick else 0
        self.failures[name] += (child.returncode or 0) > 0
        _signal_group(child, signal.SIGKILL)  # what it left would hold the port
        if self.failures[name] >= BOOT_TRIES and name not in self.proven:
            self.ending = self.failed = True
            return
        self.due[name] = now + min(0.5 * 2 ** self.quick_deaths[name], SLOWEST_RESTART)

    def _look(self) -> None:
        """At the children once: the dead are noted, those whose time has come are started."""
        for name, child in list(self.children.items()):
            if child.poll() is not None and not self.ending:
                self._bury(name)
        for name in [name for name, at in self.due.items() if at <= time.monotonic() and not self.ending]:
            del self.due[name]
            self._start(name)

    def _watch_database(self) -> None:
        """The embedded server, too, is started again when it died."""
        if os.environ.get("DATABASE_URL") or time.monotonic() - self.looked < 1:
            return
        self.looked = time.monotonic()
        try:
            if embedded.died() and not self.ending:
                embedded.ensure()
        except RuntimeError as error:
            log.warning("database_not_started", error=str(error)[-200:])

    def run(self) -> int:
        """Start all and watch; returns 0 when told to end, 1 when a child cannot live."""
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._end)
        with _claimed():
            for name in self.commands:
                self._start(name)
            while not self.ending:
                time.sleep(0.2)
                self._watch_database()
                self._look()
            self._stop_children()
        return 1 if self.failed else 0

    def _end(self, signum: int, frame: object) -> None:
        self.ending = True

    def _stop_children(self) -> None:
        for child in self.children.values():
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child, signal.SIGKILL)
                child.wait()


def _signal_group(child: subprocess.Popen[bytes], signum: int) -> None:
    try:
        os.killpg(child.pid, signum)
    except ProcessLookupError:
        return


def serve(host: str, port: int, workers: int) -> int:
    """Run web and worker until interrupted; ends what it started, the embedded server included."""
    commands = {"web": _web(host, port, workers), "worker": _worker()}
    if backups.address():
        commands["archiver"] = _archiver()
    code = Supervisor(commands).run()
    if started_server:
        embedded.stop()
    return code


def stop() -> list[str]:
    """End `serve` and the embedded server; returns what was ended."""
    ended = []
    pid = alive()
    if pid:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS + 5
        while alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        ended.append("web, worker")
    if not os.environ.get("DATABASE_URL") and embedded.stop():
        ended.append("database")
    return ended
