"""The clock stands still, and files go into a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from puyou.core import clock
from puyou.visits.tests.cast import NOW


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.PUYOU_HOME = tmp_path
    with clock.frozen(NOW):
        yield
