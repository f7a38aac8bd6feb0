"""The full visits of one county: tours over its villages, walked day by day, with the truth kept aside."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.core.clock import SHANGHAI
from puyou.places.models import Place
from puyou.simulator import traces
from puyou.simulator.nation import Nation
from puyou.simulator.traces import METRES_PER_DEGREE, Made, Stop, Tour

VISIT_WEEKS = 8
SPREAD_M = 2_500.0  # how far invented village points lie from their township's
SHARING = 0.08  # share of villages received at the point of the village before


@dataclass(frozen=True, eq=False)
class County:
    """A county's villages in the nation (rows), their points and its tours, one per round."""

    place: Place
    rows: NDArray[np.intp]
    stops: list[Stop]
    shared: dict[int, int]  # stop number → the stop at whose point it is received
    tours: dict[int, Tour]  # by round


def settle(nation: Nation, place: Place, numbers: dict[int, tuple[str, str]], seed: int) -> County:
    """Lay a county out. ``numbers`` gives (courier number, device identifier) by round."""
    random = np.random.default_rng([seed, 5, place.pk])
    land = nation.geography
    rows = np.flatnonzero(land.county == place.pk)
    stops, shared = _stops(land.place_id[rows], random)
    tours: dict[int, Tour] = {}
    for at, row in enumerate(rows):
        courier, device = numbers[int(land.round[row])]
        home = (stops[at].lon, stops[at].lat)
        tours.setdefault(int(land.round[row]), Tour(courier, device, home, [])).stops.append(stops[at])
    traces.give_habits(list(tours.values()), random)
    return County(place, rows, stops, shared, tours)


def _stops(ids: NDArray[Any], random: np.random.Generator) -> tuple[list[Stop], dict[int, int]]:
    known = Place.objects.in_bulk([int(i) for i in ids])
    towns = Place.objects.in_bulk({village.parent_id for village in known.values()})
    middle = _middle([*towns.values(), *known.values()])
    stops: list[Stop] = []
    shared: dict[int, int] = {}
    for at, village in enumerate(known[int(i)] for i in ids):
        if at and random.random() < SHARING and known[int(ids[at - 1])].parent_id == village.parent_id:
            shared[at] = shared.get(at - 1, at - 1)
            stops.append(Stop(village.code, stops[at - 1].lon, stops[at - 1].lat))
            continue
        stops.append(_stop(village, towns[village.parent_id or 0], middle, random))
    return stops, shared


def _middle(placed: list[Place]) -> tuple[float, float]:
    """The middle of the places that have a point; the nation's when none has."""
    lons = [place.lon for place in placed if place.lon is not None]
    lats = [place.lat for place in placed if place.lat is not None]
    return (float(np.median(lons)), float(np.median(lats))) if lons and lats else (105.0, 35.0)


def _stop(village: Place, town: Place, middle: tuple[float, float], random: np.random.Generator) -> Stop:
    if village.lon is not None and village.lat is not None:
        return Stop(village.code, village.lon, village.lat)
    lon, lat = (town.lon, town.lat) if town.lon is not None and town.lat is not None else middle
    east, north = random.normal(0, SPREAD_M, 2)
    width = METRES_PER_DEGREE * float(np.cos(np.radians(lat)))
    return Stop(village.code, round(lon + east / width, 6), round(lat + north / METRES_PER_DEGREE, 6))


def visits(nation: Nation, county: County, now: datetime, seed: int) -> list[Made]:
    """Every visit of the county's last weeks that has reached the server by ``now``."""
    random = np.random.default_rng([seed, 6, county.place.pk])
    return [
        made
        for week in range(max(0, nation.weeks - VISIT_WEEKS), nation.weeks)
        for made in _week(nation, county, week, random)
        if made.sent_at < now
    ]


def take_out_of_history(nation: Nation, county: County) -> None:
    """The weeks that will be told visit by visit must not stand in the day sets as well."""
    nation.year.served[-VISIT_WEEKS:, county.rows] = 0


def _week(nation: Nation, county: County, week: int, random: np.random.Generator) -> Iterator[Made]:
    land, monday = nation.geography, nation.first.shift(week).monday
    masks = nation.year.served[week, county.rows]
    for day in range(7):
        calls: dict[int, list[Stop]] = defaultdict(list)
        for at in np.flatnonzero(masks >> day & 1):
            calls[int(land.round[county.rows[at]])].append(county.stops[at])
        midnight = datetime.combine(monday + timedelta(days=day), time.min, SHANGHAI).astimezone(UTC)
        for number, stops in calls.items():
            yield from traces.walk(county.tours[number], stops, midnight, random)


def write_labels(path: Path, made: list[Made]) -> None:
    """The truth about every visit, for evaluation only: id, courier, device, kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["visit_id", "courier", "device", "truth"])
        writer.writerows([visit.id, visit.courier, visit.device, visit.truth] for visit in made)
