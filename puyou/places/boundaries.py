"""Maps of divisions as GeoJSON: what is drawn under a place, and the points known there."""

import gzip
import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from puyou.places import queries, shapes, snapshot
from puyou.places.history import subtree
from puyou.places.models import LEVELS, Kind, Place

COUNTY = 3
KEPT = 48
_kept: OrderedDict[str, "Answer"] = OrderedDict()


@dataclass(frozen=True)
class Answer:
    """A map ready to be sent: GeoJSON, its gzip, and a tag that changes with the tree and the files."""

    tag: str
    body: bytes
    packed: bytes


def _folder() -> Path:
    return Path(settings.DATA_DIR)


def tag() -> str:
    """What every map now is made of: the tree's stamp and the supplied files."""
    return f"{snapshot.stamp()[:13]}-{_files(_folder())}"


@cache
def _files(folder: Path) -> str:
    names = [f"{name}.geojson" for name in (*shapes.LAYERS.values(), shapes.LINES)]
    sizes = [(folder / name).stat().st_size if (folder / name).is_file() else 0 for name in names]
    return hashlib.sha256(repr(sizes).encode()).hexdigest()[:8]


def get_map(code: str) -> Answer:
    """The map of a place by its code, kept in this process."""
    mark = tag()
    key = f"{code}/{mark}"
    if key not in _kept:
        text = json.dumps(collection(queries.get_place(code)), ensure_ascii=False, separators=(",", ":"))
        body = text.encode()
        _kept[key] = Answer(mark, body, gzip.compress(body, 9, mtime=0))
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def collection(place: Place) -> dict[str, Any]:
    """A GeoJSON collection of what is drawn for a place, with ``bbox``, ``outline`` and ``missing``.

    The nation shows its provinces and the boundary lines; a province its cities and the counties it
    administers itself; a city its counties; anything else its own outline or, having none, that of the
    nearest place above (``outline`` true). Features: ``kind`` place (``code`` of 12 digits, ``name``,
    ``level``, ``center``), neutral (an outline that is no division of ours) or line. ``missing`` lists the
    children that have no outline.
    """
    children = drawn_children(place)
    features = [feature for child in children if (feature := _drawn(child, place.level))]
    drawn = {feature["properties"]["code"] for feature in features}
    missing = [{"code": c.code, "name": c.name} for c in children if c.code not in drawn]
    outline = not features
    if outline:
        features, missing = _outline(place), []
    else:
        features += _neutral(place)
    bbox = shapes.bounds([feature["geometry"] for feature in features])
    if place.level == 0:
        features += [_line(feature) for feature in shapes.boundary_lines(_folder())]
    return {
        "type": "FeatureCollection",
        "code": place.code,
        "name": place.name,
        "outline": outline,
        "missing": missing,
        "bbox": bbox,
        "features": features,
    }


def drawn_children(place: Place) -> list[Place]:
    """The children of a place down to counties, a virtual one replaced by its own children."""
    if place.level >= COUNTY:
        return []
    own = list(Place.objects.filter(parent=place, valid_to=None, level__lte=COUNTY).order_by("code"))
    virtual = [child.pk for child in own if child.kind == Kind.VIRTUAL]
    below = Place.objects.filter(parent__in=virtual, valid_to=None, level__lte=COUNTY)
    return sorted([*(c for c in own if c.kind != Kind.VIRTUAL), *below], key=lambda child: child.code)


def _layers(view: int) -> list[int]:
    """Where to look when a place of level ``view`` is drawn: one layer first, so that borders meet."""
    finest = min(view + 1, COUNTY)
    return sorted(shapes.LAYERS, key=lambda level: abs(level - finest))


def _shape(geo_code: str, layers: list[int]) -> shapes.Shape | None:
    found = (shapes.find(_folder(), level, geo_code) for level in layers if geo_code)
    return next((shape for shape in found if shape), None)


def _drawn(place: Place, view: int) -> dict[str, Any] | None:
    shape = _shape(place.geo_code, _layers(view))
    return _feature(place, shape) if shape else None


def _feature(place: Place, shape: shapes.Shape) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": int(place.code),
        "properties": {
            "kind": "place",
            "code": place.code,
            "name": place.name,
            "level": LEVELS[place.level],
            "center": shape.center,
        },
        "geometry": shape.geometry,
    }


def _outline(place: Place) -> list[dict[str, Any]]:
    """The outline of the place itself or of the nearest one above that has any."""
    for candidate in [place, *reversed(queries.ancestors(place))]:
        shape = _shape(candidate.geo_code, _layers(candidate.level - 1))
        if shape:
            return [_feature(candidate, shape)]
    return []


def outline_rings(place: Place, digits: int = 4) -> list[list[list[float]]]:
    """The rings of a place's outline, or of the nearest one above that has any; degrees, rounded (4: 11 m)."""
    rings: list[list[list[float]]] = []
    for feature in _outline(place):
        geometry = feature["geometry"]
        polygons = (
            geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        )
        rings += [_rounded(ring, digits) for polygon in polygons for ring in polygon]
    return rings


def _rounded(ring: list[list[float]], digits: int) -> list[list[float]]:
    """A ring with fewer digits, without points that fell together."""
    kept: list[list[float]] = []
    for pair in ring:
        point = [round(pair[0], digits), round(pair[1], digits)]
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def _neutral(place: Place) -> list[dict[str, Any]]:
    """Supplied outlines inside a province or city that belong to none of our divisions, such as farms."""
    if place.level not in (1, 2):
        return []
    layer = place.level + 1
    candidates = shapes.codes_under(_folder(), layer, place.geo_code)
    outlined = Place.objects.exclude(geo_code="")
    ours = set(outlined.filter(geo_code__in=candidates).values_list("geo_code", flat=True))
    found = [shapes.find(_folder(), layer, code) for code in candidates if code not in ours]
    return [
        {
            "type": "Feature",
            "properties": {"kind": "neutral", "code": shape.code + "000000", "name": shape.name},
            "geometry": shape.geometry,
        }
        for shape in found
        if shape
    ]


def _line(feature: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"kind": "line", "name": feature["properties"]["name"]},
        "geometry": feature["geometry"],
    }


@dataclass(frozen=True)
class Point:
    """Where a township or village is known to be; degrees, WGS-84."""

    place_id: int
    code: str
    name: str
    level: int
    lon: float
    lat: float


def points_under(place: Place, level: int = 5) -> list[Point]:
    """The known points of a level (4 townships, 5 villages) at and below a place, in code order."""
    rows = subtree(place.path).filter(level=level).order_by("code")
    return [
        Point(pk, code, name, level, lon, lat)
        for pk, code, name, lon, lat in rows.values_list("pk", "code", "name", "lon", "lat")
        if lon is not None and lat is not None
    ]
