"""Fixtures of the alcove of supervisors."""

import pytest

from puyou.cases.supervisors.tests.cast import NOW, World
from puyou.core import clock


@pytest.fixture
def world(db, monkeypatch):
    """The people around supervisors, at the time of the tests."""
    with clock.frozen(NOW):
        yield World()
