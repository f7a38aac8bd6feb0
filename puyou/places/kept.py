"""Arrays kept in files beside the database, so that a new process opens them instead of reading every row."""

import contextlib
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def arrays_in_file(folder: Path, kind: str, mark: str, build: Callable[[], Arrays]) -> Arrays:
    """What ``build`` makes, from the file ``kind-mark.npz`` when it is there; files of other marks go.

    Another process may take a file away at any moment, and a disk may be full: then it is built, not kept.
    """
    file = folder / f"{kind}-{mark}.npz"
    with contextlib.suppress(OSError, ValueError, KeyError, zipfile.BadZipFile), np.load(file) as opened:
        return {name: opened[name] for name in opened.files}
    made = build()
    with contextlib.suppress(OSError):
        _write(file, made)
        for old in folder.glob(f"{kind}-*.npz"):
            if old != file:
                old.unlink(missing_ok=True)
    return made


def _write(file: Path, made: Arrays) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{uuid.uuid4().hex}")
    try:
        with partial.open("wb") as target:
            np.savez(target, **made)  # type: ignore[arg-type]
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
