"""Who carries the mail in the simulation: phones, habits, and those who make visits up. Shares are invented."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
HONEST = "honest"
CHEATS = (
    "copied_position", "from_home", "shared_phone", "impossible_day", "mock_position", "replayed_photo",
    "copied_outbox", "backdated", "colluding_track", "tag_photo",
)  # fmt: skip
TRUTHS = (HONEST, *CHEATS)
CODE = {truth: number for number, truth in enumerate(TRUTHS)}
CHEATING = 0.08  # share of couriers who ever make visits up
NO_GPS = 0.03
OLD_APP = 0.02  # does not sign
PDA, PAPER = 0.05, 0.02
WRONG_CLOCK = 0.03
RESTARTS = 0.3  # phones whose manager ends the app between two villages
STEADY_ACCURACY, COARSE_STEPS = 0.03, 0.15  # phones that always, or mostly, say the same accuracy
LONG_OFFLINE = 0.04  # couriers in valleys without signal for days
NATIVE = 0.25
SHARES_HONESTLY = 0.005  # a phone under repair: two couriers use one


@dataclass(frozen=True, eq=False)
class Crew:
    """T couriers, one for each round. ``partner``: whose phone or track is used (−1 none); ``skill`` 0 to 1: how well
    a cheat hides; ``day_share``: how often one cheats; ``source`` 0 app, 1 pda, 2 paper."""

    home_lon: Floats
    home_lat: Floats
    habit: Ints
    partner: Ints
    skill: Floats
    day_share: Floats
    visit_share: Floats
    device: Ints
    gps: Bools
    signs: Bools
    source: Ints
    clock_off: Floats
    restarts: Bools
    steady: Ints
    offline_days: Ints
    native: Bools
    photographs: Floats
    scans: Floats
    spread: Floats

    def __len__(self) -> int:
        return len(self.habit)

    def take(self, tours: Any) -> "Crew":
        """The same columns for some tours."""
        return Crew(**{field.name: getattr(self, field.name)[tours] for field in fields(self)})


def hire(
    home_lon: Floats,
    home_lat: Floats,
    county: Ints,
    stops: Ints,
    random: np.random.Generator,
    cheating: float = CHEATING,
) -> Crew:
    """Couriers for rounds that are sorted by county; ``stops``: villages of each round."""
    size = len(home_lon)
    partner = _neighbours(county)
    habit = np.where(random.random(size) < cheating, random.integers(1, len(TRUTHS), size), 0)
    habit[stops < 3] = 0
    needs = np.isin(habit, [CODE["shared_phone"], CODE["colluding_track"]])
    habit[needs & (partner < 0)] = CODE["from_home"]
    together = np.isin(habit, [CODE["shared_phone"], CODE["colluding_track"]])
    habit[partner[together]] = 0  # whoever drives for others is where he says
    together &= habit != 0
    device = np.arange(size)
    source = np.where(random.random(size) < PDA, 1, np.where(random.random(size) < PAPER, 2, 0))
    source[habit != 0] = 0
    source[partner[together]] = 0
    gps = random.random(size) >= NO_GPS
    gps[(habit != 0) | np.isin(np.arange(size), partner[together])] = True
    honest_sharing = (random.random(size) < SHARES_HONESTLY) & (habit == 0) & (partner >= 0)
    borrowed = honest_sharing & (source == 0) & (source[partner] == 0) & (habit[partner] == 0)
    borrowed[1:] &= ~borrowed[:-1]  # whoever lends does not borrow
    device[borrowed] = partner[borrowed]
    clock_off = random.normal(0, np.where(random.random(size) < WRONG_CLOCK, 7200, 1.5))
    return Crew(
        home_lon=home_lon, home_lat=home_lat, habit=habit, partner=partner, skill=random.random(size),
        day_share=np.where(habit > 0, random.uniform(0.35, 1.0, size), 0.0),
        visit_share=random.uniform(0.6, 1.0, size), device=device, gps=gps,
        signs=random.random(size) >= OLD_APP, source=source,
        clock_off=clock_off[device],
        restarts=random.random(size) < RESTARTS,
        steady=np.where(random.random(size) < STEADY_ACCURACY, 2, np.where(random.random(size) < COARSE_STEPS, 1, 0)),
        offline_days=np.where(random.random(size) < LONG_OFFLINE, random.integers(1, 11, size), 0),
        native=random.random(size) < NATIVE, photographs=np.where(random.random(size) < 0.6, 0.8, 0.1),
        scans=random.uniform(0.6, 1.0, size), spread=random.uniform(10, 120, size),
    )  # fmt: skip


def _neighbours(county: Ints) -> Ints:
    """The courier before in the same county, −1 for the first of each."""
    before = np.arange(len(county)) - 1
    before[1:][county[1:] != county[:-1]] = -1
    return before
