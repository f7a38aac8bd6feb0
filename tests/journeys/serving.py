"""`puyou serve` as a process of its own, for tests that kill or move it."""

import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from tests.browser.conftest import free_port
from tests.journeys.homes import PUYOU, ROOT, Home


def _words(process: psutil.Process) -> str:
    """Its command line; empty when it is gone."""
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


class Served:
    """`puyou serve` in a home, and its parts by name."""

    def __init__(self, made: Home, environment: dict[str, str] | None = None) -> None:
        self.home, self.port, self.environment = made, free_port(), environment or {}
        self.cluster = Path(made.ask("print(embedded.cluster())").strip())
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        words = [*PUYOU, "serve", "--port", str(self.port), "--workers", "1"]
        with (self.home.folder / "serve.log").open("ab") as log:
            return subprocess.Popen(
                words,
                env=self.home.surroundings() | self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def parts(self) -> dict[str, list[psutil.Process]]:
        """The processes of each part, those of the database by the file it leaves."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        said = {one: words for one in below if (words := _words(one))}
        number = int((self.cluster / "postmaster.pid").read_text().split()[0])
        return {
            "web": [one for one, words in said.items() if "granian" in words],
            "worker": [one for one, words in said.items() if words.endswith("work")],
            "database": [psutil.Process(number)],
        }

    def kill(self, part: str) -> None:
        """Kill −9; ``all`` is what a power cut does, after which somebody only starts `serve` again."""
        parts = self.parts()
        if part == "all":
            self.process.kill()
            self.process.wait()
        killed = [one for name, found in parts.items() if part in (name, "all") for one in found]
        for one in killed:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(killed, timeout=3)
        if part == "all":
            self.process = self._started()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def close(self) -> None:
        """Whatever became of the test, nothing is left running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
