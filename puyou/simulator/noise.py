"""How positions err: satellites' errors that drift, buildings that mirror, networks that guess, and what fakers send.

Every number in it is invented for simulation; pure functions on columns with a seeded generator.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
METRES_PER_DEGREE = 111_194.93
FIXES = 12
STEP_S = 15.0
MEMORY = 0.92  # how much of an error stays from one fix to the next
DIGITS = 6  # of a degree, as phones' apps send them


def shifted(lon: Floats, lat: Floats, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """Positions moved by metres."""
    narrow = METRES_PER_DEGREE * np.cos(np.radians(lat))
    return lon + east / narrow, lat + north / METRES_PER_DEGREE


def metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Plain distances in metres, good enough for a county."""
    east = (other_lon - lon) * METRES_PER_DEGREE * np.cos(np.radians(lat))
    north = (other_lat - lat) * METRES_PER_DEGREE
    return np.asarray(np.hypot(east, north))


def drifting(count: int, sigma: Floats, random: np.random.Generator) -> Floats:
    """Errors in metres of the fixes on the way and of the visit's own position: float[count, 13, 2]."""
    found = np.empty((count, FIXES + 1, 2))
    found[:, 0] = random.normal(size=(count, 2))
    fresh = np.sqrt(1 - MEMORY**2)
    for at in range(1, FIXES + 1):
        found[:, at] = MEMORY * found[:, at - 1] + fresh * random.normal(size=(count, 2))
    return found * sigma[:, None, None]


def way_in(
    back_east: Floats, back_north: Floats, speed: Floats, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Seconds before and true metres (east, north) from the stop of twelve fixes of somebody arriving.

    ``back_east``/``back_north``: where they come from, in metres from the stop; roads wind a little.
    """
    count = len(speed)
    seconds = STEP_S * np.arange(FIXES, 0, -1) + random.uniform(-3, 3, (count, FIXES)) + 4
    long = np.hypot(back_east, back_north)
    gone = np.minimum(speed[:, None] * np.maximum(seconds - 20, 0), long[:, None])
    unit = np.stack([back_east, back_north], axis=1) / np.maximum(long, 1.0)[:, None]
    bend = random.normal(0, 0.06, (count, 1)) * gone * np.sin(gone / 140 + random.uniform(0, 6.3, (count, 1)))
    east = unit[:, :1] * gone - unit[:, 1:] * bend
    north = unit[:, 1:] * gone + unit[:, :1] * bend
    return seconds, np.stack([east, north], axis=2)


def accuracies(count: int, random: np.random.Generator) -> Floats:
    """What phones say of their errors, in metres."""
    return np.round(random.gamma(4, 5, count) + 3, 1)


def degrees(values: Any) -> Floats:
    """Rounded as apps send them."""
    return np.asarray(np.round(values, DIGITS))
