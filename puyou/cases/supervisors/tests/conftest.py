"""Fixtures of the alcove of supervisors."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from puyou.cases.supervisors.tests.cast import NOW, World
from puyou.core import clock


@pytest.fixture
def world(db, monkeypatch):
    """The people around supervisors, at the time of the tests."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    with clock.frozen(NOW):
        yield World()
