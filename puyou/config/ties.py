"""Children that must not outlive their parent: the kernel tells them when it dies, however it dies.

As a program (``python -m puyou.config.ties PROGRAM …``) it ties itself and then becomes the other program.
"""

import ctypes
import os
import signal
import sys

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2), kept when a program becomes another


def tied(command: list[str]) -> list[str]:
    """The command, run so that it gets SIGTERM when its parent is gone; elsewhere than on Linux as it is."""
    return [sys.executable, "-m", "puyou.config.ties", *command] if sys.platform == "linux" else command


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
    os.execvp(sys.argv[1], sys.argv[1:])
