"""Fixtures of the whole house: databases cloned from a template, and the standing cast."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection

from puyou.core import partitions
from tests import templates


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


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """No test sees a part of a page that another test's data made."""
    caches["parts"].clear()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own, for real commits, threads and processes; gone afterwards.

    Use instead of the ``django_db`` mark. Yields the database's name.
    """
    shared, name = str(connection.settings_dict["NAME"]), f"own_{os.getpid()}"
    with django_db_blocker.unblock():
        connection.close()
        templates.clone(name)
        templates.point_to(name)
        partitions._known.clear()
        yield name
        templates.point_to(shared)
        partitions._known.clear()
        templates.administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
