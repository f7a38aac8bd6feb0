"""The cast of this room's tests: officers, a company and its neighbour, a kind made up for the tests."""

from datetime import UTC, date, datetime
from typing import Any

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope, scope_for
from puyou.accounts.tests import offices
from puyou.ledgers import actions, queries
from puyou.ledgers.models import LedgerEntry
from puyou.places.models import Place
from puyou.places.queries import get_place

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SYSTEM = Scope.system("tests")
VEHICLE = {
    "vehicle_number": "黔邮0001", "type": "van", "energy": "electric", "use": "rural", "price": "12.5",
    "bought_on": "2026-03-05",
}  # fmt: skip


def people() -> dict[str, User]:
    """A national officer, the province's, two of a city, the county's company, the next one's, another province's."""
    zunyi, county, other = get_place("5203"), get_place("520302"), get_place("520303")
    return {
        "national": offices.officer("national", "national_regulator", get_place("000000000000")),
        "province": offices.officer("province", "provincial_regulator", get_place("52")),
        "city": offices.officer("city", "city_regulator", zunyi),
        "second": offices.officer("second", "city_regulator", zunyi),
        "company": offices.officer("company", "company_manager", county),
        "rival": offices.officer("rival", "company_manager", other),
        "elsewhere": offices.officer("elsewhere", "provincial_regulator", offices.neighbour()),
    }


def company_of(user: User) -> Organisation:
    assert user.organisation is not None
    return user.organisation


def entry(
    by: User, code: str = "vehicle", said: dict[str, Any] | None = None, *, place: str = "520302", submit: bool = True,
    operator: Organisation | None = None, **how: Any,
) -> LedgerEntry:  # fmt: skip
    kind = queries.get_kind(code)
    own = company_of(by) if company_of(by).kind == Organisation.Kind.OPERATOR else None
    return actions.create_entry(
        version=kind.version, place=get_place(place), operator=operator or own, said=VEHICLE if said is None else said,
        submit=submit, office=by.organisation, scope=scope_for(by), by=by, now=NOW, **how,
    )  # fmt: skip


def confirmed(
    by: User, officer: User, code: str = "vehicle", said: dict[str, Any] | None = None, **how: Any
) -> LedgerEntry:
    made = entry(by, code, said, **how)
    if made.status == "confirmed":
        return made
    return actions.confirm_entry(
        entry_id=made.pk, expected=made.turn, scope=scope_for(officer), by=officer, now=NOW
    )


def place(code: str) -> Place:
    return get_place(code)
