"""A nation of twelve months: who lives where, what the couriers did, kept as day sets."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.core.periods import DAYS_IN_SET, Week, day_index
from puyou.core.progress import step
from puyou.places import queries as places
from puyou.places import rules as villages
from puyou.places.models import Place
from puyou.simulator import behaviour, geography
from puyou.simulator.behaviour import Year
from puyou.simulator.geography import Geography
from puyou.standards import queries as standards
from puyou.visits import actions as visits

WEEKS = 53
SET_BYTES = (DAYS_IN_SET + 7) // 8


@dataclass(frozen=True, eq=False)
class Nation:
    """A simulated nation: where, what happened in each of ``weeks`` from ``first``, and its seed."""

    geography: Geography
    year: Year
    first: Week
    seed: int

    @property
    def weeks(self) -> int:
        return len(self.year.served)


def imagine(*, place: Place, today: date, seed: int, weeks: int = WEEKS) -> Nation:
    """Simulate the established villages under ``place`` for ``weeks`` weeks that end with the present one."""
    tree = places.current_tree()
    chosen = np.zeros(len(tree), bool)
    chosen[tree.under(place.path)] = True
    chosen &= established(tree.village_codes)
    first = Week.of(today).shift(1 - weeks)
    long_holidays = _holiday_weeks(first, weeks)
    land = geography.settle(tree, chosen, seed)
    year = behaviour.live(land, weeks, long_holidays, seed)
    year.served[-1] &= (1 << today.weekday()) - 1  # of the present week only the days that are over
    return Nation(land, year, first, seed)


def established(codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which level-5 codes are 建制村, by the one rule of places.rules."""
    allowed = np.array([villages.is_established_village(f"{last:012d}") for last in range(1000)])
    return allowed[codes % 1000]


def _holiday_weeks(first: Week, weeks: int) -> set[int]:
    named = standards.holiday_weeks(first.monday, first.shift(weeks - 1).sunday)
    return {(monday - first.monday).days // 7 for monday in named}


def load_history(nation: Nation, *, by: str, now: datetime) -> int:
    """Keep what happened as day sets, one COPY per ISO year; returns the number of village-years."""
    loaded = 0
    for iso_year, sets in day_sets(nation).items():
        with step(f"装载 {iso_year} 年投递日集"):
            loaded += visits.load_day_sets(
                place_ids=nation.geography.place_id, iso_year=iso_year, sets=sets, by=by, now=now
            )
    return loaded


def day_sets(nation: Nation) -> dict[int, NDArray[np.uint8]]:
    """The year's served masks as packed day sets by ISO year: uint8[V, 47], first bit = Monday of W01."""
    found: dict[int, NDArray[np.uint8]] = {}
    for week in range(nation.weeks):
        monday = nation.first.monday + timedelta(weeks=week)
        iso_year, start = day_index(monday)
        sets = found.setdefault(iso_year, np.zeros((len(nation.geography.place_id), SET_BYTES), np.uint8))
        _put_week(sets, start, nation.year.served[week])
    return found


def _put_week(sets: NDArray[np.uint8], start: int, masks: NDArray[Any]) -> None:
    """OR seven days (bit 0 = Monday) into the sets from bit ``start`` on."""
    byte, shift = divmod(start, 8)
    mirrored = np.packbits(np.unpackbits(masks[:, None], axis=1, bitorder="little")[:, :7], axis=1).ravel()
    wide = mirrored.astype(np.uint16) << 8 >> shift
    sets[:, byte] |= (wide >> 8).astype(np.uint8)
    if byte + 1 < SET_BYTES:
        sets[:, byte + 1] |= (wide & 0xFF).astype(np.uint8)
