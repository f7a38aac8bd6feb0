"""The full visits of one county: tours over its villages, walked day by day, with the truth kept aside."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.places.models import Place
from puyou.simulator import crew as crews
from puyou.simulator import phones, telling, worlds
from puyou.simulator.days import Day
from puyou.simulator.nation import Nation
from puyou.simulator.noise import METRES_PER_DEGREE
from puyou.simulator.phones import Phone
from puyou.simulator.telling import Cast
from puyou.simulator.traces import Made, Stop
from puyou.simulator.worlds import World

EPOCH = date(1970, 1, 1).toordinal()
VISIT_WEEKS = 8
SPREAD_M = 2_500.0  # how far invented village points lie from their township's
CHEATING = 0.15  # more than elsewhere, so that a county shows most kinds
SHARING = 0.08  # share of villages received at the point of the village before


@dataclass(frozen=True, eq=False)
class County:
    """A county's villages in the nation (rows, by round), their points, its couriers and what they are called."""

    place: Place
    rows: NDArray[np.intp]
    stops: list[Stop]
    shared: dict[int, int]  # stop number → the stop at whose point it is received
    numbers: list[tuple[str, str]]  # by tour: courier number, device identifier
    world: World


def settle(nation: Nation, place: Place, numbers: dict[int, tuple[str, str]], seed: int) -> County:
    """Lay a county out. ``numbers`` gives (courier number, device identifier) by round."""
    random = np.random.default_rng([seed, 5, place.pk])
    land = nation.geography
    rows = np.flatnonzero(land.county == place.pk)
    stops, shared = _stops(land.place_id[rows], random)
    rounds, tour = np.unique(land.round[rows], return_inverse=True)
    lon, lat = np.array([stop.lon for stop in stops]), np.array([stop.lat for stop in stops])
    first = np.searchsorted(tour, np.arange(len(rounds)))
    point = np.zeros(len(stops), np.int64)
    for at, host in shared.items():
        point[at] = point[host] = host + 1
    county = np.zeros(len(rounds), np.int64)
    crew = crews.hire(lon[first], lat[first], county, np.bincount(tour), random, CHEATING)
    laid = worlds.lay_out(
        tour,
        county[tour],
        lon,
        lat,
        np.zeros(len(stops), bool),
        random,
        land.place_id[rows].astype(np.int64),
        point,
    )
    named = [numbers[int(each)] for each in rounds]
    return County(place, rows, stops, shared, named, World(crew, laid, seed))


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


def visits(nation: Nation, county: County, tags: list[str], now: datetime, seed: int) -> list[Made]:
    """Every visit of the county's last weeks that has reached the server by ``now``, in the words of the protocol."""
    random = np.random.default_rng([seed, 6, county.place.pk])
    told = [
        day
        for week in range(max(0, nation.weeks - VISIT_WEEKS), nation.weeks)
        for day in _week(nation, county, week)
    ]
    made = telling.envelopes(told, _cast(county, tags, seed), random)
    return [each for each in made if each.sent_at < now]


def phones_of(county: County, seed: int) -> list[Phone]:
    """The county's phones with their keys, by tour."""
    return [phones.make(device, seed) for _, device in county.numbers]


def _cast(county: County, tags: list[str], seed: int) -> Cast:
    hosts = {*county.shared.values()}
    points = [
        point_code(county, county.shared.get(at, at)) if at in county.shared or at in hosts else ""
        for at in range(len(county.stops))
    ]
    couriers = [courier for courier, _ in county.numbers]
    villages = [stop.code for stop in county.stops]
    return Cast(couriers, phones_of(county, seed), villages, points, tags, seed)


def point_code(county: County, host: int) -> str:
    """The code of the delivery point at a stop that hosts others."""
    return f"SIM-{county.stops[host].code}"


def take_out_of_history(nation: Nation, county: County) -> None:
    """The weeks that will be told visit by visit must not stand in the day sets as well."""
    nation.year.served[-VISIT_WEEKS:, county.rows] = 0


def _week(nation: Nation, county: County, week: int) -> Iterator[Day]:
    monday = nation.first.shift(week).monday.toordinal() - EPOCH
    masks = nation.year.served[week, county.rows]
    for day in range(7):
        calls = np.flatnonzero(masks >> day & 1)
        if len(calls):
            yield worlds.live(county.world, monday + day, calls)


def write_labels(path: Path, made: list[Made]) -> None:
    """The truth about every visit, for evaluation only: id, courier, device, kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["visit_id", "courier", "device", "truth"])
        writer.writerows([visit.id, visit.courier, visit.device, visit.truth] for visit in made)
