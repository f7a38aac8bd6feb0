"""A small town to look at: two townships of one county and one of another, judged on a Friday."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from puyou.accounts.tests.offices import NOW, neighbour, officer, signed_in
from puyou.atlas import figures
from puyou.compliance import actions as compliance
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.places.models import Place
from puyou.places.queries import get_place

WEEK = date(2026, 11, 9)  # 2026-W46: over, still provisional on the frozen Friday of W47
SETTLED = date(2026, 10, 26)  # 2026-W44
NATION, PROVINCE = "000000000000", "520000000000"


@dataclass(frozen=True)
class Town:
    """The villages with duties, and the places above them."""

    villages: list[Place]
    township: Place
    county: Place
    city: Place
    far: Place

    @property
    def chain(self) -> list[str]:
        """Codes from the nation down to a village that missed."""
        above = [NATION, PROVINCE, self.city.code, self.county.code, self.township.code]
        return [*above, self.villages[0].code]


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    figures._kept.clear()
    with clock.frozen(NOW):
        yield


@pytest.fixture
def town(db: None) -> Town:
    """Eight villages in W46: met, missed by none, one or two of three, an excused one, a remote one, far away ones."""
    near = cast.villages_of("520526", 60)
    first = [one for one in near if one.parent_id == near[0].parent_id][:4]
    second = [one for one in near if one.parent_id != near[0].parent_id][:2]
    far = cast.villages_of("520201", 2)
    for village in [*first, *second[:1], *far]:
        cast.lay_duty(village)
    cast.lay_duty(second[1], times=1, area=3)
    monday = WEEK
    cast.serve(first[1], [monday])
    cast.serve(first[2], cast.days_from(monday, 3))
    cast.excuse(first[3], monday, date(2026, 11, 16))
    cast.serve(second[0], cast.days_from(monday, 5))
    cast.serve(second[1], [date(2026, 11, 14)])
    cast.serve(far[0], cast.days_from(monday, 3))
    for village in [*first, *second, *far]:
        cast.serve(village, cast.days_from(SETTLED, 3 if village != far[1] else 2))
    compliance.bring_up_to_date(now=NOW)
    county = get_place("520526")
    return Town(
        [*first, *second, *far], Place.objects.get(pk=first[0].parent_id), county, get_place("5205"), far[0]
    )


@pytest.fixture
def desk(town: Town) -> Client:
    """An officer of the nation."""
    return signed_in(officer("nation.officer", "national_regulator", get_place(NATION)))


@pytest.fixture
def stranger(town: Town) -> Client:
    """An officer of another province."""
    return signed_in(officer("yunnan.officer", "provincial_regulator", neighbour()))
