"""One judgement of a stretch of weeks: every village's code, and the figures of every group above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.compliance import reading, sums, weeks

COLUMNS = (*sums.FIELDS, "visits", "findings")


@dataclass(frozen=True)
class LevelFigures:
    """Figures of one level: ``columns`` by name, int32[W, G] over the groups."""

    groups: sums.Groups
    columns: dict[str, NDArray[np.int32]]


@dataclass(frozen=True)
class Judgement:
    """What judging found: ``codes``, ``need`` and ``served`` days uint8[W, N]; figures lowest level first."""

    source: reading.Judgeable
    codes: NDArray[np.uint8]
    need: NDArray[np.uint8]
    served: NDArray[np.uint8]
    levels: tuple[LevelFigures, ...]


def judge(source: reading.Judgeable, levels: Sequence[int]) -> Judgement:
    """Judge every week and add the villages up to ``levels`` (0 to 4, lowest first, none is allowed)."""
    count, villages = source.stretch.weeks, source.facts.villages
    codes, need, served = (np.zeros((count, villages), np.uint8) for _ in range(3))
    ladder = ladder_of(source, levels) if levels else None
    found: list[sums.Figures] = []
    if ladder is not None:
        found = [{name: _table(count, groups) for name in COLUMNS} for groups in ladder.levels]

    def keep(week: weeks.Week, by_level: list[sums.Figures]) -> None:
        codes[week.index] = week.verdicts.code
        need[week.index] = week.verdicts.need
        served[week.index] = np.bitwise_count(week.verdicts.served)
        if ladder is not None:
            _add(ladder, source, week, by_level, found)

    if ladder is not None:
        sums.add_weeks(ladder, source.facts, keep)
    else:
        for week in weeks.judged_weeks(source.facts):
            keep(week, [])
    figures = [LevelFigures(g, c) for g, c in zip(ladder.levels, found, strict=True)] if ladder else []
    return Judgement(source, codes, need, served, tuple(figures))


def _table(count: int, groups: sums.Groups) -> NDArray[np.int32]:
    return np.zeros((count, len(groups.place)), np.int32)


def _add(
    ladder: sums.Ladder,
    source: reading.Judgeable,
    week: weeks.Week,
    figures: list[sums.Figures],
    found: list[sums.Figures],
) -> None:
    visits = sums.add_values(ladder, week, source.visits[week.index])
    findings = sums.add_values(ladder, week, source.findings[week.index])
    for columns, by_name, more, doubtful in zip(found, figures, visits, findings, strict=True):
        row: dict[str, Any] = {**by_name, "visits": more, "findings": doubtful}
        for name, values in row.items():
            columns[name][week.index] = values


def ladder_of(source: reading.Judgeable, levels: Sequence[int]) -> sums.Ladder:
    """The groups of the stretch's tree that the villages belong to."""
    tree, at, rows = source.stretch.tree, source.position, source.facts.rows
    return sums.ladder(
        [tree.anchor[level][at] for level in levels],
        [tree.stand_in[level][at] for level in levels],
        levels,
        source.usual,
        (rows.village, rows.area_class),
        at,
    )
