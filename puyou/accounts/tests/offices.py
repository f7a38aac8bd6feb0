"""Offices of two provinces and the people in them, for any test that asks who may do what."""

from datetime import UTC, date, datetime

from django.test import Client

from puyou.accounts import actions
from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core import paths
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
