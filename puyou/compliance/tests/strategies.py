"""Adversarial villages for the property tests: odd duties, odd weeks, year boundaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from puyou.compliance import arrays, rules, weeks

EPOCH = date(1970, 1, 1)
# Mondays around year ends of 52 and 53 weeks (2020 and 2026 have 53), and an ordinary summer week
MONDAYS = [
    date(2020, 12, 21),
    date(2020, 12, 28),
    date(2021, 1, 4),
    date(2025, 12, 29),
    date(2026, 12, 21),
    date(2026, 12, 28),
    date(2027, 1, 4),
    date(2026, 7, 6),
]


def number(day: date) -> int:
    return (day - EPOCH).days


@st.composite
def duties(draw, monday: date, duty_id: int) -> rules.DutyTerms:
    per_day = draw(st.booleans())
    start = draw(st.sampled_from([-800, -366, -30, -7, -1, 0, 1, 2, 3, 5, 6, 7, 9, 13]))
    length = draw(st.sampled_from([None, 0, 1, 2, 3, 5, 7, 8, 14, 40, 367, 1200]))
    first = monday + timedelta(days=start)
    return rules.DutyTerms(
        duty_id=duty_id,
        area_class=draw(st.integers(0, 3)),
        times=1 if per_day else draw(st.integers(1, 7)),
        per_day=per_day,
        valid_from=first,
        valid_to=None if length is None else first + timedelta(days=length),
        timetable=draw(st.integers(0, 127)),
    )


@dataclass(frozen=True)
class Village:
    """One made-up village: its duties and its dates with a counting visit and under an excuse."""

    duties: tuple[rules.DutyTerms, ...]
    served: frozenset[date]
    excused: frozenset[date]


@st.composite
def villages(draw, monday: date, weeks_ahead: int = 2) -> Village:
    count = draw(st.integers(0, 3))
    ids = draw(st.permutations(range(count)))
    first = monday - timedelta(days=371)
    days = [first + timedelta(days=i) for i in range(371 + 7 * weeks_ahead)]
    served = draw(st.sets(st.sampled_from(days[-28:]), max_size=14)) | draw(
        st.sets(st.sampled_from(days), max_size=4)
    )
    excused: set[date] = set()
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.sampled_from(days[-30:]))
        excused.update(start + timedelta(days=i) for i in range(draw(st.integers(1, 12))))
    return Village(
        tuple(draw(duties(monday, i)) for i in ids),
        frozenset(served),
        frozenset(excused.intersection(days)),
    )


def masks(village_days: Sequence[frozenset[date]], first: date, count: int) -> np.ndarray:
    """Dates as week masks, uint8[count, N]."""
    found = np.zeros((count, len(village_days)), np.uint8)
    for column, days in enumerate(village_days):
        for day in days:
            week, bit = divmod((day - first).days, 7)
            if 0 <= week < count:
                found[week, column] |= 1 << bit
    return found


def facts_of(made: Sequence[Village], monday: date, count: int, rule: str, today: date) -> weeks.Facts:
    """The vector engine's input for made-up villages, with 53 weeks to look back at."""
    history = weeks.LOOK_BACK_WEEKS
    first = monday - timedelta(weeks=history)
    terms = [(i, duty) for i, village in enumerate(made) for duty in village.duties]
    excused = masks([village.excused for village in made], first, history + count)
    rows = arrays.DutyRows.build(
        np.array([i for i, _ in terms], np.int32),
        np.array([duty.duty_id for _, duty in terms], np.int64),
        np.array([duty.area_class for _, duty in terms], np.uint8),
        np.array([duty.times for _, duty in terms], np.uint8),
        np.array([duty.per_day for _, duty in terms], bool),
        np.array([duty.timetable for _, duty in terms], np.uint8),
        np.array([number(duty.valid_from) for _, duty in terms], np.int32),
        np.array([number(duty.valid_to) if duty.valid_to else 2**30 for _, duty in terms], np.int32),
    )
    return weeks.Facts(
        villages=len(made),
        monday=number(monday),
        weeks=count,
        history=history,
        served=masks([village.served for village in made], first, history + count),
        rows=rows,
        rule=[[rules.PART_WEEK_RULES.index(rule)] * 4] * count,
        today=number(today),
        excused={i: row for i, row in enumerate(excused) if row.any()},
    )
