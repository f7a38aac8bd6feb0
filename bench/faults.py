"""What happens to acknowledged visits when things break: `make bench NAME=faults`.

A home of its own (as root on a small file system of its own, so that its disk can fill and slow down) is served by
`puyou serve`. Phones send batches and insist, sometimes five times at once, sometimes half a request. Meanwhile web,
worker and database are killed (−9) at random moments, the database restarts and stalls, the disk fills and slows down,
and the clocks of web and worker jump. In the end every acknowledged envelope must be there exactly once, nothing else,
`rebuild --check` clean and the log whole. Prints one JSON document; ends non-zero when anything is wrong.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.journeys.homes import ROOT, VILLAGES, Home, home
from tests.journeys.phones import Phones, until
from tests.journeys.serving import Served

WEIGHTS = {"web": 4, "worker": 3, "database": 3, "all": 1}
JUMPS = (2, -2, 26, -26)  # hours
JUMPING = """
from datetime import timedelta
from pathlib import Path
from puyou.core import clock
true = clock.now
clock.now = lambda: true() + timedelta(hours=float(Path({clock!r}).read_text()))
"""


class Disk:
    """An ext4 file system in a file, which can be filled and slowed down."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.image, self.folder = folder / "disk.img", folder / "disk"
        self.folder.mkdir()
        _run("fallocate", "-l", f"{megabytes}M", str(self.image))
        _run("mkfs.ext4", "-q", "-m", "0", str(self.image))
        self.device = _run("losetup", "-f", "--show", str(self.image)).strip()
        _run("mount", self.device, str(self.folder))
        self.folder.chmod(0o755)

    def fill(self) -> None:
        """Leave no room."""
        free = shutil.disk_usage(self.folder).free
        subprocess.run(
            ["fallocate", "-l", str(free), str(self.folder / "filler")], check=False, capture_output=True
        )
        subprocess.run(
            ["dd", "if=/dev/zero", f"of={self.folder / 'rest'}", "bs=64k"], check=False, capture_output=True
        )

    def empty(self) -> None:
        """Give the room back."""
        for name in ("filler", "rest"):
            (self.folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Take it down."""
        _run("umount", "-l", str(self.folder))
        _run("losetup", "-d", self.device)
        self.image.unlink()


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


@contextmanager
def slowed(device: str, writes: int, processes: list[psutil.Process]) -> Iterator[None]:
    """Let processes write to a device no more than so many times a second (control group of block input and output)."""
    group = Path("/sys/fs/cgroup/blkio/puyou-bench")
    group.mkdir(exist_ok=True)
    number = os.stat(device).st_rdev
    limit = group / "blkio.throttle.write_iops_device"
    limit.write_text(f"{os.major(number)}:{os.minor(number)} {writes}")
    for each in processes:
        try:
            (group / "cgroup.procs").write_text(str(each.pid))
        except OSError:
            continue
    try:
        yield
    finally:
        limit.write_text(f"{os.major(number)}:{os.minor(number)} 0")


def database_processes(served: Served) -> list[psutil.Process]:
    """The database's own and all below it."""
    (postmaster,) = served.parts()["database"]
    return [postmaster, *postmaster.children(recursive=True)]


class Trial:
    """Faults one after another, each until phones are answered again; ``waits``: seconds until then."""

    def __init__(self, served: Served, phones: Phones, disk: Disk | None, clock: Path, seed: int) -> None:
        self.served, self.phones, self.disk, self.clock = served, phones, disk, clock
        self.chosen = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.during: Counter[str] = Counter()  # batches acknowledged while a fault lasted
        self.waits: dict[str, list[float]] = {}

    def run(self, name: str, fault: Callable[[], None]) -> None:
        """One fault at a random moment; the wait is from its beginning, its own length included, to five batches."""
        time.sleep(self.chosen.uniform(0, 0.5))
        began = time.monotonic()
        fault()
        until(self.phones.heard(5))
        self.done[name] += 1
        self.waits.setdefault(name, []).append(time.monotonic() - began)
        print(f"▸ {name} {self.done[name]}：{self.waits[name][-1]:.1f} 秒后恢复", file=sys.stderr, flush=True)

    def kills(self, count: int) -> None:
        """Kill −9 at random moments."""
        for _ in range(count):
            (part,) = self.chosen.choices(list(WEIGHTS), WEIGHTS.values())
            self.run(f"kill_{part}", lambda part=part: self.served.kill(part))  # type: ignore[misc]

    def restarts(self, count: int) -> None:
        """The database ends in an orderly way under load and comes back."""
        for _ in range(count):
            self.run("database_restart", self._restart)

    def _restart(self) -> None:
        self.served.home.ask("embedded.stop(); embedded.ensure()")

    def stalls(self, count: int) -> None:
        """The database stands still for some seconds, as when its disk hangs."""
        for _ in range(count):
            self.run("database_stall", self._stall)

    def _stall(self) -> None:
        stopped = database_processes(self.served)
        for each in stopped:
            each.suspend()
        time.sleep(self.chosen.uniform(2, 8))
        for each in reversed(stopped):
            each.resume()

    def full(self, count: int) -> None:
        """No room for some seconds, then room again."""
        for _ in range(count):
            self.run("disk_full", self._full)

    def _full(self) -> None:
        assert self.disk
        self.disk.fill()
        before = self.phones.answered
        time.sleep(self.chosen.uniform(5, 10))
        self.during["disk_full"] += self.phones.answered - before
        self.disk.empty()

    def slow(self, seconds: float, writes: int) -> None:
        """A disk that takes few writes a second, while phones go on."""
        assert self.disk
        disk = self.disk

        def slow() -> None:
            before = self.phones.answered
            with slowed(disk.device, writes, database_processes(self.served)):
                time.sleep(seconds)
            self.during["disk_slow"] += self.phones.answered - before

        self.run("disk_slow", slow)

    def jump(self, seconds: float = 5) -> None:
        """The clocks of web and worker jump, and some seconds later back."""
        for hours in JUMPS:
            self.run("clock_jump", lambda hours=hours: self._jump(hours, seconds))  # type: ignore[misc]

    def _jump(self, hours: float, seconds: float) -> None:
        for offset in (hours, 0):
            beside = self.clock.with_suffix(".next")
            beside.write_text(str(offset))
            beside.replace(self.clock)
            time.sleep(seconds if offset else 0)


def jumping(folder: Path) -> tuple[Path, dict[str, str]]:
    """The file that web and worker read their clock's offset from, and what they are started with.

    Their one clock (``puyou.core.clock``) is wrapped as Python starts; faking it for the whole process (libfaketime)
    breaks ``time.sleep`` of Python 3.11 itself.
    """
    clock, start = folder / "clock", folder / "start"
    clock.write_text("0")
    start.mkdir()
    (start / "sitecustomize.py").write_text(JUMPING.format(clock=str(clock)))
    return clock, {"PYTHONPATH": f"{start}:{ROOT}"}


def judge(served: Served, phones: Phones) -> dict[str, Any]:
    """What was promised and what is there."""
    ended, kept = served.end(), served.home
    kept.environment.clear()
    kept.settle()
    identities, envelopes, visits = kept.envelopes()
    log = kept.folder / "log.jsonl"
    return {
        "serve_ended_with": ended,
        "sent": len(phones.sent),
        "acknowledged": len(phones.kept),
        "wrong_answers": phones.wrong[:5],
        "stored": len(identities),
        "acknowledged_and_lost": len(phones.kept - set(identities)),
        "stored_twice": len(identities) - len(set(identities)),
        "stored_and_never_sent": len(set(identities) - phones.sent),
        "identities_without_envelope": len(set(identities) ^ set(envelopes)),
        "visits": visits,
        "rebuild_check": kept.run("rebuild", "--check").returncode,
        "export_log": kept.run("export_log", str(log)).returncode,
        "verify_log": kept.run("verify_log", str(log)).returncode,
    }


def is_whole(verdict: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled or invented."""
    naughts = (
        "serve_ended_with", "acknowledged_and_lost", "stored_twice", "stored_and_never_sent",
        "identities_without_envelope", "rebuild_check", "export_log", "verify_log",
    )  # fmt: skip
    return (
        not verdict["wrong_answers"]
        and not any(verdict[name] for name in naughts)
        and verdict["acknowledged"] == verdict["sent"] == verdict["stored"] == verdict["visits"]
    )


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Serve, break, judge."""
    with ExitStack() as stack:
        folder = Path(_run("mktemp", "-d", "/var/tmp/puyou-faults-XXXXXX").strip())
        folder.chmod(0o755)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        disk, why = None, {}
        try:
            disk = Disk(folder, options.megabytes)
            stack.callback(disk.close)
        except (OSError, subprocess.CalledProcessError) as error:
            why["disk"] = f"no file system of our own: {error}"
        made: Home = stack.enter_context(home(str(disk.folder if disk else folder)))
        villages = json.loads(made.ask(VILLAGES))
        token = made.told("issue_token", "--courier", "K1", "--device", "D1")["token"]
        clock, environment = jumping(made.folder)
        served = Served(made, environment)
        stack.callback(served.close)
        began = time.monotonic()
        phones = Phones(served.port, token, villages, options.phones)
        trial = Trial(served, phones, disk, clock, options.seed)
        try:
            until(phones.heard(3))
            trial.kills(options.kills // 2)
            trial.restarts(options.each)
            trial.stalls(options.each)
            if disk:
                trial.full(options.each)
                try:
                    trial.slow(options.slow_seconds, options.slow_writes)
                except OSError as error:
                    why["disk_slow"] = f"no control group for block devices: {error}"
            trial.jump()
            trial.kills(options.kills - options.kills // 2)
        finally:
            phones.end()
        seconds = time.monotonic() - began
        verdict = judge(served, phones)
    return told(options, trial, phones, verdict, why, seconds)


def told(
    options: argparse.Namespace, trial: Trial, phones: Phones, verdict: dict[str, Any], why: dict[str, str],
    seconds: float,
) -> dict[str, Any]:  # fmt: skip
    """The trial as one document."""
    return {
        "whole": is_whole(verdict),
        "kills": sum(count for name, count in trial.done.items() if name.startswith("kill_")),
        "faults": dict(trial.done),
        "back_after_seconds": {
            name: {"median": round(sorted(waits)[len(waits) // 2], 1), "worst": round(max(waits), 1)}
            for name, waits in trial.waits.items()
        },
        "batches_acknowledged_during": dict(trial.during),
        "not_done": why,
        "verdict": verdict,
        "batches_acknowledged": phones.answered,
        "asked_again_after": {str(status): count for status, count in phones.refused.items()},
        "seconds": round(seconds),
        "seed": options.seed,
        "phones": options.phones,
        "conditions": {
            "cores": os.cpu_count(), "load": [round(each, 2) for each in os.getloadavg()],
            "python": platform.python_version(), "system": platform.platform(),
        },
    }  # fmt: skip


def main() -> None:
    """Break, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--each", type=int, default=3, help="how many of each other fault")
    parser.add_argument("--phones", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=3000)
    parser.add_argument("--slow-seconds", type=float, default=30)
    parser.add_argument("--slow-writes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261127)
    result = measure(parser.parse_args())
    print(json.dumps(result, ensure_ascii=False, indent=2))
    sys.exit(0 if result["whole"] else 1)


if __name__ == "__main__":
    main()
