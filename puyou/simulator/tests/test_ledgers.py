"""The simulated ledgers: sound entries of every sort, told once, most of them confirmed."""

from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from puyou.accounts.scopes import scope_for
from puyou.accounts.tests import offices
from puyou.core import clock
from puyou.ledgers import measures
from puyou.ledgers.models import LedgerEntry
from puyou.places.queries import get_place
from puyou.simulator import ledgers

pytestmark = pytest.mark.django_db


def test_a_countys_ledgers_are_told_once(monkeypatch: Any) -> None:
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    county, now = get_place("520526"), offices.NOW
    officer = offices.officer("city", "city_regulator", get_place("5205"))
    company = offices.officer("company", "company_manager", county)
    told = {"county": county, "officer": officer, "company": company, "seed": 2026, "now": now}
    with clock.frozen(now):
        assert ledgers.tell(**told) == LedgerEntry.objects.count() > 60  # type: ignore[arg-type]
        assert ledgers.tell(**told) == 0  # type: ignore[arg-type]
        statuses = set(LedgerEntry.objects.values_list("status", flat=True))
        assert statuses == {"submitted", "confirmed"}
        found = measures.get_measure("ledger.vehicle.in_use")
        reading = measures.measure_value(
            scope_for(officer), found, county, offices.TODAY.replace(day=1), offices.TODAY
        )
    assert reading.value is not None and reading.value > 5
