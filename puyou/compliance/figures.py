"""Figures of places by week: roll-ups where they hold, computed by the same engine where not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.compliance import judging, reading, storing, weeks
from puyou.compliance.basis import stale_weeks, window
from puyou.core import copying
from puyou.places.models import Place

VILLAGE = 5


@dataclass(frozen=True, eq=False)
class Rows:
    """Figures as columns of equal length: one row per place, week and area class; ``level`` as stood at."""

    place: NDArray[np.int32]
    monday: NDArray[np.int32]
    area_class: NDArray[np.uint8]
    columns: dict[str, NDArray[np.int32]]

    @classmethod
    def joined(cls, parts: "Sequence[Rows]") -> "Rows":
        if not parts:
            empty = np.zeros(0, np.int32)
            return cls(empty, empty, np.zeros(0, np.uint8), {name: empty for name in judging.COLUMNS})
        return cls(
            np.concatenate([part.place for part in parts]),
            np.concatenate([part.monday for part in parts]),
            np.concatenate([part.area_class for part in parts]),
            {name: np.concatenate([part.columns[name] for part in parts]) for name in judging.COLUMNS},
        )

    def where(self, chosen: NDArray[Any]) -> "Rows":
        columns = {name: column[chosen] for name, column in self.columns.items()}
        return Rows(self.place[chosen], self.monday[chosen], self.area_class[chosen], columns)

    def over_classes(self) -> "Rows":
        """The area classes of each place and week added up."""
        key = self.monday.astype(np.int64) << 32 | self.place
        keys, first, group = np.unique(key, return_index=True, return_inverse=True)
        columns = {}
        for name, column in self.columns.items():
            total = np.zeros(len(keys), np.int32)
            (np.maximum if name == "longest_gap" else np.add).at(total, group, column)
            columns[name] = total
        return Rows(self.place[first], self.monday[first], self.area_class[first], columns)


def held_weeks(today: date) -> set[date]:
    """The weeks whose roll-ups are rows and true today."""
    return set(window(today)) - set(stale_weeks(today))


def read_stored(tree_parts: NDArray[np.int32], level: int, mondays: Sequence[date]) -> Rows:
    """Roll-ups of some places standing at a level (0 to 3) in some weeks."""
    names = ", ".join(judging.COLUMNS)
    among = reading.among("place_id", tree_parts)
    listed = ",".join(f"'{monday}'" for monday in mondays)
    found = copying.copy_out(
        f"SELECT monday, place_id, area_class, {names} FROM compliance_rollup"
        f" WHERE level = {level} AND monday IN ({listed}) AND {among}",
        {
            "monday": "date",
            "place_id": "int4",
            "area_class": "int2",
            **dict.fromkeys(judging.COLUMNS, "int4"),
        },
    )
    return Rows(
        found["place_id"],
        found["monday"].astype(np.int64).astype(np.int32),
        found["area_class"].astype(np.uint8),
        {name: found[name] for name in judging.COLUMNS},
    )


def compute(stretch: reading.Stretch, wanted: NDArray[np.intp], level: int, today: date) -> Rows:
    """Judge some villages of a stretch now and add them up to a level; 5 leaves them as they are."""
    source = reading.read(stretch, wanted if len(wanted) < len(stretch.tree) else None, today)
    if level == VILLAGE:
        return _villages(source)
    judgement = judging.judge(source, (level,))
    figures = judgement.levels[0]
    columns = figures.columns
    week, group = np.nonzero(columns["met"] + columns["unmet"] + columns["excused"])
    return Rows(
        figures.groups.place[group],
        (reading.number(stretch.monday) + 7 * week).astype(np.int32),
        figures.groups.area_class[group],
        {name: columns[name][week, group] for name in judging.COLUMNS},
    )


def _villages(source: reading.Judgeable) -> Rows:
    parts = []
    for week in weeks.judged_weeks(source.facts):
        at = np.flatnonzero(week.verdicts.code)
        code, reason = week.verdicts.code[at], week.reason[at]
        columns = {
            "met": code == 2,
            "unmet": code == 3,
            "excused": code == 1,
            "trips": week.verdicts.trips[at],
            "trips_due": week.verdicts.trips_due[at],
            "longest_gap": week.gap[at],
            "visits": source.visits[week.index][at],
            "findings": source.findings[week.index][at],
            "not_enrolled": reason == weeks.NOT_ENROLLED,
            "no_service": reason == weeks.NO_SERVICE,
            "uncounted": reason == weeks.UNCOUNTED,
        }
        parts.append(
            Rows(
                source.ids[at],
                np.full(len(at), week.monday, np.int32),
                week.verdicts.area_class[at],
                {name: np.asarray(columns[name]).astype(np.int32) for name in judging.COLUMNS},
            )
        )
    return Rows.joined(parts)


def standing_under(stretch: reading.Stretch, place: Place, level: int) -> NDArray[np.int32]:
    """Ids of the places that stand at a level (0 to 4) below a place (or are it)."""
    anchors = stretch.tree.anchor[level][reading.villages_under(stretch.tree, place)]
    return np.unique(anchors[np.diff(anchors, prepend=np.int32(-1)) != 0])  # neighbours share their anchor


def rows_of(
    places: Iterable[Place], first: date, count: int, level: int, today: date, current: bool = False
) -> Rows:
    """Figures at a level below some places (none inside another), of ``count`` weeks from Monday ``first``.

    ``current``: as if today's tree had always been. A roll-up row serves where it holds and means exactly
    what was asked; everything else is computed, by the same engine.
    """
    chosen = list(places)
    held = held_weeks(today) if not current and level <= storing.COUNTY else set()
    parts: list[Rows] = []
    for stretch in reading.stretches(first, count, current):
        stored = [monday for monday in stretch.mondays if monday in held]
        whole = level >= max((place.level for place in chosen), default=0)
        if stored and whole:
            standing = [standing_under(stretch, place, level) for place in chosen]
            parts.append(read_stored(np.unique(np.concatenate(standing)), level, stored))
        else:
            stored = []
        for piece in _pieces(stretch, set(stored)):
            wanted = [reading.villages_under(stretch.tree, place) for place in chosen]
            parts.append(compute(piece, np.unique(np.concatenate(wanted)), level, today))
    return Rows.joined(parts)


def _pieces(stretch: reading.Stretch, done: set[date]) -> list[reading.Stretch]:
    """The consecutive weeks of a stretch that are not done."""
    pieces: list[reading.Stretch] = []
    for monday in stretch.mondays:
        if monday in done:
            continue
        if pieces and pieces[-1].monday + timedelta(weeks=pieces[-1].weeks) == monday:
            pieces[-1] = reading.Stretch(stretch.tree, pieces[-1].monday, pieces[-1].weeks + 1)
        else:
            pieces.append(reading.Stretch(stretch.tree, monday, 1))
    return pieces


def state() -> int:
    """The number of the last run of the judge: pages use it to know whether anything moved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM compliance_judging")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
