"""Fixtures of the room of cases."""

import pytest

from puyou.cases.tests import cast


@pytest.fixture
def people(db, monkeypatch):
    """The sample procedure in force, and the people around a case on it."""
    cast.publish()
    return cast.gather()
