"""Trying the score on simulated days in memory: days of a seed, their reasons, and the truth about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puyou.scrutiny import arrays, evaluation, measuring, rules
from puyou.scrutiny.evaluation import Verdict
from puyou.scrutiny.rules import Limits
from puyou.simulator import worlds
from puyou.simulator.crew import TRUTHS

FIRST_DAY = 20_703  # Monday, 7 September 2026, in days since 1970
TOURS, DAYS = 6_000, 6


@dataclass(frozen=True, eq=False)
class Trial:
    """Visits of some simulated days: the reasons that each has by itself, its source, courier, day and truth.

    ``pairs`` are the distinct masks with their sources, ``which`` says whose each is: weights are tried on the pairs.
    """

    pairs: NDArray[np.int64]
    which: NDArray[np.int64]
    person_day: NDArray[np.int64]
    courier: NDArray[np.int64]
    truth: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.truth)


def run(seeds: Sequence[int], limits: Limits, tours: int = TOURS, days: int = DAYS) -> Trial:
    """Live some days of each seed's world after a week of history, and find the reasons of each visit."""
    parts = [part for seed in seeds for part in _live(seed, limits, tours, days)]
    reasons, source, courier, day, truth = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    pairs, which = np.unique(np.stack([reasons, source]), axis=1, return_inverse=True)
    _, person_day = np.unique(courier * 100_000 + day, return_inverse=True)
    return Trial(pairs, which, person_day, courier, truth)


Part = tuple[NDArray[np.int64], ...]


def _live(seed: int, limits: Limits, tours: int, days: int) -> Iterator[Part]:
    world, back = worlds.imagine(tours, seed), int(limits.history_days)
    told = [worlds.live(world, day) for day in range(FIRST_DAY - back, FIRST_DAY)]
    for day in range(FIRST_DAY, FIRST_DAY + days):
        today = worlds.live(world, day)
        seen = measuring.measure(worlds.evidence_of(world, today, told[-back:]), limits)
        seen["bad_others"] = np.zeros(len(today))
        reasons = arrays.find_reasons(seen, limits)
        number = np.full(len(today), day)
        yield reasons, seen["source"], today.tour + seed * 10**7, number, today.truth
        told.append(today)


def judge(
    trial: Trial, weights: Mapping[str, float], limits: Limits, caps: Mapping[str, float], threshold: int
) -> Verdict:
    """What scores below the threshold catch and whom they wrong."""
    bad = (arrays.risks(trial.pairs[0], weights) >= limits.bad_risk)[trial.which]
    others = np.bincount(trial.person_day, weights=bad)[trial.person_day] - bad
    reasons = trial.pairs[0] | rules.MASK["bad_day"]
    plain = arrays.scores(trial.pairs[0], trial.pairs[1], weights, caps)[trial.which]
    marked = arrays.scores(reasons, trial.pairs[1], weights, caps)[trial.which]
    flagged = np.where(others >= limits.bad_others, marked, plain) < threshold
    return evaluation.evaluate(flagged, trial.truth, trial.courier, TRUTHS)
