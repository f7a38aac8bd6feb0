"""Asking the operator's scanner about a file before it is kept; without one, files say that nobody looked."""

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from puyou.evidence import problems

SECONDS = 120
NOT_SCANNED, CLEAN = "not_scanned", "clean"
CLEAN_CODE, FOUND_CODE = 0, 1  # as clamscan and clamdscan answer


def scan(path: Path) -> str:
    """``clean``, or ``not_scanned`` where no scanner is set.

    The setting ``SCANNER`` (``PUYOU_SCANNER``) is a command that gets the file's path as its last argument and answers
    0 for clean, 1 for found; or a function of a path that returns whether it is clean.
    Problems: something was found (nothing is kept); the scanner does not answer (nothing is kept either).
    """
    scanner = settings.SCANNER
    if not scanner:
        return NOT_SCANNED
    if not (_asked(scanner, path) if callable(scanner) else _run(scanner, path)):
        raise problems.INFECTED()
    return CLEAN


def _asked(scanner: Callable[[Path], Any], path: Path) -> bool:
    try:
        return bool(scanner(path))
    except Exception as error:  # whatever a scanner's own code raises
        raise problems.SCANNER_FAILS() from error


def _run(command: str, path: Path) -> bool:
    try:
        done = subprocess.run(
            [*shlex.split(command), str(path)], capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise problems.SCANNER_FAILS() from error
    if done.returncode not in (CLEAN_CODE, FOUND_CODE):
        raise problems.SCANNER_FAILS()
    return done.returncode == CLEAN_CODE
