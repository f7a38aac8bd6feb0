"""Counties with their villages and active supervisors: what quotas, coverage and the rural share rest on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from puyou.accounts.models import in_force
from puyou.cases.supervisors.models import Supervisor
from puyou.cases.supervisors.rules import County
from puyou.places.models import Place

COUNTY, VILLAGE = 3, 5
RURAL_CLASSES = ("rural", "remote")
BELOW = "{"  # after every path step in the C collation
RURAL_CODE = "2"  # 城乡分类代码 2xx: 乡中心区, 村庄


@dataclass(frozen=True)
class Counted:
    """A county with what it brings to the sharing out."""

    place: Place
    county: County


def list_counties(place: Place, today: date) -> list[Counted]:
    """The counties at and below a place (above: itself), by code."""
    inside = Q(path__startswith=place.path, level=COUNTY) if place.level <= COUNTY else Q(pk=place.pk)
    rows: Any = counted(Place.objects.filter(inside, valid_to=None), today).order_by("code")
    return [
        Counted(row, County(row.pk, row.villages, row.rural_villages, row.supervisors > 0)) for row in rows
    ]


def counted(rows: QuerySet[Place], today: date) -> QuerySet[Place]:
    """Places with their villages and active supervisors, at them and below."""
    below = Q(path__gte=OuterRef("path"), path__lt=Concat(OuterRef("path"), Value(BELOW)))
    villages = Place.objects.filter(below, level=VILLAGE, valid_to=None)
    held = Q(place__path__gte=OuterRef("path"), place__path__lt=Concat(OuterRef("path"), Value(BELOW)))
    active = Supervisor.objects.filter(held, in_force(today, "terms__"))
    return rows.annotate(
        villages=_count(villages),
        rural_villages=_count(villages.filter(urban_rural_class__startswith=RURAL_CODE)),
        supervisors=_count(active),
        rural_supervisors=_count(active.filter(area_class__in=RURAL_CLASSES)),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows a subquery finds, 0 for none."""
    numbered = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(numbered.values("n"), output_field=IntegerField()), Value(0))


def area_class_of(place: Place) -> str:
    """The area class that the division's own urban-rural code suggests: what forms begin with."""
    code = place.urban_rural_class
    if place.level < VILLAGE or not code:
        return "township_seat" if place.level > COUNTY else "urban"
    return "rural" if code.startswith(RURAL_CODE) else "urban" if code.startswith("11") else "township_seat"
