"""Why a visit has its score: each reason in a sentence with its number and weight, measured anew."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from puyou.scrutiny import arrays, reading, rules, scoring, weightings
from puyou.scrutiny.arrays import Evidence
from puyou.scrutiny.models import Score
from puyou.scrutiny.rules import Measures, Reason
from puyou.visits.models import Visit


@dataclass(frozen=True)
class Line:
    """One reason as the page shows it; ``counts`` is false when a heavier one of its group stands for it."""

    reason: Reason
    sentence: str
    weight: float
    counts: bool


@dataclass(frozen=True)
class Explained:
    """A visit's score as it is now, its reasons for and against, and the person's trail of that day.

    ``stored`` is the score as it was last written; None when the visit still waits.
    """

    score: int
    version: int
    stored: Score | None
    measures: Measures
    against: list[Line]
    support: list[Line]
    cap: int
    trail: list[dict[str, Any]]


def explain(visit: Visit) -> Explained | None:
    """Measure a visit's county day anew and say why it has its score; None when the visit is gone."""
    by = weightings.get_weights(visit.day)
    counties = reading.counties_of(np.array([visit.place_id]))
    told = reading.read_day(visit.day, counties, by.limits)
    if told is None:
        return None
    scored = scoring.score(told, by)
    at = np.flatnonzero(scored.told.ids.view("V16").ravel() == np.void(visit.pk.bytes))
    if not len(at):
        return None
    row = int(at[0])
    seen = arrays.row(scored.seen, row)
    lines = _lines(int(scored.reasons[row]), seen, by.weights)
    return Explained(
        score=int(scored.scores[row]), version=by.version,
        stored=Score.objects.filter(visit_id=visit.pk, day=visit.day).first(), measures=seen,
        against=[line for line in lines if not line.reason.supports],
        support=[line for line in lines if line.reason.supports],
        cap=int(by.caps.get(rules.SOURCES[seen.source], 100)), trail=_trail(told, visit),
    )  # fmt: skip


def _lines(mask: int, seen: Measures, weights: Any) -> list[Line]:
    heaviest: dict[tuple[str, bool], str] = {}
    found = sorted(rules.describe(mask), key=lambda reason: -weights.get(reason.code, 0.0))
    for reason in found:
        heaviest.setdefault((reason.group, reason.supports), reason.code)
    return [
        Line(
            reason, rules.sentence_of(reason, seen), weights.get(reason.code, 0.0),
            heaviest[reason.group, reason.supports] == reason.code,
        )
        for reason in found
    ]  # fmt: skip


def _trail(told: Evidence, visit: Visit) -> list[dict[str, Any]]:
    """The visits of the same courier or phone on that day, in order of time."""
    same = (told.courier == (visit.courier_id or -1)) & (told.courier != 0)
    same |= (told.device == (visit.device_id or -1)) & (told.device != 0)
    day = (visit.day - reading.EPOCH).days
    rows = np.flatnonzero(same & (told.day == day))
    rows = rows[np.argsort(told.happened[rows], kind="stable")]
    return [
        {"id": told.ids[row].tobytes().hex(), "place_id": int(told.place[row]), "happened": int(told.happened[row]),
         "lon": float(told.lon[row]), "lat": float(told.lat[row]), "accuracy_m": float(told.accuracy[row])}
        for row in rows
    ]  # fmt: skip
