"""What this week still asks of some villages, set-wise: for a phone's round and for the county's desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from puyou.accounts.models import in_force
from puyou.compliance import reading, weeks
from puyou.core.periods import Week
from puyou.registry.models import Duty


@dataclass(frozen=True)
class Due:
    """A village's duty and its week so far: ``made`` days served of ``need``; the last served day within a year."""

    times: int
    period: str
    need: int
    made: int
    served_on: date | None


def week_dues(place_ids: Sequence[int], today: date) -> dict[int, Due]:
    """By village, as the judge would say it of the running week; villages without a duty are left out.

    The same arrays as the verdict, so that a phone and a verdict never disagree. A fixed number of queries.
    """
    if not place_ids:
        return {}
    stretch = reading.stretches(Week.of(today).monday, 1)[0]
    position = stretch.tree.position(np.array(sorted(place_ids)))
    source = reading.read(stretch, position[position >= 0], today)
    if not source.facts.villages:
        return {}
    terms = _terms(place_ids, today)
    week = next(iter(weeks.judged_weeks(source.facts)))
    last = _last_served(source)
    return {
        place: Due(
            *terms.get(place, (0, Duty.Period.WEEK.value)),
            need=int(week.verdicts.need[at]),
            made=int(np.bitwise_count(week.verdicts.served[at])),
            served_on=last[at],
        )
        for at, place in enumerate(source.ids.tolist())
        if week.verdicts.days[at]
    }


def _terms(place_ids: Sequence[int], today: date) -> dict[int, tuple[int, str]]:
    """Times and period of each village's strictest duty."""
    rows = Duty.objects.filter(in_force(today), place__in=place_ids).values_list(
        "place_id", "times", "period"
    )
    found: dict[int, tuple[int, str]] = {}
    for place, times, period in sorted(rows, key=lambda row: (row[2] == Duty.Period.DAY, row[1])):
        found[place] = (times, period)
    return found


def _last_served(source: reading.Judgeable) -> list[date | None]:
    served, monday = source.facts.served, source.stretch.monday
    found: list[date | None] = []
    for column in served.T:
        rows = np.flatnonzero(column)
        if not len(rows):
            found.append(None)
            continue
        week = int(rows[-1]) - source.facts.history
        found.append(monday + timedelta(days=7 * week + int(column[rows[-1]]).bit_length() - 1))
    return found
