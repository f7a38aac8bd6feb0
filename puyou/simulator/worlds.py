"""A made-up land for evaluations, and simulated days as columns of evidence, without any database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.scrutiny.arrays import Evidence, Trail
from puyou.simulator import cheats, crew, days, noise
from puyou.simulator.crew import Crew
from puyou.simulator.days import Day, Stops

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TOURS_PER_COUNTY = 26
CALLING = 0.55  # share of a round's villages called at on a day
TAGGED, SHARED, URBAN, CLOSE = 0.35, 0.08, 0.06, 0.05
SKEW_LIMIT_S = 600


@dataclass(frozen=True, eq=False)
class World:
    """Couriers and the villages of their rounds."""

    crew: Crew
    stops: Stops
    seed: int


def imagine(tours: int, seed: int, cheating: float = crew.CHEATING) -> World:
    """A land of ``tours`` rounds of four to ten villages around townships."""
    random = np.random.default_rng([seed, 71])
    county = np.arange(tours) // TOURS_PER_COUNTY
    middle_lon = 98 + 22 * random.random(county[-1] + 1)
    middle_lat = 24 + 18 * random.random(county[-1] + 1)
    town_lon, town_lat = noise.shifted(
        middle_lon[county], middle_lat[county], *random.normal(0, 15_000, (2, tours))
    )
    number = random.integers(4, 11, tours)
    tour = np.repeat(np.arange(tours), number)
    spread = np.where(random.random(tours) < URBAN, 600, random.uniform(1500, 4500, tours))
    lon, lat = noise.shifted(
        town_lon[tour], town_lat[tour], *(random.normal(0, 1, (2, len(tour))) * spread[tour])
    )
    stops = lay_out(tour, county[tour], lon, lat, spread[tour] < 1000, random)
    home_lon, home_lat = noise.shifted(town_lon, town_lat, *random.normal(0, 900, (2, tours)))
    return World(crew.hire(home_lon, home_lat, county, number, random, cheating), stops, seed)


def lay_out(
    tour: Ints, county: Ints, lon: Floats, lat: Floats, urban: NDArray[np.bool_], random: np.random.Generator,
    place: Ints | None = None, point: Ints | None = None,
) -> Stops:  # fmt: skip
    """Stops at positions; some villages lie 200 metres apart, some share a point with the one before."""
    count = len(tour)
    if point is None:
        after = np.r_[False, tour[1:] == tour[:-1]]
        close = after & (random.random(count) < CLOSE)
        shared = after & ~close & (random.random(count) < SHARED)
        lon, lat, point = lon.copy(), lat.copy(), np.zeros(count, np.int64)
        for at in np.flatnonzero(close | shared):
            lon[at], lat[at] = lon[at - 1], lat[at - 1] + (0 if shared[at] else 200 / noise.METRES_PER_DEGREE)
            if shared[at]:
                point[at] = point[at - 1] = point[at - 1] or at
    lon, lat = noise.degrees(lon), noise.degrees(lat)
    cached = [noise.degrees(each) for each in noise.shifted(lon, lat, *random.normal(0, 60, (2, count)))]
    copied = [noise.degrees(each) for each in noise.shifted(lon, lat, *random.normal(0, 18, (2, count)))]
    return Stops(
        tour=tour, place=np.arange(1, count + 1) if place is None else place, county=county, point=point, lon=lon,
        lat=lat, tagged=random.random(count) < TAGGED, coarse=urban, cached_lon=cached[0], cached_lat=cached[1],
        copied_lon=copied[0], copied_lat=copied[1],
    )  # fmt: skip


def live(world: World, day: int, calls: Ints | None = None) -> Day:
    """What everybody's phones say of one day (days since 1970); the same seed and day say the same."""
    random = np.random.default_rng([world.seed, 72, day])
    if calls is None:
        calls = np.flatnonzero(random.random(len(world.stops.tour)) < CALLING)
    told = days.tell(world.crew, world.stops, days.call_twice(calls, random), day, random)
    cheats.make_up(told, world.crew, world.stops, random)
    return told


def identifiers(told: Day) -> NDArray[np.uint8]:
    """An id for each visit, made of its day and row."""
    found = np.zeros((len(told), 16), np.uint8)
    found[:, :8] = np.full(len(told), told.day).astype(">i8").view(np.uint8).reshape(-1, 8)
    found[:, 8:] = np.arange(len(told)).astype(">i8").view(np.uint8).reshape(-1, 8)
    return found


def evidence_of(world: World, told: Day, before: Sequence[Day]) -> Evidence:
    """A simulated day as the server would read it to score it; ``before``: the days before it."""
    stops, call = world.stops, told.call
    app = told.source == 0
    shared = _shared(told.device, told.tour)
    pictures = np.concatenate([told.picture, *(each.picture for each in before)])
    _, which, counts = np.unique(pictures, return_inverse=True, return_counts=True)
    copies = np.where(told.picture != 0, counts[which][: len(told)] - 1, 0)
    trails = [_trail(world, each) for each in before]
    past = (
        Trail(**{name: np.concatenate([each[name] for each in trails]) for name in trails[0]})
        if trails
        else None
    )
    signed = app & (told.signature > 0)
    return Evidence(
        **_trail(world, told), past=past or Trail(**_trail(world, told)).take(slice(0, 0)),
        wanted=np.ones(len(told), bool), place=stops.place[call], county=stops.county[call] + 1,
        happened=np.round(told.told * 1e6).astype(np.int64), source=told.source,
        distance=noise.metres(told.lon, told.lat, stops.lon[call], stops.lat[call]),
        clock_wrong=np.abs(told.skew) > SKEW_LIMIT_S, shared_device=shared, foreign_device=told.device != told.tour,
        signature=told.signature, chain=told.chain,
        nonce=np.where(signed, np.nan_to_num(told.nonce) * 1e6, 0).astype(np.int64),
        fix_age=np.where(app, told.fix_age, np.nan), session=told.session,
        monotonic=(np.nan_to_num(told.monotonic, nan=-0.001) * 1000).astype(np.int64), wall_jump=told.wall_jump,
        tag=told.tag, tag_offered=stops.tagged[call], photo_asked=np.zeros(len(call), bool), photos=told.photos,
        photo_copies=copies, photo_likes=told.likeness, mock=told.mock, rooted=told.rooted, approach=told.approach,
    )  # fmt: skip


def _trail(world: World, told: Day) -> dict[str, NDArray[Any]]:
    stops, call = world.stops, told.call
    return {
        "ids": identifiers(told), "day": np.full(len(told), told.day),
        "moment": np.round((told.told - told.skew) * 1e6).astype(np.int64), "courier": told.tour + 1,
        "device": np.where(told.source == 2, 0, told.device + 1), "lon": told.lon, "lat": told.lat,
        "accuracy": told.accuracy, "label": np.where(stops.point[call] != 0, -stops.point[call], stops.place[call]),
        "stop": told.stop,
    }  # fmt: skip


def _shared(device: Ints, courier: Ints) -> NDArray[np.bool_]:
    """Visits of phones that several couriers used that day."""
    least, most = (
        np.full(device.max(initial=0) + 1, courier.max(initial=0)),
        np.zeros(device.max(initial=0) + 1, np.int64),
    )
    np.minimum.at(least, device, courier)
    np.maximum.at(most, device, courier)
    return np.asarray((least < most)[device])
