"""Telling what a judgement changed: events for weeks already judged, misses of weeks already closed."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.compliance import events
from puyou.compliance.models import Closing, Miss
from puyou.compliance.reading import EPOCH, number
from puyou.compliance.remembering import Changes
from puyou.compliance.rules import Verdict
from puyou.core import events as log
from puyou.core.periods import Week

FEW = 1_000  # up to so many changes of one run are told one by one
NAMES = {Verdict.NONE: "none", Verdict.EXCUSED: "excused", Verdict.MET: "met", Verdict.UNMET: "missed"}
CAUSES = ("late_visit", "review", "correction", "excuse", "rule", "duty")
SUPERSEDE = """
UPDATE compliance_miss m SET superseded_at = %s, superseded_cause = c.cause
FROM unnest(%s::int[], %s::date[], %s::text[]) AS c(place_id, monday, cause)
WHERE m.place_id = c.place_id AND m.monday = c.monday AND m.superseded_at IS NULL
"""


class Causes:
    """Why each village-week was judged again: some by name, all others for one common reason."""

    def __init__(self, common: str, named: Mapping[tuple[int, int], str] | None = None) -> None:
        self.common, self.named = common, named or {}

    def of(self, place: int, monday: int) -> str:
        return self.named.get((place, monday), self.common)


def tell(
    changes: Changes,
    said: NDArray[np.int32],
    causes: Causes,
    versions: Mapping[int, int],
    by: str,
    now: datetime,
) -> int:
    """Say the changes of weeks whose verdicts were ``said`` before (Mondays); returns how many those were.

    ``versions``: rule version by Monday. What was never said before is no change.
    """
    told = changes.where(np.isin(changes.monday, said))
    because = [causes.of(int(p), int(m)) for p, m in zip(told.place, told.monday, strict=True)]
    if len(told) <= FEW:
        for i, cause in enumerate(because):
            _tell_one(told, i, cause, by, now)
    else:
        _tell_many(told, because, by, now)
    _correct_misses(told, because, versions, now)
    return len(told)


def _tell_one(changes: Changes, i: int, cause: str, by: str, now: datetime) -> None:
    week = Week(_day(int(changes.monday[i])))
    data = {
        "from": NAMES[Verdict(int(changes.before[i]))],
        "to": NAMES[Verdict(int(changes.after[i]))],
        "cause": cause,
        "week": week.name,
        "place": int(changes.place[i]),
    }
    log.append(
        events.VERDICT_CHANGED, subject=f"place:{changes.place[i]}:{week.name}", actor=by, now=now, data=data
    )


def _tell_many(changes: Changes, because: list[str], by: str, now: datetime) -> None:
    numbers = {cause: i for i, cause in enumerate(sorted(set(because)))}
    cause = np.array([numbers[each] for each in because], np.int64)
    key = (cause * 4 + changes.before) * 4 + changes.after
    names = list(numbers)
    counts = [
        {
            "from": NAMES[Verdict(int(k) // 4 % 4)],
            "to": NAMES[Verdict(int(k) % 4)],
            "cause": names[int(k) // 16],
            "count": int(n),
        }
        for k, n in zip(*np.unique(key, return_counts=True), strict=True)
    ]
    order = np.lexsort((changes.monday, changes.place))
    body = np.stack([column[order].astype(np.int64) for column in _columns(changes)])
    data = {
        "village_weeks": len(changes),
        "first": Week(_day(int(changes.monday.min()))).name,
        "last": Week(_day(int(changes.monday.max()))).name,
        "changes": counts,
        "digest": hashlib.sha256(body.tobytes()).hexdigest(),
    }
    log.append(events.VERDICTS_CHANGED, subject="nation", actor=by, now=now, data=data)


def _columns(changes: Changes) -> list[NDArray[Any]]:
    return [changes.place, changes.monday, changes.before, changes.after]


def _correct_misses(changes: Changes, because: list[str], versions: Mapping[int, int], now: datetime) -> None:
    """A miss that is none any more is superseded; a closed week that became unmet gets its miss."""
    closed = {number(day) for day in Closing.objects.exclude(closed_at=None).values_list("monday", flat=True)}
    if not closed or not len(changes):
        return
    inside = np.isin(changes.monday, list(closed))
    gone = np.flatnonzero(inside & (changes.before == Verdict.UNMET))
    with connection.cursor() as cursor:
        cursor.execute(
            SUPERSEDE,
            [
                now,
                changes.place[gone].tolist(),
                [_day(int(m)) for m in changes.monday[gone]],
                [because[i] for i in gone],
            ],
        )
    note_misses(changes.where(inside & (changes.after == Verdict.UNMET)), versions, now)


def note_misses(unmet: Changes, versions: Mapping[int, int], now: datetime) -> int:
    """Make a row of each unmet village-week of closed weeks, once."""
    rows = [
        Miss(
            place_id=int(unmet.place[i]),
            monday=_day(int(unmet.monday[i])),
            need=int(unmet.need[i]),
            served=int(unmet.served[i]),
            rule_version=versions.get(int(unmet.monday[i]), 0),
            noticed_at=now,
        )
        for i in range(len(unmet))
    ]
    Miss.objects.bulk_create(rows, batch_size=5_000, ignore_conflicts=True)
    return len(rows)


def _day(days: int) -> date:
    return EPOCH + timedelta(days=days)
