"""How far today's rounds have come below a wide place: one row a division, to choose a county from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Substr

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.models import Round, RoundVillage
from puyou.registry.queries import visible
from puyou.visits.models import Visit


@dataclass(frozen=True)
class Coverage:
    """A division's rounds and villages of the day."""

    place: Place
    rounds: int
    begun: int
    planned: int
    visited: int

    @property
    def left(self) -> int:
        return self.planned - self.visited

    @property
    def share(self) -> float | None:
        return self.visited / self.planned if self.planned else None


def list_coverage(scope: Scope, place: Place, on: date) -> list[Coverage]:
    """What was planned and visited below each child of a place, in code order; what is in scope only."""
    length = len(place.path) + paths.STEP
    seen = Visit.objects.filter(day=on, rejected=False).values("place_id")
    here = Case(When(place_id__in=seen, then=Value(1)), default=Value(0), output_field=IntegerField())
    stops = RoundVillage.objects.filter(
        in_force(on), scope.q("place__path"), place__path__gte=place.path, place__path__lt=place.path + "{"
    )
    if not visible.whole(scope):
        stops = stops.filter(round__in=Round.objects.filter(visible.rounds(scope)))
    rows = (
        stops.annotate(running=F("weekdays").bitand(1 << on.weekday()), here=here)
        .filter(running__gt=0)
        .annotate(child=Substr("place__path", 1, length))
        .values("child")
        .annotate(
            rounds=Count("round", distinct=True),
            begun=Count("round", distinct=True, filter=Q(here=1)),
            planned=Count("pk"),
            visited=Count("pk", filter=Q(here=1)),
        )
    )
    return sorted(_told([dict(row) for row in rows]), key=lambda each: each.place.code)


def _told(rows: list[dict[str, object]]) -> Iterable[Coverage]:
    known = places.get_places({paths.ids(str(row["child"]))[-1] for row in rows})
    for row in rows:
        place = known[paths.ids(str(row["child"]))[-1]]
        yield Coverage(place, *(int(str(row[name])) for name in ("rounds", "begun", "planned", "visited")))
