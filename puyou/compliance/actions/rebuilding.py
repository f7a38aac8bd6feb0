"""Recomputing everything from the facts: a check the product runs, and the repair when it finds something."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction

from puyou.compliance import basis, comparing, events, judging, reading, storing
from puyou.compliance.actions.judging import judge_pending, judge_range, lock
from puyou.compliance.comparing import Difference
from puyou.core import copying
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.visits import actions as visits

SHOWN = 200
OVERWRITE = """
INSERT INTO visits_villageyear (place_id, iso_year, days) SELECT place_id, iso_year, days FROM rebuilt
ON CONFLICT (place_id, iso_year) DO UPDATE SET days = excluded.days
"""


@dataclass
class Report:
    """What a rebuild found: differences by kind, the first in full, and whether they were repaired."""

    counts: Counter[str] = field(default_factory=Counter)
    shown: list[Difference] = field(default_factory=list)
    repaired: bool = False
    changed: int = 0
    weeks: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def add(self, found: Iterable[Difference]) -> None:
        for difference in found:
            self.counts[difference.what] += 1
            if len(self.shown) < SHOWN:
                self.shown.append(difference)

    def as_report(self) -> dict[str, Any]:
        return {
            "weeks": self.weeks,
            "differences": self.total,
            "by_kind": dict(self.counts),
            "first": [asdict(difference) for difference in self.shown],
            "repaired": self.repaired,
            "verdicts_changed": self.changed,
        }


@transaction.atomic
def rebuild(*, check: bool, by: str, now: datetime) -> Report:
    """Recompute day sets from visits, reviews, withdrawals and loaded years, and figures from day sets; compare.

    ``check`` only reports. Otherwise the differences are repaired by judging again, which says what changed.
    What waits in the queue is judged first: it is no difference.
    """
    lock()
    report = Report()
    visits.settle_withdrawals(now=now)
    judge_pending(now, by=by)
    _compare_day_sets(report, check)
    if not check:
        report.counts["visit"] += comparing.misflagged(repair=True)
    else:
        report.counts["visit"] += comparing.misflagged(repair=False)
    _compare_figures(report, now)
    report.counts = Counter({kind: count for kind, count in report.counts.items() if count})
    if not check and report.total:
        report.changed = judge_range(basis.window(day_of(now))[0], cause="review", now=now, by=by)
        report.repaired = True
        data = report.as_report() | {"first": [asdict(each) for each in islice(report.shown, 20)]}
        log.append(events.JUDGEMENT_REPAIRED, subject="nation", actor=by, now=now, data=data)
    return report


def _compare_day_sets(report: Report, check: bool) -> None:
    found = list(comparing.day_set_differences())
    report.add(difference for difference, _, _, _ in found)
    if check or not found:
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE rebuilt (place_id int, iso_year smallint, days bit(371))")
        copying.copy_in(
            "rebuilt",
            {
                "place_id": np.array([place for _, place, _, _ in found], np.int32),
                "iso_year": np.array([year for _, _, year, _ in found], np.int16),
                "days": np.array([np.frombuffer(days, np.uint8) for _, _, _, days in found]),
            },
            comparing.SET_TYPES,
        )
        cursor.execute(OVERWRITE)
        cursor.execute("DROP TABLE rebuilt")


def _compare_figures(report: Report, now: datetime) -> None:
    """Against the day sets as they are now (repaired, unless this is a check)."""
    today = day_of(now)
    mondays = basis.window(today)
    report.weeks = len(mondays)
    for stretch in reading.stretches(mondays[0], len(mondays)):
        judgement = judging.judge(reading.read(stretch, None, today), storing.STORED)
        report.add(comparing.rollup_differences(judgement))
        report.add(comparing.verdict_differences(judgement, today))
