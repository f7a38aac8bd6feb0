"""Fixtures of the room of cases."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from puyou.cases.tests import cast


@pytest.fixture
def people(db, monkeypatch):
    """The sample procedure in force, and the people around a case on it."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    cast.publish()
    return cast.gather()
