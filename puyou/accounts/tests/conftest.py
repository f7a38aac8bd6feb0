"""Fixtures of the room: a frozen clock, quick hashing, and two provinces."""

import pytest

from puyou.accounts import actions
from puyou.accounts.models import Organisation
from puyou.accounts.tests.offices import NOW, SYSTEM, neighbour
from puyou.core import clock
from puyou.places.models import Place
from puyou.places.queries import get_place


@pytest.fixture(autouse=True)
def _frozen():
    with clock.frozen(NOW):
        yield


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch):
    """Argon2 as ever, with as little work as it allows."""


@pytest.fixture
def guizhou(db) -> Place:
    return get_place("52")


@pytest.fixture
def yunnan(db) -> Place:
    return neighbour()


@pytest.fixture
def office(guizhou) -> Organisation:
    return actions.create_organisation(
        kind="regulator", name="贵州省邮政管理局", parent=None, place=guizhou, by=SYSTEM, now=NOW
    )
