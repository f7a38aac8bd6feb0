"""How simulated couriers behave: timetables, weather, turnover, holidays and the slow decay of the weak.

Every share in this module is invented for demonstration and tests; nothing here is a finding about real
service.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.simulator.geography import Geography

# Days of the week (bit 0 = Monday) on which a round calls, by the number of calls a week.
TIMETABLES = {1: (0b0000100, 0b0001000), 3: (0b0010101, 0b0101010), 5: (0b0011111,), 7: (0b1111111,)}
WEAK_SHARE = 0.05
WEAK_LOSS = 0.16
STRONG_LOSS = 0.006
MAKE_UP = 0.75  # a missed call is made up on a later day of the week
TURNOVER = 0.0012  # a round's chance per week that its courier leaves
STORM = 0.004  # a county's chance per week of weather that stops the rounds


@dataclass(frozen=True, eq=False)
class Storm:
    """Weather that stopped a county's rounds in one simulated week."""

    county: int
    week: int
    ground: str


@dataclass(frozen=True, eq=False)
class Year:
    """What happened: ``served[w, v]`` uint8 masks (bit 0 = Monday), storms, and each village's timetable."""

    served: NDArray[np.uint8]
    storms: list[Storm]
    timetable: NDArray[np.uint8]


def timetables(geography: Geography, seed: int) -> NDArray[np.uint8]:
    """Each village's calling days: its round's variant of the timetable that its duty needs."""
    random = np.random.default_rng([seed, 2])
    variant = random.integers(0, 2, geography.rounds)[geography.round]
    calls = np.where(geography.per_day, 7, geography.times)
    mask = np.zeros(len(calls), np.uint8)
    for number, options in TIMETABLES.items():
        choice = np.array(options, np.uint8)[variant % len(options)]
        mask = np.where(calls == number, choice, mask).astype(np.uint8)
    return mask


def live(geography: Geography, weeks: int, holiday_weeks: set[int], seed: int) -> Year:
    """Simulate ``weeks`` whole weeks; ``holiday_weeks`` are indices of weeks with a long holiday."""
    random = np.random.default_rng([seed, 3])
    mask = timetables(geography, seed)
    loss, decay = _propensities(geography, random)
    _, county = np.unique(geography.county, return_inverse=True)
    county_ids = np.unique(geography.county)
    served = np.zeros((weeks, len(mask)), np.uint8)
    storms: list[Storm] = []
    vacant = np.zeros(geography.rounds, np.int8)  # weeks for which the round still has nobody regular
    for week in range(weeks):
        stormy = random.random(len(county_ids)) < STORM * (2.5 if 26 <= (week + 47) % 53 <= 36 else 1)
        storms += [Storm(int(county_ids[c]), week, _ground(week)) for c in np.flatnonzero(stormy)]
        vacant = np.maximum(vacant - 1, 0)
        vacant[random.random(len(vacant)) < TURNOVER] = random.integers(1, 4)
        chance = loss + decay * week
        chance = np.where(vacant[geography.round] > 0, np.maximum(chance, 0.45), chance)
        chance = np.where(stormy[county], np.maximum(chance, 0.85), chance)
        if week in holiday_weeks:
            chance = np.minimum(chance + 0.02, 0.98)
        served[week] = _one_week(mask, chance.astype(np.float32), random)
    return Year(served, storms, mask)


def _ground(week: int) -> str:
    return "flood" if 26 <= (week + 47) % 53 <= 36 else "snow"


def _propensities(geography: Geography, random: np.random.Generator) -> tuple[Any, Any]:
    """Chance that a call is not made, and how it grows each week, per village."""
    size = len(geography.area_class)
    _, county = np.unique(geography.county, return_inverse=True)
    county_care = random.gamma(4, 0.25, county.max(initial=-1) + 1)[county]
    weak = random.random(size) < WEAK_SHARE * county_care * np.where(geography.area_class == 3, 2.0, 1.0)
    loss = np.where(weak, WEAK_LOSS, STRONG_LOSS) * random.gamma(2, 0.5, size) * county_care
    decay = np.where(weak & (random.random(size) < 0.3), 0.004, 0.0)
    return np.minimum(loss, 0.9), decay


def _one_week(
    mask: NDArray[np.uint8], chance: NDArray[np.float32], random: np.random.Generator
) -> NDArray[np.uint8]:
    made = np.zeros(len(mask), np.uint8)
    owed = np.zeros(len(mask), bool)
    for day in range(7):
        due = (mask >> day & 1).astype(bool)
        luck = random.random(len(mask), np.float32)
        calls = due & (luck >= chance)
        # somebody who owes a call may bring it on a day without one, if not the holiday of everyone
        extra = ~due & owed & (luck < MAKE_UP * (1 - chance))
        made |= ((calls | extra).astype(np.uint8) << day).astype(np.uint8)
        owed = (owed & ~extra) | (due & ~calls)
    return made
