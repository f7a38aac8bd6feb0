"""Choosing the weights of the evidence score on training seeds: a search from the weights that stand in seeds.

Never give it the hold-out seed of bench/evidence.py. Each weight moves in small steps within the bounds of its kind and
no farther than ``REACH`` from where it began; a step is kept when the aim grows on all training seeds together. Prints
the weights and both verdicts as JSON; nothing is written: a person reads them and puts them into seeds.
"""

import argparse
import json
import sys
from dataclasses import asdict

import numpy as np

from puyou.scrutiny import rules, seeds
from puyou.scrutiny.rules import REASONS
from puyou.simulator import trials

TRAINING = (1, 2, 3)
BOUNDS = {"strong": (0.8, 0.95), "doubt": (0.15, 0.8), "hint": (0.0, 0.3), "support": (0.0, 0.5)}
# What people know better than a simulation: bounds of single reasons.
KNOWN = {
    "unsigned": (0.05, 0.3),
    "off_point": (0.05, 0.3),
    "tag_missing": (0.03, 0.15),
    "chain_gap": (0.03, 0.1),
    "clock_wrong": (0.03, 0.1),
    "constant_accuracy": (0.05, 0.2),
    "fresh_starts": (0.02, 0.1),
    "no_position": (0.1, 0.2),
    "foreign_device": (0.1, 0.3),
    "home_cluster": (0.45, 0.8),
    "same_track": (0.45, 0.8),
    "on_the_points": (0.5, 0.8),
    "tag_agrees": (0.2, 0.5),
    "arrived": (0.2, 0.5),
}
REACH, STEP = 0.25, 0.05
THRESHOLD = 50


def judge(trial, weights):
    """The verdict of some weights over all training seeds."""
    return trials.judge(trial, weights, rules.Limits(), seeds.CAPS, THRESHOLD)


def aim(verdict):
    """Recall, kinds that lag counted double, less what honest couriers and precision pay."""
    shares = [row["share"] for kind, row in verdict.kinds.items() if kind != "honest"]
    wronged = max(0.0, verdict.honest_flagged - 0.0075) * 60
    vague = max(0.0, 0.9 - verdict.precision) * 5
    return (
        verdict.recall
        + float(np.mean(shares))
        + 0.5 * min(shares)
        - wronged
        - vague
        - 2 * verdict.honest_flagged
    )


def search(trial, sweeps):
    """Coordinate by coordinate, until a whole sweep changes nothing."""
    weights, best = dict(seeds.WEIGHTS), aim(judge(trial, seeds.WEIGHTS))
    for _ in range(sweeps):
        before = best
        for reason in REASONS:
            start = seeds.WEIGHTS[reason.code]
            low, high = KNOWN.get(reason.code, BOUNDS[reason.kind])
            for value in np.arange(max(low, start - REACH), min(high, start + REACH) + 0.001, STEP).round(2):
                tried = weights | {reason.code: float(value)}
                reached = aim(judge(trial, tried))
                if reached > best + 1e-4:
                    weights, best = tried, reached
        print(f"▸ {best:.4f}", file=sys.stderr, flush=True)
        if best - before < 1e-3:
            break
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tours", type=int, default=trials.TOURS)
    parser.add_argument("--days", type=int, default=trials.DAYS)
    parser.add_argument("--sweeps", type=int, default=3)
    asked = parser.parse_args()
    trial = trials.run(TRAINING, rules.Limits(), asked.tours, asked.days)
    weights = search(trial, asked.sweeps)
    report = {"training_seeds": TRAINING, "visits": len(trial), "weights": weights}
    report |= {"before": asdict(judge(trial, seeds.WEIGHTS)), "after": asdict(judge(trial, weights))}
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
