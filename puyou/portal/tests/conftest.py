"""A village with a duty, a timetable and a notice, and people at desks and before it."""

from datetime import date

import pytest
from django.test import Client

from puyou.compliance import actions as compliance
from puyou.compliance.tests import cast
from puyou.places.queries import get_place
from puyou.portal import throttling
from puyou.registry import actions as registry
from puyou.registry.tests.conftest import NOW, START, _frozen, client_of, villages_under  # noqa: F401
from puyou.villagers import actions, queries
from puyou.villagers.models import NoticeCode

COUNTY = "520526"
TODAY = date(2026, 11, 20)  # a Friday


@pytest.fixture(autouse=True)
def _full_buckets():
    for throttle in (throttling.LOOKING, throttling.SAYING, throttling.GUESSING):
        throttle._levels.clear()


@pytest.fixture
def village(db):
    """Owed three visits a week on Mondays, Wednesdays and Fridays; served on Monday and Wednesday."""
    place = villages_under(COUNTY, 1)[0]
    cast.lay_duty(place)
    cast.serve(place, [date(2026, 11, 16), date(2026, 11, 18)])
    round_ = registry.create_round(number="R1", name="一线", by="system:tests", now=NOW)
    registry.put_village_on_round(
        round_=round_, place=place, weekdays=0b0010101, valid_from=START, by="system:tests", now=NOW
    )
    compliance.bring_up_to_date(now=NOW)
    return place


@pytest.fixture
def code(village) -> NoticeCode:
    return actions.issue_code(place=village, hangs="committee", valid_from=TODAY, by="system:tests", now=NOW)


@pytest.fixture
def address(code) -> str:
    """Where the notice's square leads."""
    return f"/v/{queries.code_text(code)}/"


@pytest.fixture
def phone() -> Client:
    """A villager's phone: no account, cookies kept, forms checked as in life."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def officer(db) -> Client:
    return client_of("city_regulator", get_place(COUNTY))


@pytest.fixture
def manager(db) -> Client:
    """A company's manager of the county."""
    return client_of("company_manager", get_place(COUNTY))


@pytest.fixture
def stranger(db) -> Client:
    """An officer of another city."""
    return client_of("city_regulator", get_place("5203"))
