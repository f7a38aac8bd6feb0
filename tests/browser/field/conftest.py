"""A site for the whole folder, one Chromium with a camera that needs no hand, and couriers with phones."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser

from puyou.fieldwork.views.app import BUILD
from tests import templates
from tests.browser.conftest import Site, driven, served
from tests.browser.field.phone import Phone
from tests.browser.field.town import Town

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes at most tell these stories, each with a site of its own: by file, half and half."""
    first = {"test_sending.py", "test_storage.py", "test_shell.py", "test_outbox.py", "test_clock.py"}
    for item in items:
        if "/browser/field/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"field-{1 if item.path.name in first else 2}"))


@pytest.fixture(scope="package")
def field_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database that lives as long as the folder's stories."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps a loop in this thread
    with django_db_blocker.unblock(), templates.own(f"field_{os.getpid()}") as name:
        yield name
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def field_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Page, worker and manifest as the site serves them: a copy that a story may renew."""
    folder = tmp_path_factory.mktemp("field")
    for name in ("index.html", "sw.js", "manifest.webmanifest"):
        shutil.copy(BUILD / name, folder / name)
    return folder


@pytest.fixture(scope="package")
def field_site(field_database: str, field_build: Path) -> Iterator[Site]:
    """The site and its worker."""
    with served(field_database, BROWSER_FIELD_BUILD=str(field_build)) as site:
        yield site


@pytest.fixture(scope="package")
def field_town(field_database: str) -> Town:
    """The county where the stories happen."""
    return Town()


@pytest.fixture(scope="package")
def field_browser(field_site: Site) -> Iterator[Browser]:
    with driven(*CAMERA) as opened:
        yield opened
        connection.close()  # while the driver's loop runs, Django holds one of its own


@pytest.fixture
def new_phone(field_site: Site, field_browser: Browser, field_town: Town) -> Iterator[Callable[..., Phone]]:
    """Makes phones; each has a profile of its own. What broke on any page fails the story."""
    made: list[Phone] = []

    def make(courier: Any = None, **options: Any) -> Phone:
        phone = Phone(field_site, field_browser, field_town, courier or field_town.new_courier(), **options)
        made.append(phone)
        return phone

    yield make
    broken = [error for phone in made for error in phone.broken]
    for phone in made:
        phone.close()
    assert not broken, broken


@pytest.fixture
def phone(new_phone: Callable[..., Phone]) -> Phone:
    """An enrolled phone that agreed to be positioned, with today's list."""
    made = new_phone()
    made.enrol()
    made.agree()
    return made
