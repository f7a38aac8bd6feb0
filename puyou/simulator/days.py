"""A working day of many couriers on columns: where they were, what their phones said, and which of it was made up.

Honest days first, with all that is odd about honest days; ``cheats`` then writes over what was made up.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.simulator import noise
from puyou.simulator.crew import Crew
from puyou.simulator.noise import FIXES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SECOND = 1_000_000
DAY_S = 86_400
SHANGHAI_S = 8 * 3600
ROAD_M_PER_MINUTE = 300.0  # straight metres: 25 km/h on roads that wind
TWICE = 0.012  # visits made twice
SHORTCUT = 0.05  # days on a motorbike over the fields, twice as fast
MULTIPATH, NO_FIX, OLD_FIX, CACHED = 0.025, 0.02, 0.02, 0.006
CORRECTED = 0.2  # days on which a wrong clock is put right at noon
HOUSEHOLD = 0.03  # mail brought to a house at some distance from the village's point
WAITED = 0.25  # visits noted after some minutes in the village: the way in shows nobody moving
ALIKE = 0.015  # honest photos of the same wall from the same spot
CAR = 0.03  # days by car on main roads
GAP = 0.004  # envelopes whose predecessor is late
OFFLINE = 0.25


@dataclass(frozen=True, eq=False)
class Stops:
    """The villages of rounds, sorted by tour. ``point``: a shared delivery point (0 none); ``coarse``: among high
    houses, where phones often see only the network; ``cached_lon``/``cached_lat``: where networks place a phone."""

    tour: Ints
    place: Ints
    county: Ints
    point: Ints
    lon: Floats
    lat: Floats
    tagged: Bools
    coarse: Bools
    cached_lon: Floats
    cached_lat: Floats
    copied_lon: Floats
    copied_lat: Floats


@dataclass(eq=False)
class Day:
    """n visits of one day as columns; times in seconds since 1970, true unless they say otherwise.

    ``call`` is the row of ``Stops``; ``made`` when the phone wrote it, ``told`` what it claims by its own clock;
    ``picture`` names the first photo, 0 none; ``likeness`` counts photos that are almost the same.
    """

    day: int
    call: Ints
    tour: Ints
    order: Ints
    size: Ints
    truth: Ints
    made: Floats
    told: Floats
    sent: Floats
    lon: Floats
    lat: Floats
    accuracy: Floats
    fix_age: Floats
    approach: Floats
    session: Ints
    monotonic: Floats
    wall_jump: Floats
    skew: Floats
    nonce: Floats
    signature: Ints
    chain: Ints
    tag: Ints
    photos: Ints
    picture: Ints
    likeness: Ints
    mock: Ints
    rooted: Ints
    source: Ints
    device: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.call)


def call_twice(calls: Ints, random: np.random.Generator) -> Ints:
    """Now and then a village is called at twice."""
    return np.sort(np.concatenate([calls, calls[random.random(len(calls)) < TWICE]]), kind="stable")


def first_of(tour: Ints) -> Bools:
    """Whether a row begins a tour's day."""
    new = np.ones(len(tour), bool)
    new[1:] = tour[1:] != tour[:-1]
    return new


def tell(crew: Crew, stops: Stops, calls: Ints, day: int, random: np.random.Generator) -> Day:
    """An honest day over ``calls`` (rows of ``stops``, sorted). Days since 1970."""
    tour = stops.tour[calls]
    new = first_of(tour)
    start = np.maximum.accumulate(np.where(new, np.arange(len(calls)), 0))
    order = np.arange(len(calls)) - start
    size = np.bincount(tour, minlength=len(crew))[tour]
    made, stop = _times(crew, stops, calls, new, day, random)
    found = Day(
        day=day, call=calls, tour=tour, order=order, size=size, truth=np.zeros(len(calls), np.int64), made=made,
        told=made.copy(), sent=made.copy(), **_nothing(len(calls)), device=crew.device[tour],
        source=crew.source[tour], stop=stop,
    )  # fmt: skip
    _place(found, crew, stops, new, random)
    _time(found, crew, random)
    _prove(found, crew, stops, random)
    return found


def _nothing(count: int) -> dict[str, Any]:
    floats = ("lon", "lat", "accuracy", "fix_age", "wall_jump", "skew", "nonce", "monotonic")
    ints = ("session", "signature", "chain", "tag", "photos", "picture", "likeness", "mock", "rooted")
    return {name: np.full(count, np.nan) for name in floats} | {
        **{name: np.zeros(count, np.int64) for name in ints},
        "approach": np.full((count, FIXES, 4), np.nan),
    }


def _times(
    crew: Crew, stops: Stops, calls: Ints, new: Bools, day: int, random: np.random.Generator
) -> tuple[Floats, Ints]:
    """When each village is reached; villages of one shared point are served in one stop."""
    tour, count = stops.tour[calls], len(calls)
    before = np.r_[0, calls[:-1]]
    from_lon = np.where(new, crew.home_lon[tour], stops.lon[before])
    from_lat = np.where(new, crew.home_lat[tour], stops.lat[before])
    away = noise.metres(from_lon, from_lat, stops.lon[calls], stops.lat[calls])
    dice = random.random(len(crew))
    quick = np.where(dice < SHORTCUT, 2.2, np.where(dice < SHORTCUT + CAR, 3.2, 1.0))
    quick = quick * random.uniform(0.8, 1.25, len(crew))
    minutes = away / (ROAD_M_PER_MINUTE * quick[tour]) + random.uniform(3, 16, count)
    together = ~new & (stops.point[calls] != 0) & (stops.point[calls] == stops.point[before])
    minutes[together] = 0.0
    minutes[new] += random.uniform(0, 75, int(new.sum()))
    run = np.cumsum(minutes)
    begun = (run - minutes)[np.maximum.accumulate(np.where(new, np.arange(count), 0))]
    midnight = day * DAY_S - SHANGHAI_S
    number = np.cumsum(~together)
    shared = (stops.point[calls] != 0) & (np.bincount(number)[number] > 1)
    stop = np.where(shared, random.integers(1, 2**62, count)[np.searchsorted(number, number)], 0)
    made = midnight + 8 * 3600 + (run - begun) * 60
    return np.floor(made + _turns(crew, tour, made)), stop


def _turns(crew: Crew, tour: Ints, made: Floats) -> Floats:
    """Who borrows a phone honestly begins when its owner is back: seconds to wait."""
    owner = np.where(crew.habit == 0, crew.device, np.arange(len(crew)))[tour]
    first = np.searchsorted(tour, owner, "left")
    after = np.searchsorted(tour, owner, "right")
    last = made[np.maximum(after - 1, 0)]
    begun = made[np.searchsorted(tour, tour, "left")]
    return np.where((owner != tour) & (after > first), np.maximum(last + 5400 - begun, 0), 0)


def _place(told: Day, crew: Crew, stops: Stops, new: Bools, random: np.random.Generator) -> None:
    """Positions and ways in, with the errors of satellites, walls and networks."""
    count, calls, tour = len(told), told.call, told.tour
    household = (random.random(count) < HOUSEHOLD) & (told.stop == 0)
    east, north = random.normal(0, np.where(household, 450, 12), (2, count))
    true_lon, true_lat = noise.shifted(stops.lon[calls], stops.lat[calls], east, north)
    together = np.r_[False, (told.stop[1:] != 0) & (told.stop[1:] == told.stop[:-1])]
    rows = np.arange(count)
    host = np.maximum.accumulate(np.where(together, 0, rows))  # one stop: one fix
    before = np.r_[0, rows[:-1]]
    from_lon = np.where(new, crew.home_lon[tour], true_lon[before])
    from_lat = np.where(new, crew.home_lat[tour], true_lat[before])
    waited = (random.random(count) < WAITED) | crew.restarts[tour]
    from_lon, from_lat = np.where(waited, true_lon, from_lon), np.where(waited, true_lat, from_lat)
    report(told, rows, true_lon, true_lat, from_lon, from_lat, crew, random)
    _quirks(told, crew, stops, random)
    for name in ("lon", "lat", "accuracy", "fix_age", "approach"):
        column = getattr(told, name)
        column[together] = column[host[together]]


def report(
    told: Day, rows: Ints, lon: Floats, lat: Floats, from_lon: Floats, from_lat: Floats, crew: Crew,
    random: np.random.Generator,
) -> None:  # fmt: skip
    """Let the phones of some rows say where they are (really, or as a good faker makes them believe)."""
    count, tour = len(rows), told.tour[rows]
    accuracy = noise.accuracies(count, random)
    steps = np.array([5.0, 10.0, 15.0, 20.0])
    coarse = steps[np.searchsorted(steps[:-1], accuracy)]
    usual = steps[tour % 4]
    accuracy = np.where(crew.steady[tour] == 2, usual, np.where(crew.steady[tour] == 1, coarse, accuracy))
    sigma = noise.accuracies(count, random) * 0.45
    errors = noise.drifting(count, sigma, random)
    east, north = errors[:, -1, 0], errors[:, -1, 1]
    mirrored = random.random(count) < MULTIPATH
    east = east + np.where(mirrored, random.normal(0, 90, count), 0)
    told.lon[rows], told.lat[rows] = map(noise.degrees, noise.shifted(lon, lat, east, north))
    told.accuracy[rows] = accuracy
    told.fix_age[rows] = np.round(random.uniform(0, 12, count))
    narrow = noise.METRES_PER_DEGREE * np.cos(np.radians(lat))
    back_east, back_north = (from_lon - lon) * narrow, (from_lat - lat) * noise.METRES_PER_DEGREE
    seconds, way = noise.way_in(back_east, back_north, random.uniform(3, 10, count), random)
    fixes = way + errors[:, :-1]
    fix_lon, fix_lat = noise.shifted(lon[:, None], lat[:, None], fixes[:, :, 0], fixes[:, :, 1])
    blur = np.where((crew.steady[tour] == 2)[:, None], usual[:, None], accuracy[:, None])
    dull = ((crew.steady[tour] == 2) & (tour % 2 == 0))[:, None]
    blur = np.where(dull, blur, np.round(blur * random.uniform(0.8, 1.3, (count, FIXES)), 1))
    approach = np.stack([np.round(seconds, 1), noise.degrees(fix_lon), noise.degrees(fix_lat), blur], axis=2)
    told.approach[rows] = _cut(approach, crew.restarts[tour], random)


def _cut(approach: Floats, restarts: Bools, random: np.random.Generator) -> Floats:
    """Fewer fixes where the app was opened late: the last ones, moved to the front."""
    count = len(approach)
    kept = np.where(random.random(count) < 0.1, random.integers(0, FIXES, count), FIXES)
    kept = np.where(restarts, random.integers(0, 6, count), kept)
    at = np.arange(FIXES)[None, :] + (FIXES - kept)[:, None]
    cut = np.take_along_axis(approach, np.minimum(at, FIXES - 1)[:, :, None], axis=1)
    cut[np.arange(FIXES)[None, :] >= kept[:, None]] = np.nan
    return cut


def _quirks(told: Day, crew: Crew, stops: Stops, random: np.random.Generator) -> None:
    """Network positions, cached ones, old ones, none at all."""
    count, calls = len(told), told.call
    tower = stops.coarse[calls] & (random.random(count) < 0.25)
    cached = (random.random(count) < CACHED) & ~tower
    for rows, blur in ((tower, random.integers(25, 90, count) * 10.0), (cached, np.full(count, 25.0))):
        told.lon[rows], told.lat[rows] = stops.cached_lon[calls][rows], stops.cached_lat[calls][rows]
        told.accuracy[rows] = blur[rows]
    told.approach[tower] = np.nan
    old = random.random(count) < OLD_FIX
    told.fix_age[old] = np.round(random.uniform(60, 1500, int(old.sum())))
    told.approach[old] = np.nan
    lost = ~crew.gps[told.tour] | (random.random(count) < NO_FIX) | (told.source == 2)
    for name in ("lon", "lat", "accuracy", "fix_age"):
        getattr(told, name)[lost] = np.nan
    told.approach[lost | (told.source != 0)] = np.nan


def _time(told: Day, crew: Crew, random: np.random.Generator) -> None:
    """Clocks, sessions of the app, contacts with the server, and when all is sent."""
    count, tour = len(told), told.tour
    noon = told.day * DAY_S - SHANGHAI_S + 13 * 3600
    corrected = (
        (random.random(len(crew)) < CORRECTED)[tour]
        & (told.made > noon)
        & (np.abs(crew.clock_off[tour]) > 60)
    )
    off = np.where(corrected, 0.0, crew.clock_off[tour])
    told.told = np.floor(told.made + off)
    fresh = crew.restarts[tour]
    told.session = np.where(fresh, random.integers(1, 2**62, count), tour * 100_003 + told.day + 1)
    begun = told.day * DAY_S - SHANGHAI_S + 7.5 * 3600
    told.monotonic = np.where(fresh, random.uniform(4, 110, count), told.made - begun)
    told.wall_jump = np.where(corrected & ~fresh, -crew.clock_off[tour], random.normal(0, 0.4, count))
    away = crew.offline_days[tour] > 0
    out = (random.random(len(crew)) < OFFLINE)[tour]
    last = np.where(out, told.made - begun + random.uniform(0, 3600, count), random.uniform(20, 4000, count))
    days = crew.offline_days[tour]
    last = np.where(away, (told.day % np.maximum(days, 1)) * DAY_S + last, last)
    told.nonce = np.floor(told.made - last)
    end = np.maximum.reduceat(told.made, np.flatnonzero(first_of(tour))) if count else told.made
    end = end[np.cumsum(first_of(tour)) - 1] if count else end
    late = np.where(
        out, random.uniform(3, 12, len(crew))[tour] * 3600, random.uniform(1, 25, len(crew))[tour] * 60
    )
    told.sent = end + late + np.where(away, (days - told.day % np.maximum(days, 1)) * DAY_S, 0)
    told.skew = np.where(np.abs(off) > 60, off, np.round(off, 1))


def _prove(told: Day, crew: Crew, stops: Stops, random: np.random.Generator) -> None:
    """Signatures, chain, tags, photos, what the shell knows; none of it from other sources than the app."""
    count, tour = len(told), told.tour
    app = told.source == 0
    told.signature = np.where(app & crew.signs[tour], 1, 0)
    told.chain = np.where(told.signature == 1, np.where(random.random(count) < GAP, 3, 2), 0)
    told.tag = np.where(app & stops.tagged[told.call] & (random.random(count) < crew.scans[tour]), 1, 0)
    off = noise.metres(told.lon, told.lat, stops.lon[told.call], stops.lat[told.call])
    told.tag[off > 150] = 0  # the tag hangs at the village's point
    told.photos = np.where(app & (random.random(count) < crew.photographs[tour]), 1, 0)
    told.likeness = np.where((told.photos > 0) & (random.random(count) < ALIKE), 1, 0)
    told.picture = np.where(told.photos > 0, random.integers(2**40, 2**62, count), 0)
    native = app & crew.native[tour]
    told.mock = np.where(native, 0, -1)
    told.rooted = np.where(native, (random.random(len(crew)) < 0.02)[tour].astype(int), -1)
    for name in ("nonce", "monotonic", "wall_jump"):
        getattr(told, name)[~app] = np.nan
    told.session[~app] = 0
