"""Comparing the scores that stand in the database with the truth that a simulation wrote beside it."""

import csv
from pathlib import Path

import numpy as np

from puyou.core import copying
from puyou.scrutiny import evaluation
from puyou.scrutiny.evaluation import Verdict
from puyou.simulator import problems
from puyou.simulator.crew import TRUTHS

SCORES = "SELECT visit_id, score FROM scrutiny_score"
TYPES = {"visit_id": "uuid", "score": "int2"}


def evaluate_labels(path: Path, threshold: int) -> Verdict:
    """Scores below ``threshold`` against a label file; visits without a score count as not flagged.

    Problem: simulator.bad_labels.
    """
    try:
        with path.open(encoding="utf-8") as file:
            rows = [
                (row["visit_id"], row["courier"], TRUTHS.index(row["truth"])) for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise problems.BAD_LABELS(path=str(path)) from error
    scores = copying.copy_out(SCORES, TYPES)
    known = dict(
        zip((each.tobytes().hex() for each in scores["visit_id"]), scores["score"].tolist(), strict=True)
    )
    flagged = np.array(
        [known.get(identifier.replace("-", ""), 100) < threshold for identifier, _, _ in rows], bool
    )
    _, courier = np.unique([who for _, who, _ in rows], return_inverse=True)
    return evaluation.evaluate(flagged, np.array([truth for _, _, truth in rows]), courier, TRUTHS)
