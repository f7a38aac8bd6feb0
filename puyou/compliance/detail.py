"""One village week by week: its days, what its duties asked, and the verdict in words."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from puyou.accounts.scopes import Scope
from puyou.compliance import partweeks, reading, rules, weeks, words
from puyou.compliance.rules import Verdict
from puyou.core import clock
from puyou.core.periods import Week
from puyou.places.models import Place
from puyou.visits.models import Visit


@dataclass(frozen=True)
class VillageWeekDetail:
    """A village's week as its page shows it.

    ``days``: for each day Monday to Sunday one of served, excused, missing (in force, not served), idle (no
    duty), ahead (not yet come). ``standing``: none, met, excused, pending, provisional, missed. ``misses``:
    consecutive unmet weeks that end with this one.
    """

    week: Week
    standing: str
    area_class: int
    days: tuple[str, ...]
    need: int
    served: int
    trips: int
    trips_due: int
    longest_gap: int
    part_week: bool
    reason: int
    visits: int
    findings: int
    misses: int
    rule_version: int
    sentence: str


def village_weeks(
    scope: Scope, place: Place, first: Week, last: Week, today: date | None = None
) -> list[VillageWeekDetail]:
    """Every week from ``first`` to ``last`` of one village in which it has a duty, oldest first."""
    scope.require(place.path)
    day = today or clock.today()
    last = min(last, Week.of(day))
    count = (last.monday - first.monday).days // 7 + 1
    found: list[VillageWeekDetail] = []
    for stretch in reading.stretches(first.monday, count) if count > 0 else []:
        source = reading.read(stretch, reading.villages_under(stretch.tree, place), day)
        if not source.facts.villages:
            continue
        uncounted = _uncounted(place, stretch)
        for week in weeks.judged_weeks(source.facts):
            if week.verdicts.days[0]:
                misses = found[-1].misses if found else 0
                found.append(_detail(source, week, day, misses, uncounted.get(week.index, [])))
    return found


def _uncounted(place: Place, stretch: reading.Stretch) -> dict[int, list[float | None]]:
    """Visits that do not count, by week index: metres from the village point, None when refused by review."""
    found: dict[int, list[float | None]] = {}
    last = stretch.mondays[-1] + timedelta(days=6)
    rows = Visit.objects.filter(place_id=place.pk, counting=False, day__range=(stretch.monday, last))
    for day, metres, refused in rows.order_by("day", "id").values_list("day", "distance_m", "rejected"):
        found.setdefault((day - stretch.monday).days // 7, []).append(None if refused else metres)
    return found


def _detail(
    source: reading.Judgeable, week: weeks.Week, today: date, misses: int, uncounted: list[float | None]
) -> VillageWeekDetail:
    verdicts, monday = week.verdicts, source.stretch.mondays[week.index]
    row = week.index + source.facts.history
    excused = int(source.facts.excused[row][0]) if row in source.facts.excused else 0
    code = Verdict(int(verdicts.code[0]))
    standing = rules.standing(code, monday, today, partweeks.settle_days(monday))
    area = int(verdicts.area_class[0])
    told = words.Told(
        need=int(verdicts.trips_due[0]),
        served=int(np.bitwise_count(verdicts.served[0])),
        code=int(code),
        running=standing == "pending",
        excused_days=int(
            np.bitwise_count(np.uint8(excused & int(verdicts.days[0]) & ~int(verdicts.served[0])))
        ),
        days_in_force=int(np.bitwise_count(verdicts.days[0])),
        not_enrolled=int(week.reason[0]) == weeks.NOT_ENROLLED,
        uncounted=uncounted,
    )
    return VillageWeekDetail(
        week=Week(monday),
        standing=standing,
        area_class=area,
        days=_days(int(verdicts.days[0]), int(source.facts.served[row][0]), excused, monday, today),
        need=int(verdicts.need[0]),
        served=told.served,
        trips=int(verdicts.trips[0]),
        trips_due=told.need,
        longest_gap=int(week.gap[0]),
        part_week=int(verdicts.days[0]) != 127 or told.excused_days > 0,
        reason=int(week.reason[0]),
        visits=int(source.visits[week.index][0]),
        findings=int(source.findings[week.index][0]),
        misses=misses + 1 if standing in ("missed", "provisional") else 0 if code != Verdict.NONE else misses,
        rule_version=source.versions[week.index][area],
        sentence=words.sentence(told),
    )


def _days(force: int, served: int, excused: int, monday: date, today: date) -> tuple[str, ...]:
    found = []
    for i in range(7):
        bit = 1 << i
        if served & bit:
            found.append("served")
        elif monday + timedelta(days=i) > today:
            found.append("ahead")
        elif not force & bit:
            found.append("idle")
        else:
            found.append("excused" if excused & bit else "missing")
    return tuple(found)
