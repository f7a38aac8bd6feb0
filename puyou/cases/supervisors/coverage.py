"""Which counties have an active supervisor, and how many supervisors are rural, added up for a place's children."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors.counties import COUNTY, RURAL_CLASSES
from puyou.cases.supervisors.models import Supervisor
from puyou.core import ramp
from puyou.core.paths import ids
from puyou.places import queries as places
from puyou.places.models import Place

AFTER = "{"  # after every path step in the C collation


@dataclass(frozen=True)
class Covered:
    """A place with its counties, those that have an active supervisor, and the supervisors at and below it."""

    place: Place
    counties: int
    covered: int
    supervisors: int
    rural: int

    @property
    def bare(self) -> int:
        return self.counties - self.covered

    @property
    def share(self) -> float | None:
        return self.covered / self.counties if self.counties else None

    @property
    def rural_share(self) -> float | None:
        return self.rural / self.supervisors if self.supervisors else None

    @property
    def step(self) -> str:
        return ramp.step_of(self.share)


@dataclass(frozen=True)
class _Seat:
    path: str
    rural: bool


def list_counties(scope: Scope, place: Place, today: date) -> list[Covered]:
    """Every county in sight at and below a place, by code; two queries."""
    rows = Place.objects.filter(
        scope.q("path", HANDLE),
        path__gte=place.path,
        path__lt=place.path + AFTER,
        level=COUNTY,
        valid_to=None,
    )
    return _added(list(rows.select_related("parent").order_by("code")), _seats(scope, place, today))


def list_children(scope: Scope, place: Place, counties: Iterable[Covered], today: date) -> list[Covered]:
    """The children of a place, each with what its counties say; a city's children are counties themselves."""
    found = list(counties)
    if place.level >= COUNTY - 1:
        return found
    seats = _seats(scope, place, today)
    rows = []
    for child in places.list_children(scope, place):
        inside = [one for one in found if one.place.path.startswith(child.path)]
        held = [seat for seat in seats if seat.path.startswith(child.path)]
        if inside:
            rows.append(_sum(child, inside, held))
    return rows


def total(scope: Scope, place: Place, counties: Iterable[Covered], today: date) -> Covered:
    """The place as a whole; supervisors of a city or province cover no county by themselves."""
    return _sum(place, list(counties), _seats(scope, place, today))


def _sum(place: Place, inside: list[Covered], held: list[_Seat]) -> Covered:
    covered = sum(one.covered for one in inside)
    return Covered(place, len(inside), covered, len(held), sum(seat.rural for seat in held))


def _added(counties: list[Place], seats: list[_Seat]) -> list[Covered]:
    by_county: dict[int, list[_Seat]] = {}
    for seat in seats:
        for pk in ids(seat.path):
            by_county.setdefault(pk, []).append(seat)
    return [
        _sum(place, [Covered(place, 1, int(place.pk in by_county), 0, 0)], by_county.get(place.pk, []))
        for place in counties
    ]


def _seats(scope: Scope, place: Place, today: date) -> list[_Seat]:
    rows = Supervisor.objects.filter(
        scope.q("place__path", HANDLE),
        in_force(today, "terms__"),
        place__path__gte=place.path,
        place__path__lt=place.path + AFTER,
    )
    values = rows.order_by().values_list("pk", "place__path", "area_class").distinct()
    return [_Seat(path, area in RURAL_CLASSES) for _, path, area in values]
