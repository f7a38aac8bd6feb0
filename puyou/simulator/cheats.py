"""How visits are made up, kind by kind: each writes over an honest day what the cheat's phone says instead.

``skill`` decides what a cheat thinks of; nothing here knows how visits are judged.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from puyou.simulator import noise
from puyou.simulator.crew import CODE, TRUTHS, Crew
from puyou.simulator.days import DAY_S, SHANGHAI_S, Day, Stops, report
from puyou.simulator.noise import FIXES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Random = np.random.Generator
SENDING = 60.0  # seconds from noting a visit to sending it, at the least


def make_up(told: Day, crew: Crew, stops: Stops, random: Random) -> None:
    """Let those who cheat today write over their visits."""
    today = random.random(len(crew)) < crew.day_share
    begins = 1.0 - crew.visit_share[told.tour]
    chosen = today[told.tour] & (told.order >= np.floor(begins * told.size))
    told.truth = np.where(chosen, crew.habit[told.tour], 0)
    for kind, way in WAYS.items():
        rows = np.flatnonzero(told.truth == CODE[kind])
        if len(rows):
            way(told, rows, crew, stops, random)
    told.sent = np.maximum(told.sent, told.made + SENDING)  # who follows a later colleague also sends later


def _spoof(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """Positions at the villages, of three qualities: dead, shaken like no satellite shakes, or well rehearsed."""
    skill, calls = crew.skill[told.tour[rows]], told.call[rows]
    dead, shaken = skill < 0.45, (skill >= 0.45) & (skill < 0.75)
    east, north = random.normal(0, 20, (2, len(rows)))
    lon, lat = noise.shifted(stops.copied_lon[calls], stops.copied_lat[calls], east, north)
    lon, lat = (
        np.where(dead | shaken, stops.copied_lon[calls], lon),
        np.where(dead | shaken, stops.copied_lat[calls], lat),
    )
    jitter = np.where(shaken, 6.0, 0.0)
    for row_set, kept in ((dead | shaken, True), (~(dead | shaken), False)):
        at = np.flatnonzero(row_set)
        if not len(at):
            continue
        if kept:
            _still(told, rows[at], lon[at], lat[at], jitter[at], crew, random)
        else:
            away_lon, away_lat = noise.shifted(lon[at], lat[at], *random.normal(0, 700, (2, len(at))))
            report(told, rows[at], lon[at], lat[at], away_lon, away_lat, crew, random)


def _still(
    told: Day, rows: Ints, lon: Floats, lat: Floats, jitter: Floats, crew: Crew, random: Random
) -> None:
    """A faker that stands on one spot: the same accuracy always, and white noise or none."""
    count = len(rows)
    shake = random.normal(size=(count, FIXES + 1, 2)) * jitter[:, None, None]
    all_lon, all_lat = noise.shifted(lon[:, None], lat[:, None], shake[:, :, 0], shake[:, :, 1])
    told.lon[rows], told.lat[rows] = noise.degrees(all_lon[:, -1]), noise.degrees(all_lat[:, -1])
    told.accuracy[rows] = np.array([1.0, 5.0, 8.0, 10.0, 20.0])[told.tour[rows] % 5]
    told.fix_age[rows] = 1.0
    seconds = np.round(noise.STEP_S * np.arange(FIXES, 0, -1) + random.uniform(-1, 1, (count, FIXES)), 1)
    blur = np.repeat(told.accuracy[rows][:, None], FIXES, axis=1)
    fixes = np.stack([seconds, noise.degrees(all_lon[:, :-1]), noise.degrees(all_lat[:, :-1]), blur], axis=2)
    none = random.random(count) < 0.25
    fixes[none] = np.nan
    told.approach[rows] = fixes


def _stand(told: Day, rows: Ints, lon: Floats, lat: Floats, crew: Crew, random: Random) -> None:
    """A real phone that really stands somewhere else."""
    near_lon, near_lat = noise.shifted(lon, lat, *random.normal(0, 8, (2, len(rows))))
    report(told, rows, lon, lat, near_lon, near_lat, crew, random)


def copied_position(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """The app is fed the same position for a village every time, now and then shaken a little."""
    calls = told.call[rows]
    jitter = np.where(crew.skill[told.tour[rows]] < 0.6, 0.0, 4.0)
    _still(told, rows, stops.copied_lon[calls], stops.copied_lat[calls], jitter, crew, random)


def from_home(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """Everything from one place, quickly or patiently."""
    tour = told.tour[rows]
    lon, lat = noise.shifted(
        crew.home_lon[tour], crew.home_lat[tour], *(random.normal(0, 1, (2, len(rows))) * crew.spread[tour])
    )
    _stand(told, rows, lon, lat, crew, random)
    hasty = crew.skill[tour] < 0.4
    _retime(told, rows[hasty], random.uniform(40, 140, int(hasty.sum())))


def _retime(told: Day, rows: Ints, gaps: Floats) -> None:
    """Give rows of a day times that follow each other by ``gaps`` seconds, from the day's first of them on."""
    if not len(rows):
        return
    new = np.ones(len(rows), bool)
    new[1:] = told.tour[rows][1:] != told.tour[rows][:-1]
    run = np.cumsum(np.where(new, 0.0, gaps))
    start = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
    off = told.told[rows] - told.made[rows]
    before = told.made[rows]
    told.made[rows] = np.floor(told.made[rows][start] + run - run[start])
    told.told[rows] = told.made[rows] + off
    told.monotonic[rows] = np.where(
        told.monotonic[rows] > 200, told.monotonic[rows] + told.made[rows] - before, told.monotonic[rows]
    )
    told.nonce[rows] = np.minimum(told.nonce[rows], told.made[rows] - 20)
    told.stop[rows] = 0


def impossible_day(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """The whole round in a few minutes, with positions that a faker supplies."""
    skill = crew.skill[told.tour[rows]]
    _retime(told, rows, 40 + 90 * skill + random.uniform(0, 40, len(rows)) * (skill > 0.3))
    calls = told.call[rows]
    from_lon, from_lat = noise.shifted(
        stops.lon[calls], stops.lat[calls], *random.normal(0, 500, (2, len(rows)))
    )
    report(told, rows, stops.lon[calls], stops.lat[calls], from_lon, from_lat, crew, random)


def mock_position(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """A faking app; some shells see it, some phones are rooted to hide it."""
    _spoof(told, rows, crew, stops, random)
    tour = told.tour[rows]
    native = told.mock[rows] >= 0
    hidden = crew.skill[tour] > 0.6
    told.mock[rows] = np.where(native, np.where(hidden, 0, 1), -1)
    told.rooted[rows] = np.where(native & hidden, 1, told.rooted[rows])
    bold = crew.skill[tour] < 0.35  # fakers are set to the village's point on the map
    calls = told.call[rows]
    told.lon[rows] = np.where(bold, stops.lon[calls], told.lon[rows])
    told.lat[rows] = np.where(bold, stops.lat[calls], told.lat[rows])


def replayed_photo(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """Past the village by the main road, with a photo of last week or a photo of that photo."""
    calls, tour = told.call[rows], told.tour[rows]
    angle, far = random.uniform(0, 6.28, len(rows)), random.uniform(150, 1800, len(rows))
    lon, lat = noise.shifted(stops.lon[calls], stops.lat[calls], far * np.cos(angle), far * np.sin(angle))
    from_lon, from_lat = noise.shifted(lon, lat, *random.normal(0, 900, (2, len(rows))))
    report(told, rows, lon, lat, from_lon, from_lat, crew, random)
    told.photos[rows] = np.where(random.random(len(rows)) < 0.92, 1, 0)
    clever = crew.skill[tour] > 0.6
    told.picture[rows] = np.where(
        clever, random.integers(2**40, 2**62, len(rows)), 1 + tour * 7 + random.integers(0, 3, len(rows))
    )
    told.likeness[rows] = np.where(clever & (random.random(len(rows)) < 0.85), 1, 0)
    _drop_photos(told, rows)
    told.tag[rows] = 0


def _drop_photos(told: Day, rows: Ints) -> None:
    none = told.photos[rows] == 0
    told.picture[rows[none]], told.likeness[rows[none]] = 0, 0


def copied_outbox(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """Envelopes of another phone, sent again as one's own: the key gives them away, mostly."""
    dice = random.random(len(rows))
    told.signature[rows] = np.where(dice < 0.68, 3, np.where(dice < 0.93, 2, 1))
    told.chain[rows] = np.where(random.random(len(rows)) < 0.75, 4, 3)


def backdated(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """In the evening, at home, with the clock set back for each visit."""
    tour = told.tour[rows]
    skill = crew.skill[tour]
    off = told.told[rows] - told.made[rows]
    evening = told.day * DAY_S - SHANGHAI_S + 19.5 * 3600
    told.made[rows] = np.floor(evening + told.order[rows] * random.uniform(50, 200, len(rows)))
    heard = skill < 0.7  # the others took care to stay without contact since the morning
    begun = told.day * DAY_S - SHANGHAI_S + 7 * 3600
    told.nonce[rows] = np.where(heard, told.made[rows] - random.uniform(30, 2400, len(rows)), begun)
    once = random.random(len(crew))[tour] < 0.6  # the app stays open
    told.session[rows] = np.where(once, told.tour[rows] * 7 + told.day, random.integers(1, 2**62, len(rows)))
    told.monotonic[rows] = np.where(once, told.made[rows] - evening + 600, random.uniform(4, 60, len(rows)))
    told.wall_jump[rows] = np.where(
        once, told.told[rows] - off - told.made[rows], random.normal(0, 0.4, len(rows))
    )
    told.sent[rows] = told.made[rows] + 3600
    spoofs = skill > 0.5
    _spoof(told, rows[spoofs], crew, stops, random)
    home = rows[~spoofs]
    lon, lat = noise.shifted(
        crew.home_lon[told.tour[home]], crew.home_lat[told.tour[home]], *random.normal(0, 15, (2, len(home)))
    )
    _stand(told, home, lon, lat, crew, random)


def _with_partner(told: Day, rows: Ints, crew: Crew, after: Floats) -> tuple[Ints, Ints]:
    """Move rows into their partner's day: which rows can be, and beside which of the partner's visits."""
    partner = crew.partner[told.tour[rows]]
    first = np.searchsorted(told.tour, partner, "left")
    count = np.searchsorted(told.tour, partner, "right") - first
    share = (told.order[rows] + 0.5) / told.size[rows]
    beside = first + np.minimum(np.floor(share * count), np.maximum(count - 1, 0)).astype(np.int64)
    able = (count > 0) & ~np.isnan(told.lon[np.minimum(beside, len(told.lon) - 1)])
    told.truth[rows[~able]] = 0  # the partner stays at home or has no position: so one goes oneself
    rows, beside = rows[able], beside[able]
    off = told.told[rows] - told.made[rows]
    told.made[rows] = np.floor(told.made[beside] + after[able] + told.order[rows] % 3)
    told.told[rows] = told.made[rows] + off
    told.stop[rows] = 0
    return rows, beside


def _ride_along(told: Day, rows: Ints, crew: Crew, random: Random) -> tuple[Ints, Ints]:
    rows, beside = _with_partner(told, rows, crew, random.uniform(15, 150, len(rows)))
    east, north = random.normal(0, 10, (2, len(rows)))
    lon, lat = noise.shifted(told.lon[beside], told.lat[beside], east, north)
    from_lon, from_lat = noise.shifted(lon, lat, *random.normal(0, 500, (2, len(rows))))
    report(told, rows, lon, lat, from_lon, from_lat, crew, random)
    told.monotonic[rows] = np.where(
        crew.restarts[told.tour[rows]],
        told.monotonic[rows],
        told.made[rows] - (told.day * DAY_S - SHANGHAI_S + 27000),
    )
    told.nonce[rows] = np.minimum(told.nonce[rows], told.made[rows] - 20)
    return rows, beside


def shared_phone(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """A colleague's phone makes the visits, along the colleague's own round."""
    moved, beside = _ride_along(told, rows, crew, random)
    for name in ("device", "session", "nonce", "skew", "signature"):
        getattr(told, name)[moved] = getattr(told, name)[beside]
    told.told[moved] = told.made[moved] + told.told[beside] - told.made[beside]
    restarts = crew.restarts[told.tour[beside]]
    told.monotonic[moved] = np.where(
        restarts,
        random.uniform(5, 60, len(moved)),
        told.monotonic[beside] + told.made[moved] - told.made[beside],
    )
    told.session[moved] = np.where(restarts, random.integers(1, 2**62, len(moved)), told.session[moved])


def colluding_track(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """One drives and carries the phones of others: at most stops several phones say that their courier is there."""
    careful = random.random(len(rows)) < 0.25 * crew.skill[told.tour[rows]]
    _ride_along(told, rows[~careful], crew, random)


def tag_photo(told: Day, rows: Ints, crew: Crew, stops: Stops, random: Random) -> None:
    """The village's tag from a picture, scanned at home or on the main road."""
    tour, calls = told.tour[rows], told.call[rows]
    home = crew.skill[tour] < 0.5
    angle, far = random.uniform(0, 6.28, len(rows)), random.uniform(260, 2500, len(rows))
    lon, lat = noise.shifted(stops.lon[calls], stops.lat[calls], far * np.cos(angle), far * np.sin(angle))
    near_lon, near_lat = noise.shifted(
        crew.home_lon[tour], crew.home_lat[tour], *random.normal(0, 20, (2, len(rows)))
    )
    _stand(told, rows, np.where(home, near_lon, lon), np.where(home, near_lat, lat), crew, random)
    told.tag[rows] = np.where(random.random(len(rows)) < 0.93, 1, 0)


Way = Callable[[Day, Ints, Crew, Stops, Random], None]
WAYS: dict[str, Way] = {way.__name__: way for way in (
    shared_phone, colluding_track, copied_position, from_home, impossible_day, mock_position, replayed_photo,
    copied_outbox, backdated, tag_photo,
)}  # fmt: skip
assert set(WAYS) == set(TRUTHS[1:])
