"""The score on a seed that no weight was chosen on, smaller than bench/evidence.py does it."""

import numpy as np
import pytest

from puyou.scrutiny import evaluation, seeds
from puyou.scrutiny.rules import Limits
from puyou.simulator import trials
from puyou.simulator.crew import TRUTHS


@pytest.fixture(scope="module")
def trial():
    return trials.run((40_417,), Limits(), tours=2500, days=4)


def test_fabrications_are_found_and_honest_couriers_left_alone(trial):
    verdict = trials.judge(trial, seeds.WEIGHTS, Limits(), seeds.CAPS, 50)
    assert verdict.recall >= 0.85 and verdict.precision >= 0.8
    assert verdict.honest_flagged <= 0.015
    assert set(verdict.kinds) == set(TRUTHS)


def test_a_score_that_knows_nothing_misses_every_target(trial):
    nothing = dict.fromkeys(seeds.WEIGHTS, 0.0)
    verdict = trials.judge(trial, nothing, Limits(), seeds.CAPS, 50)
    assert verdict.recall == 0 and "recall" in verdict.missed[0] and len(verdict.missed) >= 11


def test_an_evaluation_counts_as_the_words_say():
    flagged = np.array([True, False, True, True, False, False])
    truth = np.array([1, 1, 0, 0, 0, 0])
    courier = np.array([7, 7, 7, 8, 8, 9])
    verdict = evaluation.evaluate(flagged, truth, courier, TRUTHS)
    assert (verdict.recall, verdict.precision) == (0.5, 1 / 3)
    assert verdict.honest_couriers == 2 and verdict.honest_flagged == 0.5
    assert verdict.kinds["honest"] == {"visits": 4, "flagged": 2, "share": 0.5}
    assert verdict.kinds[TRUTHS[1]]["share"] == 0.5 and verdict.kinds[TRUTHS[2]]["visits"] == 0
