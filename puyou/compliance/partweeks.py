"""Which part-week rule judges which village in which week, and by which version."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from puyou.compliance.arrays import RuleOfWeek
from puyou.compliance.rules import PART_WEEK_RULES
from puyou.registry.arrays import AREA_CLASSES
from puyou.standards import queries as standards

CODE = "part_week_rule"


def rule_of(mondays: Sequence[date], paths: NDArray[np.bytes_]) -> tuple[list[RuleOfWeek], list[list[int]]]:
    """Per week: the rule of each class (or uint8[4, N] where places have their own), and the version ids."""
    national = _by_class(mondays, "")
    versions = [[version for _, version in week] for week in national]
    rules: list[RuleOfWeek] = [[rule for rule, _ in week] for week in national]
    for path in standards.override_paths(CODE):
        inside = np.char.startswith(paths, path.encode())
        if not inside.any():
            continue
        for i, week in enumerate(_by_class(mondays, path)):
            own = [rule for rule, _ in week]
            before = rules[i]
            whole = (
                before if isinstance(before, np.ndarray) else np.repeat(_column(before), len(paths), axis=1)
            )
            rules[i] = np.where(inside[None, :], _column(own), whole)
    return rules, versions


def _column(rules: Sequence[int]) -> NDArray[np.uint8]:
    return np.array(rules, np.uint8)[:, None]


def _by_class(mondays: Sequence[date], path: str) -> list[list[tuple[int, int]]]:
    """Per week, (rule index, version id) of each area class."""
    columns = []
    for area in AREA_CLASSES:
        values = standards.values_by_week(CODE, mondays, area, path)
        columns.append([(PART_WEEK_RULES.index(str(value.value)), value.version_id) for value in values])
    return [list(week) for week in zip(*columns, strict=True)]


def settle_days(monday: date) -> int:
    """How long after a week's end its misses stay provisional (contracts 1.4)."""
    return int(standards.get_value("settle_days", monday).number)
