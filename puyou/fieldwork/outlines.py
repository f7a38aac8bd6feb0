"""The outlines that a phone draws below its villages, without any outside tiles: their counties', kept small."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from puyou.core import paths
from puyou.places import boundaries, queries
from puyou.places.models import Place

COUNTY = 3


def outlines_of(village_paths: Iterable[str]) -> list[dict[str, Any]]:
    """``[{name, rings}]`` of the counties that hold villages, given by path; divisions below have no outlines."""
    chains = [paths.ids(path) for path in village_paths]
    levels = {
        pk: place.level for pk, place in queries.get_places({pk for ids in chains for pk in ids}).items()
    }
    counties = sorted(
        {max((pk for pk in ids if levels[pk] <= COUNTY), key=levels.__getitem__) for ids in chains}
    )
    tag = boundaries.tag()
    return [outline for outline in (_outline(tag, pk) for pk in counties) if outline["rings"]]


@lru_cache(512)
def _outline(tag: str, place_id: int) -> dict[str, Any]:
    """Kept until the tree or the supplied files change, which changes the tag."""
    place: Place = queries.get_places([place_id])[place_id]
    return {"name": place.name, "rings": boundaries.outline_rings(place)}
