"""The clock stands still, passwords are cheap, and files go into a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from puyou.core import clock
from puyou.ledgers.tests import cast


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[None]:
    settings.PUYOU_HOME = tmp_path
    with clock.frozen(cast.NOW):
        yield


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    return cast.people()
