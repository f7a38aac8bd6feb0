"""The clock stands still, and there are officers of two provinces and a company."""

from collections.abc import Iterator
from typing import Any

import pytest

from puyou.accounts.tests import offices
from puyou.core import clock
from puyou.places.queries import get_place


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with clock.frozen(offices.NOW):
        yield


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    zunyi, county = get_place("5203"), get_place("520302")
    return {
        "national": offices.officer("national", "national_regulator", get_place("000000000000")),
        "province": offices.officer("province", "provincial_regulator", get_place("52")),
        "city": offices.officer("city", "city_regulator", zunyi),
        "second": offices.officer("second", "city_regulator", zunyi),
        "company": offices.officer("company", "company_manager", county),
        "elsewhere": offices.officer("elsewhere", "provincial_regulator", offices.neighbour()),
    }
