"""Fixtures of the whole house: databases cloned from a template, and the standing cast."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from hypothesis import HealthCheck, settings

from tests import templates

# in tests alone a password is hashed in a millisecond
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 64
# timings never decide a test: a busy machine is no fault of the code
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """One database per test process, cloned from the template."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        templates.clone(name)
        templates.point_to(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        templates.administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own, for real commits, threads and processes; gone afterwards.

    Use instead of the ``django_db`` mark. Yields the database's name.
    """
    with django_db_blocker.unblock(), templates.own(f"own_{os.getpid()}") as name:
        yield name
