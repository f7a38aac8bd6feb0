"""Full visits of one county: where couriers were, when, what their phones said, and which of it was made up.

Positions, times and fabrications are invented; the ``truth`` of each visit goes to a label file that nobody
but an evaluation reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

HONEST = "honest"
COPIED = "copied_position"
HOME = "from_home"
SHARED = "shared_phone"
IMPOSSIBLE = "impossible_day"
FABRICATIONS = (COPIED, HOME, SHARED, IMPOSSIBLE)
FABRICATOR_SHARE = 0.06
NO_GPS_SHARE = 0.04
WRONG_CLOCK_SHARE = 0.03
OFFLINE_SHARE = 0.25
NOTHING_SHARE = 0.08
METRES_PER_DEGREE = 111_320.0
SPEED_M_PER_MINUTE = 420.0  # about 25 km/h on village roads


@dataclass(frozen=True)
class Stop:
    """A village on a round: its code and where its mail is received."""

    code: str
    lon: float
    lat: float


@dataclass
class Tour:
    """A courier with a phone and a round of stops."""

    courier: str
    device: str
    home: tuple[float, float]
    stops: list[Stop]
    habit: str = HONEST
    gps: bool = True
    clock_off: timedelta = timedelta()
    counter: int = 0
    fixed: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """One visit as the phone will send it, when it will be sent, and the truth about it."""

    id: str
    device: str
    courier: str
    happened_at: datetime
    sent_at: datetime
    clock_off: timedelta
    counter: int
    payload: dict[str, Any]
    truth: str


def uuid7(moment: datetime, random: np.random.Generator) -> str:
    """A UUIDv7 (RFC 9562) of a moment, its random part from a seeded generator."""
    value = int(moment.timestamp() * 1000) << 80 | int.from_bytes(random.bytes(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def give_habits(tours: list[Tour], random: np.random.Generator) -> None:
    """Make a few couriers fabricate, a few phones lack a position, a few clocks run wrong."""
    for number, tour in enumerate(tours):
        if random.random() < FABRICATOR_SHARE and len(tour.stops) > 2:
            tour.habit = FABRICATIONS[int(random.integers(len(FABRICATIONS)))]
            if tour.habit == SHARED and number:
                tour.device = tours[number - 1].device
        tour.gps = random.random() >= NO_GPS_SHARE
        if random.random() < WRONG_CLOCK_SHARE:
            tour.clock_off = timedelta(minutes=float(random.normal(0, 120)))


def _minutes(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = (a[0] - b[0]) * METRES_PER_DEGREE * float(np.cos(np.radians(a[1])))
    north = (a[1] - b[1]) * METRES_PER_DEGREE
    return float(np.hypot(east, north)) * 1.4 / SPEED_M_PER_MINUTE


def _near(lon: float, lat: float, metres: float, random: np.random.Generator) -> tuple[float, float]:
    east, north = random.normal(0, metres, 2)
    return (
        round(lon + east / (METRES_PER_DEGREE * float(np.cos(np.radians(lat)))), 6),
        round(lat + north / METRES_PER_DEGREE, 6),
    )


def _position(tour: Tour, stop: Stop, accuracy: float, random: np.random.Generator) -> tuple[float, float]:
    if tour.habit == HOME:
        return _near(*tour.home, 15, random)
    if tour.habit == COPIED:
        return tour.fixed.setdefault(stop.code, _near(stop.lon, stop.lat, 20, random))
    return _near(stop.lon, stop.lat, accuracy, random)


def _payload(tour: Tour, stop: Stop, at: datetime, random: np.random.Generator) -> dict[str, Any]:
    payload: dict[str, Any] = {"village": stop.code}
    if tour.gps:
        accuracy = round(float(random.gamma(4, 5)) + 3, 1)
        lon, lat = _position(tour, stop, accuracy, random)
        fixed_at = at - timedelta(seconds=int(random.integers(2, 90)))
        payload["position"] = {
            "lon": lon,
            "lat": lat,
            "accuracy_m": accuracy,
            "fixed_at": fixed_at.isoformat(),
        }
    if random.random() < NOTHING_SHARE:
        payload["nothing_today"] = True
    else:
        kinds = {"letters": 4, "papers": 6, "parcels": 2}
        payload["handed"] = {kind: int(random.poisson(mean)) for kind, mean in kinds.items()}
    return payload


def _delay(random: np.random.Generator) -> timedelta:
    if random.random() < OFFLINE_SHARE:
        return timedelta(hours=float(random.uniform(3, 96)))
    return timedelta(minutes=float(random.uniform(1, 25)))


def walk(tour: Tour, stops: list[Stop], day: datetime, random: np.random.Generator) -> Iterator[Made]:
    """One courier's day from midnight ``day`` (aware) along ``stops``; the batch is sent together."""
    at = day + timedelta(hours=8, minutes=float(random.uniform(0, 75)))
    here = tour.home
    made: list[tuple[Stop, datetime]] = []
    for stop in stops:
        quick = tour.habit in (IMPOSSIBLE, HOME)
        at += timedelta(
            minutes=1.2 if quick else _minutes(here, (stop.lon, stop.lat)) + float(random.uniform(4, 14))
        )
        here = (stop.lon, stop.lat)
        made.append((stop, at.replace(microsecond=0)))
    sent = at + _delay(random)
    for stop, moment in made:
        tour.counter += 1
        told = moment + tour.clock_off
        yield Made(
            uuid7(moment, random),
            tour.device,
            tour.courier,
            told,
            sent,
            tour.clock_off,
            tour.counter,
            _payload(tour, stop, told, random),
            tour.habit,
        )
