"""One site and one Chromium for the whole folder; every story has people and villages of its own."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser

from tests import templates
from tests.browser.cases.desk import Desk
from tests.browser.conftest import Site, driven, served

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process tells these stories: a site is dear to start."""
    for item in items:
        if "/browser/cases/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("cases"))


@pytest.fixture(scope="package")
def cases_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database that lives as long as the folder's stories."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps a loop in this thread
    with django_db_blocker.unblock(), templates.own(f"cases_{os.getpid()}") as name:
        yield name
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def cases_site(cases_database: str) -> Iterator[Site]:
    """The site and its worker."""
    with served(cases_database) as site:
        yield site


@pytest.fixture(scope="package")
def cases_browser(cases_site: Site) -> Iterator[Browser]:
    with driven(*CAMERA) as opened:
        yield opened
        connection.close()  # while the driver's loop runs, Django holds one of its own


@pytest.fixture(scope="package")
def counter() -> Iterator[Callable[[], int]]:
    """Numbers that no other story of the folder has."""
    numbers = iter(range(10_000))
    yield lambda: next(numbers)


@pytest.fixture
def desk(cases_site: Site, cases_browser: Browser, counter: Callable[[], int]) -> Iterator[Desk]:
    """A story's own people and villages. What broke on any page fails the story."""
    made = Desk(cases_site, cases_browser, counter())
    yield made
    broken = made.broken
    made.close()
    assert not broken, broken
