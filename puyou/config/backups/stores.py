"""Where backups lie: a folder or an S3-compatible bucket, through obstore; tried again when a line breaks."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlparse

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, from_url

from puyou.config.backups import problems

PAUSES = (0.5, 2, 8, 30)
HOPELESS = (PermissionError, PermissionDeniedError, UnauthenticatedError)
Result = TypeVar("Result")


class Store:
    """Named bytes under one address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.folder = _folder(address)
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._store: Any = LocalStore(self.folder) if self.folder else from_url(address, **_options())
        except (BaseError, ValueError) as error:
            raise problems.UNREACHABLE(reason=_first_line(error)) from error

    def put(self, name: str, data: bytes) -> None:
        """Keep ``data`` under ``name``, durably; what was there before is replaced at once."""
        _patient(lambda: obstore.put(self._store, name, data, use_multipart=False))
        if self.folder:
            _sync(self.folder / name)

    def get(self, name: str) -> bytes | None:
        """The bytes under ``name``; None when there are none."""
        try:
            return _patient(lambda: bytes(obstore.get(self._store, name).bytes()))
        except (NotFoundError, FileNotFoundError):
            return None

    def names(self, under: str) -> Iterator[tuple[str, int, datetime]]:
        """Name, size and time of everything whose name begins with the folder ``under``."""
        listed = _patient(
            lambda: [one for page in obstore.list(self._store, under, chunk_size=1000) for one in page]
        )
        for one in listed:
            yield one["path"], one["size"], one["last_modified"]

    def delete(self, names: list[str]) -> None:
        """Take away; what is not there is no fault."""
        if names and not self.folder:
            _patient(lambda: obstore.delete(self._store, names))
            return
        for name in names:
            try:
                _patient(lambda name=name: obstore.delete(self._store, name))  # type: ignore[misc]
            except (NotFoundError, FileNotFoundError):
                continue


def _folder(address: str) -> Path | None:
    parts = urlparse(address)
    if parts.scheme == "file":
        return Path(unquote(parts.path)).resolve()
    return None if parts.scheme else Path(address).resolve()


def _options() -> dict[str, Any]:
    plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true")
    return {
        "client_options": {"timeout": "60s", "allow_http": plain},
        "retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=60)},
    }


def _patient(work: Callable[[], Result]) -> Result:
    """Do it, again after pauses when the line or the store fails. Problem backup_unreachable."""
    for pause in (*PAUSES, None):
        try:
            return work()
        except (NotFoundError, FileNotFoundError):
            raise
        except (BaseError, OSError) as error:
            if pause is None or isinstance(error, HOPELESS):
                raise problems.UNREACHABLE(reason=_first_line(error)) from error
            time.sleep(pause)
    raise AssertionError("the last pause is None")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _sync(path: Path) -> None:
    for one in (path, path.parent):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
