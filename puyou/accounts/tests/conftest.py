"""Offices of two provinces and the people in them."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from puyou.accounts import actions
from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core import clock, paths
from puyou.places.models import Place
from puyou.places.queries import get_place

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SYSTEM = Scope.system("tests")
PASSWORD = "correct-horse-battery"


def neighbour() -> Place:
    """Another province, which the template does not hold."""
    nation = get_place("000000000000")
    row = Place.objects.filter(code="530000000000").first()
    if row is None:
        row = Place.objects.create(
            code="530000000000",
            name="云南省",
            level=1,
            kind="admin",
            parent=nation,
            path="-",
            valid_from=TODAY,
        )
        row.path = nation.path + paths.step(row.pk)
        row.save()
    return row


def officer(username: str, role: str, place: Place, name: str = "李四") -> User:
    """A person who acts in a role at a place, with a password of their own."""
    user, _ = actions.open_account(username=username, name=name, role=role, place=place, by=SYSTEM, now=NOW)
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.save()
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def _frozen():
    with clock.frozen(NOW):
        yield


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch):
    """Argon2 as ever, with as little work as it allows."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


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
