"""Which villages are urban, seats, rural or remote in the simulated nation, and who carries their mail."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

URBAN, TOWNSHIP_SEAT, RURAL, REMOTE = range(4)
AREA_CLASSES = ("urban", "township_seat", "rural", "remote")
# Share of remote villages by two-digit province code: invented, larger in the west, 模拟 only.
REMOTE_SHARE = {
    15: 0.15,
    51: 0.10,
    52: 0.06,
    53: 0.12,
    54: 0.55,
    61: 0.06,
    62: 0.14,
    63: 0.45,
    64: 0.06,
    65: 0.30,
}
TIMES = {URBAN: 1, TOWNSHIP_SEAT: 5, RURAL: 3, REMOTE: 1}
VILLAGES_PER_ROUND = 7  # 535,640 villages ÷ 70,000 couriers, rounded down


@dataclass(frozen=True, eq=False)
class Geography:
    """The V simulated villages: rows of the tree, area class, round and the round's first village."""

    position: NDArray[np.intp]  # rows of the tree
    place_id: NDArray[np.int32]
    area_class: NDArray[np.uint8]
    round: NDArray[np.int32]  # 0 .. rounds-1, in order
    county: NDArray[np.int32]  # place id of the county (or its stand-in)
    township: NDArray[np.int32]
    times: NDArray[np.uint8]
    per_day: NDArray[np.bool_]

    @property
    def rounds(self) -> int:
        return int(self.round[-1]) + 1 if len(self.round) else 0


def settle(tree: Any, chosen: NDArray[np.bool_], seed: int) -> Geography:
    """Lay out the villages ``chosen`` (bool[V] over the tree) with a seeded hand."""
    random = np.random.default_rng([seed, 1])
    position = np.flatnonzero(chosen)
    codes = tree.village_codes[position]
    county, township = tree.anchor[3][position], tree.anchor[4][position]
    area = _area_classes(codes, county, township, random)
    return Geography(
        position,
        tree.village_ids[position],
        area,
        _rounds(township),
        county,
        township,
        np.array([TIMES[c] for c in range(4)], np.uint8)[area],
        area == URBAN,
    )


def _area_classes(codes: Any, county: Any, township: Any, random: np.random.Generator) -> NDArray[np.uint8]:
    area = np.full(len(codes), RURAL, np.uint8)
    share = np.array([REMOTE_SHARE.get(p, 0.01) for p in range(100)])[(codes // 10**10).astype(int)]
    _, which = np.unique(county, return_inverse=True)
    leaning = random.gamma(0.6, 1 / 0.6, which.max(initial=-1) + 1)  # remote villages flock together
    area[random.random(len(codes)) < np.minimum(share * leaning[which], 0.95)] = REMOTE
    first = np.r_[True, township[1:] != township[:-1]] if len(township) else np.zeros(0, bool)
    area[first] = TOWNSHIP_SEAT
    subdistrict = (codes // 1000) % 1000 < 100  # township codes 001–099 are 街道
    area[subdistrict & ~first & (random.random(len(codes)) < 0.25)] = URBAN
    return area


def _rounds(township: NDArray[np.int32]) -> NDArray[np.int32]:
    """Neighbouring villages of one township, about seven to a round."""
    if not len(township):
        return np.zeros(0, np.int32)
    new = np.r_[True, township[1:] != township[:-1]]
    start = np.maximum.accumulate(np.where(new, np.arange(len(township)), 0))
    within = np.arange(len(township)) - start
    opens = new | (within % VILLAGES_PER_ROUND == 0)
    return (np.cumsum(opens) - 1).astype(np.int32)
