"""Reading compliance: figures for pages and commands, one village's weeks in detail, excuses in scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from puyou.accounts.scopes import Scope
from puyou.compliance import figures as engine
from puyou.compliance import partweeks, problems, reading
from puyou.compliance.detail import VillageWeekDetail, village_weeks
from puyou.compliance.dues import Due, week_dues
from puyou.compliance.excuse_lists import count_excuses, get_excuse, list_excuses, list_hindrances
from puyou.compliance.partweeks import settle_days
from puyou.core import clock
from puyou.core.periods import Week
from puyou.places import queries as places
from puyou.places.models import LEVELS, Place
from puyou.registry.arrays import AREA_CLASSES

__all__ = [
    "Due",
    "Figure",
    "VillageWeekDetail",
    "count_excuses",
    "figures",
    "get_excuse",
    "list_excuses",
    "list_hindrances",
    "parse_level",
    "settle_days",
    "state",
    "trend",
    "village_weeks",
    "weakest",
    "week_dues",
]
EARLIEST = date(2000, 1, 1)  # neither a rule nor a duty holds before; such weeks have no rows
CHINESE = {"全国": 0, "省": 1, "市": 2, "县": 3, "乡": 4, "乡镇": 4, "村": 5}
state = engine.state


@dataclass(frozen=True)
class Figure:
    """A place's week. ``missed`` includes ``provisional``; ``rate`` is met ÷ (met + missed) or None.

    ``reasons`` counts the unmet villages: not_enrolled, no_service, uncounted, too_few.
    """

    place: Place
    week: Week
    stand_in: bool
    villages: int
    met: int
    missed: int
    provisional: int
    excused: int
    pending: int
    trips: int
    trips_due: int
    longest_gap: int
    visits: int
    findings: int
    reasons: dict[str, int]

    @property
    def rate(self) -> float | None:
        judged = self.met + self.missed
        return self.met / judged if judged else None

    @property
    def settled(self) -> bool:
        """Whether nothing about the week can change by mere passing of time."""
        return not self.pending and not self.provisional

    def as_contract(self) -> dict[str, object]:
        """The row of ``puyou compliance --json`` (contracts 5)."""
        names = (
            "villages",
            "met",
            "missed",
            "provisional",
            "excused",
            "pending",
            "rate",
            "trips",
            "trips_due",
        )
        return {
            "place": self.place.code,
            "name": self.place.name,
            "week": self.week.name,
            **{name: getattr(self, name) for name in names},
            "longest_gap": self.longest_gap,
            "stand_in": self.stand_in,
        }


def parse_level(text: str) -> int:
    """A level by its English name, its number or its Chinese name."""
    known = (
        {name: level for level, name in LEVELS.items()} | CHINESE | {str(level): level for level in LEVELS}
    )
    if text.strip().lower() not in known:
        raise problems.UNKNOWN_LEVEL(level=text)
    return known[text.strip().lower()]


def figures(
    scope: Scope,
    place: Place,
    weeks: Sequence[Week],
    level: int,
    area_class: str | None = None,
    place_set: str | None = None,
    tree: str = "week",
    today: date | None = None,
) -> list[Figure]:
    """Figures of what stands at ``level`` at or below ``place`` in consecutive ``weeks``, by code and week.

    ``tree``: ``week`` uses each week's own tree, ``current`` today's for all. ``place_set`` narrows to the
    villages of a set as it was on the first Monday. No row for a place without a judged duty; no weeks to come.
    Problems: level above the place; place outside the scope.
    """
    day = today or clock.today()
    rows = _rows(scope, place, weeks, level, area_class, place_set, tree, day)
    return _figures(rows, level, day)


def _rows(
    scope: Scope,
    place: Place,
    weeks: Sequence[Week],
    level: int,
    area_class: str | None,
    place_set: str | None,
    tree: str,
    day: date,
) -> engine.Rows:
    """What ``figures`` shows, as columns."""
    scope.require(place.path)
    if level < place.level:
        raise problems.LEVEL_ABOVE_PLACE(level=LEVELS[level], place=place.name)
    if area_class is not None and area_class not in AREA_CLASSES:
        raise problems.UNKNOWN_AREA_CLASS(area_class=area_class)
    mondays = [week.monday for week in weeks if EARLIEST <= week.monday <= day]
    roots = [place] if place_set is None or not mondays else _members(place, place_set, mondays[0])
    if not mondays or not roots:
        return engine.Rows.joined([])
    count = (mondays[-1] - mondays[0]).days // 7 + 1
    rows = engine.rows_of(roots, mondays[0], count, level, day, current=tree == "current")
    if area_class is not None:
        rows = rows.where(rows.area_class == AREA_CLASSES.index(area_class))
    return rows.over_classes()


def _members(place: Place, place_set: str, day: date) -> list[Place]:
    """The set's places below ``place``, none inside another; ``place`` itself when the set holds all of it."""
    found: list[Place] = []
    for member in sorted(places.members_of(place_set, day), key=lambda each: each.path):
        if place.path.startswith(member.path):
            return [place]
        if member.path.startswith(place.path) and not (found and member.path.startswith(found[-1].path)):
            found.append(member)
    return found


def _figures(rows: engine.Rows, level: int, today: date) -> list[Figure]:
    known = places.get_places(np.unique(rows.place).tolist())
    settle: dict[int, int] = {}
    found = []
    table = {name: column.tolist() for name, column in rows.columns.items()}
    for i, (identifier, monday) in enumerate(zip(rows.place.tolist(), rows.monday.tolist(), strict=True)):
        week = Week(reading.EPOCH + timedelta(days=monday))
        if monday not in settle:
            settle[monday] = partweeks.settle_days(week.monday)
        end = week.monday + timedelta(days=7)
        unmet = table["unmet"][i]
        over = today >= end
        reasons = {name: table[name][i] for name in ("not_enrolled", "no_service", "uncounted")}
        found.append(
            Figure(
                place=known[identifier],
                week=week,
                stand_in=known[identifier].level != level,
                villages=table["met"][i] + unmet + table["excused"][i],
                met=table["met"][i],
                missed=unmet if over else 0,
                provisional=unmet if over and today < end + timedelta(days=settle[monday]) else 0,
                excused=table["excused"][i],
                pending=0 if over else unmet,
                trips=table["trips"][i],
                trips_due=table["trips_due"][i],
                longest_gap=table["longest_gap"][i],
                visits=table["visits"][i],
                findings=table["findings"][i],
                reasons=reasons | {"too_few": unmet - sum(reasons.values())},
            )
        )
    return sorted(found, key=lambda figure: (figure.place.code, figure.week))


def trend(
    scope: Scope, place: Place, last: Week, weeks: int = 53, area_class: str | None = None, **more: str | None
) -> list[Figure]:
    """One place's own figures for ``weeks`` weeks up to ``last``."""
    wanted = [last.shift(i) for i in range(1 - weeks, 1)]
    level = place.level
    found = figures(
        scope, place, wanted, level, area_class, more.get("place_set"), more.get("tree") or "week"
    )
    return [figure for figure in found if figure.place.pk == place.pk]


def weakest(
    scope: Scope,
    place: Place,
    week: Week,
    level: int,
    limit: int = 10,
    area_class: str | None = None,
    place_set: str | None = None,
    tree: str = "week",
    today: date | None = None,
) -> list[Figure]:
    """The places below with the lowest rate, then the most unmet villages; none without an unmet one."""
    day = today or clock.today()
    rows = _rows(scope, place, [week], level, area_class, place_set, tree, day)
    met, unmet = rows.columns["met"], rows.columns["unmet"]
    rate = met / np.maximum(met + unmet, 1)
    order = np.lexsort((-unmet, rate))
    chosen = order[unmet[order] > 0][:limit]
    found = _figures(rows.where(chosen), level, day)
    return sorted(
        found,
        key=lambda each: (each.met / (each.villages - each.excused), each.excused - each.villages + each.met),
    )
