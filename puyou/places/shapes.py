"""The supplied outlines of divisions, found by layer and code without reading whole files into objects."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from puyou.places.problems import NO_DATA

LAYERS = {1: "provinces", 2: "cities", 3: "counties"}
LINES = "boundary_lines"
_CODE = re.compile(rb'"code":\s?"(\d{6})"')


@dataclass(frozen=True)
class Shape:
    """One outline as supplied: ``code`` and ``parent`` of six digits, ``center`` a label point [lon, lat]."""

    code: str
    name: str
    parent: str
    center: list[float]
    geometry: dict[str, Any]


@cache
def _lines(file: Path) -> dict[str, bytes]:
    """Each feature's line of a layer by its code; the files hold one feature per line."""
    if not file.is_file():
        raise NO_DATA(name=file.name)
    found = {}
    for line in file.read_bytes().splitlines():
        match = _CODE.search(line)
        if match:
            found[match[1].decode()] = line.rstrip(b",")
    return found


def find(folder: Path, level: int, code: str) -> Shape | None:
    """The outline of a code in the layer of a level (1 to 3), if there is one."""
    line = _lines(folder / f"{LAYERS[level]}.geojson").get(code)
    if line is None:
        return None
    feature = json.loads(line)
    own = feature["properties"]
    return Shape(code, own["name"], own["parent"], own["center"], feature["geometry"])


def codes(folder: Path, level: int) -> list[str]:
    """All codes of a layer, in order."""
    return sorted(_lines(folder / f"{LAYERS[level]}.geojson"))


def codes_under(folder: Path, level: int, parent: str) -> list[str]:
    """The codes of a layer whose parent, as supplied, is ``parent``; in order."""
    own = re.compile(rb'"parent":\s?"' + parent.encode() + rb'"')
    lines = _lines(folder / f"{LAYERS[level]}.geojson")
    return sorted(code for code, line in lines.items() if own.search(line))


def boundary_lines(folder: Path) -> list[dict[str, Any]]:
    """The lines that belong to a map of the whole territory, as supplied: GeoJSON features with a name."""
    file = folder / f"{LINES}.geojson"
    if not file.is_file():
        raise NO_DATA(name=file.name)
    features: list[dict[str, Any]] = json.loads(file.read_bytes())["features"]
    return features


def bounds(geometries: list[dict[str, Any]]) -> list[float]:
    """West, south, east, north of some geometries, in degrees; empty when there are none."""
    pairs = [pair for geometry in geometries for pair in _pairs(geometry["coordinates"])]
    if not pairs:
        return []
    longitudes, latitudes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]


def _pairs(nested: list[Any]) -> list[list[float]]:
    if nested and isinstance(nested[0], int | float):
        return [nested]
    return [pair for part in nested for pair in _pairs(part)]
