"""Finding the place that holds a position: the county by its outline, then the nearest known village or township."""

from math import cos, radians
from typing import Any

from puyou.places import boundaries, queries, rules
from puyou.places.history import subtree
from puyou.places.models import Place

VILLAGE_KM, TOWNSHIP_KM = 3.0, 15.0
COUNTY = 3
KM_OF_DEGREE = 111.2
Rings = list[list[list[float]]]


def locate(lon: float, lat: float) -> Place | None:
    """The lowest place that a position (degrees, WGS-84) surely lies in or right beside; None outside all outlines."""
    here = queries.get_root()
    while here.level < COUNTY:
        below = _child_at(here, lon, lat)
        if below is None:
            break
        here = below
    if here.level == 0:
        return None
    for level, reach in ((5, VILLAGE_KM), (4, TOWNSHIP_KM)):
        near = _nearest(here, level, lon, lat, reach)
        if near is not None:
            return near
    return here


def _child_at(place: Place, lon: float, lat: float) -> Place | None:
    for feature in boundaries.collection(place)["features"]:
        properties = feature["properties"]
        if properties["kind"] == "place" and properties["code"] != place.code:
            if rules.holds(_rings(feature["geometry"]), lon, lat):
                return queries.get_place(properties["code"])
    return None


def _rings(geometry: dict[str, Any]) -> Rings:
    several = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if several else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def _nearest(place: Place, level: int, lon: float, lat: float, reach_km: float) -> Place | None:
    """The nearest known point of a level below a place, within reach."""
    high = reach_km / KM_OF_DEGREE
    wide = high / max(cos(radians(lat)), 0.1)
    near = subtree(place.path).filter(
        level=level, valid_to=None, lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high)
    )
    found = [(_km(one, lon, lat), one.pk, one) for one in near]
    best = min(found, default=None, key=lambda each: each[:2])
    return best[2] if best and best[0] <= reach_km else None


def _km(place: Place, lon: float, lat: float) -> float:
    assert place.lon is not None and place.lat is not None
    east = (place.lon - lon) * cos(radians(lat))
    return float(((place.lat - lat) ** 2 + east**2) ** 0.5 * KM_OF_DEGREE)
