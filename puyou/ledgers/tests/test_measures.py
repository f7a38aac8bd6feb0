"""Figures counted from entries: stock, flow, cumulative, distinct; missing is not zero; every figure is its rows."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.accounts.scopes import scope_for
from puyou.core.problems import Problem
from puyou.ledgers import measures
from puyou.ledgers.tests.cast import VEHICLE, company_of, confirmed, entry
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db
OUTSIDE = ("rival", "elsewhere")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def value(
    user: Any, code: str, first: date = YEAR[0], last: date = YEAR[1], place: str = "5203"
) -> Decimal | None:
    return measures.measure_value(
        scope_for(user), measures.get_measure(f"ledger.{code}"), get_place(place), first, last
    ).value


def service(people: dict[str, Any], outlet: str, kind: str, opened: str = "2026-02-01", **rest: str) -> None:
    said = {"outlet_name": f"{outlet}支局", "outlet": outlet, "service": kind, "opened_on": opened} | rest
    confirmed(people["company"], people["city"], "platform_service", said)


def test_an_outlet_with_several_services_is_one_outlet(people: dict[str, Any]) -> None:
    service(people, "55001", "police")
    service(people, "55001", "tax")
    service(people, "55002", "tax", opened="2026-03-01", closed_on="2026-06-01")
    officer = people["city"]
    assert value(officer, "platform_service.outlets", last=date(2026, 4, 30)) == 2
    assert value(officer, "platform_service.tax_outlets", last=date(2026, 4, 30)) == 2
    assert (
        value(officer, "platform_service.outlets") == value(officer, "platform_service.police_outlets") == 1
    )
    assert (
        value(officer, "platform_service.outlets", last=date(2026, 6, 1)) == 1
    )  # closed that day: no longer
    assert value(officer, "platform_service.medical_outlets") == 0
    assert (
        value(officer, "platform_service.police_cities")
        == value(officer, "platform_service.tax_provinces")
        == 1
    )


def test_missing_is_not_zero(people: dict[str, Any]) -> None:
    assert value(people["city"], "vehicle.in_use") is None
    entry(people["company"])
    assert value(people["city"], "vehicle.in_use") is None  # nobody confirmed it yet
    confirmed(people["company"], people["city"], said=VEHICLE | {"vehicle_number": "2"})
    assert value(people["city"], "vehicle.in_use") == 1
    assert value(people["city"], "vehicle.bought", date(2025, 1, 1), date(2025, 12, 31)) == 0
    assert value(people["city"], "vehicle.in_use", place="520303") is None


def test_flow_and_cumulative_sums(people: dict[str, Any]) -> None:
    for month, amount in (("2025-12-01", "700万"), ("2026-01-01", "2.5亿"), ("2026-02-01", "0.0001")):
        said = {"outlet": "55001", "service": "tax", "month": month, "pieces": "10", "amount": amount}
        confirmed(people["company"], people["city"], "platform_volume", said)
    officer = people["city"]
    assert value(officer, "platform_volume.pieces") == 20
    assert value(officer, "platform_volume.tax_total") == Decimal("25700.0001")
    assert value(officer, "platform_volume.tax_total", date(2025, 1, 1), date(2025, 12, 31)) == 700


def test_scope_bounds_every_figure(people: dict[str, Any]) -> None:
    confirmed(people["company"], people["city"])
    seen = {
        name: value(people[name], "vehicle.in_use", place="520302") for name in people if name not in OUTSIDE
    }
    assert set(seen) == {"company", "city", "second", "province", "national"} and set(seen.values()) == {1}
    for who, place in (("rival", "520302"), ("elsewhere", "520302"), ("city", "52")):
        with pytest.raises(Problem) as refused:
            value(people[who], "vehicle.in_use", place=place)
        assert refused.value.status == 403


def test_every_measure_of_every_kind_can_be_read(people: dict[str, Any]) -> None:
    found = measures.list_measures(scope_for(people["national"]))
    assert len(found) > 50 and len({each.code for each in found}) == len(found)
    for each in found:
        assert measures.get_measure(each.code) == each and each.told.startswith("已确认记录")
        reading = measures.measure_value(scope_for(people["national"]), each, get_place("52"), *YEAR)
        assert reading.value is None and reading.rows.startswith("/ledgers/")
    for code in ("vehicle.in_use", "ledger.none.x", "ledger.vehicle.none"):
        with pytest.raises(Problem):
            measures.get_measure(code)
    with pytest.raises(Problem, match="晚于"):
        measures.measure_value(scope_for(people["national"]), found[0], get_place("52"), YEAR[1], YEAR[0])


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(DAYS, st.integers(0, 10**9), st.sampled_from(["520302", "520303"])), max_size=5), DAYS
)
def test_a_whole_is_the_sum_of_its_parts(
    people: dict[str, Any], said: list[tuple[date, int, str]], cut: date
) -> None:
    """Flows add up over neighbouring periods and over places, and equal the cumulative figure from the beginning."""
    made = []
    for day, amount, code in said:
        by = people["company"] if code == "520302" else people["rival"]
        data = {
            "subject": "建制村",
            "use": "village",
            "fund": "central",
            "amount": str(amount),
            "paid_on": str(day),
        }
        made.append(confirmed(by, people["city"], "investment", data, place=code, operator=company_of(by)))
    officer, begin, end = people["city"], date(2025, 1, 1), date(2026, 12, 31)

    def total(first: date, last: date, place: str = "5203", code: str = "investment.amount") -> Decimal:
        return value(officer, code, first, last, place) or Decimal(0)

    truth = sum(amount for day, amount, _ in said)
    after = total(date.fromordinal(cut.toordinal() + 1), end) if cut < end else Decimal(0)
    assert total(begin, cut) + after == total(begin, end) == truth
    assert total(begin, end, "520302") + total(begin, end, "520303") == truth
    assert total(begin, end, code="investment.village_total") == truth
    type(made[0]).objects.filter(pk__in=[each.pk for each in made]).update(
        status="withdrawn"
    ) if made else None
