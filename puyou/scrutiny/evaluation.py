"""How well scores tell what was made up: recall, precision, honest couriers flagged, by kind. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RECALL, PRECISION, KIND_RECALL, HONEST_FLAGGED = 0.9, 0.8, 0.6, 0.01


@dataclass(frozen=True)
class Verdict:
    """What an evaluation found; ``kinds``: by truth, visits, how many were flagged, and the share."""

    visits: int
    made_up: int
    flagged: int
    recall: float
    precision: float
    honest_couriers: int
    honest_flagged: float
    kinds: dict[str, dict[str, float]]

    @property
    def missed(self) -> list[str]:
        """The targets that were missed, in words."""
        found = []
        if self.recall < RECALL:
            found.append(f"recall {self.recall:.3f} < {RECALL}")
        if self.precision < PRECISION:
            found.append(f"precision {self.precision:.3f} < {PRECISION}")
        if self.honest_flagged > HONEST_FLAGGED:
            found.append(f"honest couriers flagged {self.honest_flagged:.4f} > {HONEST_FLAGGED}")
        for kind, row in self.kinds.items():
            if kind != "honest" and row["visits"] and row["share"] < KIND_RECALL:
                found.append(f"{kind} recall {row['share']:.3f} < {KIND_RECALL}")
        return found


def evaluate(
    flagged: NDArray[np.bool_], truth: NDArray[Any], courier: NDArray[Any], names: Sequence[str]
) -> Verdict:
    """Compare flags with the truth (``truth`` indexes ``names``; 0 is honest). A courier is honest who never made a
    visit up, and flagged when any visit of his is."""
    made_up = truth != 0
    hit = int((flagged & made_up).sum())
    people, which = np.unique(courier, return_inverse=True)
    cheats, caught = np.zeros(len(people), bool), np.zeros(len(people), bool)
    np.logical_or.at(cheats, which, made_up)
    np.logical_or.at(caught, which, flagged)
    honest = ~cheats
    return Verdict(
        visits=len(truth), made_up=int(made_up.sum()), flagged=int(flagged.sum()),
        recall=hit / max(int(made_up.sum()), 1), precision=hit / max(int(flagged.sum()), 1),
        honest_couriers=int(honest.sum()), honest_flagged=int((caught & honest).sum()) / max(int(honest.sum()), 1),
        kinds={name: _kind(flagged[truth == number]) for number, name in enumerate(names)},
    )  # fmt: skip


def _kind(flagged: NDArray[np.bool_]) -> dict[str, float]:
    count, hit = len(flagged), int(flagged.sum())
    return {"visits": count, "flagged": hit, "share": hit / count if count else 0.0}
