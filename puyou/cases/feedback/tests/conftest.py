"""Fixtures of the alcove feedback."""

import pytest

from puyou.cases.feedback.tests.cast import NOW, World
from puyou.core import clock


@pytest.fixture
def world(db, monkeypatch):
    """The people around a report, at the time of the tests."""
    with clock.frozen(NOW):
        yield World()
