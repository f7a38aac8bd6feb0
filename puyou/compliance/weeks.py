"""Walking many villages through their weeks in order: verdicts, gaps carried on, reasons of the unmet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from puyou.compliance import arrays, gaps
from puyou.compliance.arrays import DutyRows, Layer, Masks, RuleOfWeek, WeekVerdicts

SPAN = 6  # weeks; in a few of them hardly a duty begins or ends
FEW = 20_000  # fewer villages are judged before a second thread has begun
LOOK_BACK_WEEKS = 53  # holds the 366 days that a gap is followed before a week
NOT_ENROLLED, NO_SERVICE, UNCOUNTED = np.uint8(1), np.uint8(2), np.uint8(3)  # 0: too few trips


@dataclass(frozen=True)
class Facts:
    """All that judging N villages over some weeks needs, as arrays; days are counted from 1970-01-01.

    ``served``: uint8[history + weeks, N], bit i = Monday + i has a counting visit; the first ``history``
    weeks are looked back at only. ``excused``: the same for days under an approved excuse, by row of
    ``served``; absent rows have none. ``rule``: per judged week the part-week rule of each area class. ``today``: days
    from it on have not elapsed. ``unenrolled``, ``uncounted``: per judged week bool[N], absent means nobody.
    ``offset``: what the first judged week is numbered.
    """

    villages: int
    monday: int
    weeks: int
    history: int
    served: NDArray[np.uint8]
    rows: DutyRows
    rule: Sequence[RuleOfWeek]
    today: int
    excused: Mapping[int, Masks] = field(default_factory=dict)
    unenrolled: Mapping[int, NDArray[np.bool_]] = field(default_factory=dict)
    uncounted: Mapping[int, NDArray[np.bool_]] = field(default_factory=dict)
    offset: int = 0


@dataclass(frozen=True)
class Week:
    """One judged week of N villages; ``gap`` in days, 0 where no duty asks anything."""

    index: int
    monday: int
    verdicts: WeekVerdicts
    gap: NDArray[np.uint16]
    reason: Masks


def judged_weeks(facts: Facts) -> Iterator[Week]:
    """Judge every week of ``facts`` in order: the same code for a village's page and the nation's year."""
    whole = layers_of(facts)
    run = _reaching(facts, whole)
    for index in range(facts.weeks):
        row, monday = facts.history + index, facts.monday + 7 * index
        if index % SPAN == 0:
            layers = [layer.within(monday, monday + 7 * SPAN - 1) for layer in whole]
        served, excused = facts.served[row], facts.excused.get(row)
        elapsed = arrays.elapsed_days(monday, facts.today)
        verdicts = arrays.judge_week(layers, monday, served, excused, facts.rule[index])
        waiting = arrays.waiting_days(verdicts.days, served, excused, elapsed)
        gap, run = gaps.follow(run, waiting, verdicts.code)
        yield Week(facts.offset + index, monday, verdicts, gap, _reasons(facts, index, verdicts))


def spans(facts: Facts, parts: int) -> list[Facts]:
    """The same weeks in so many spans, each of which can be judged beside the others."""
    if facts.villages < FEW or facts.weeks < parts:
        return [facts]
    edges = [facts.weeks * part // parts for part in range(parts + 1)]
    return [_span(facts, first, end) for first, end in zip(edges, edges[1:], strict=False)]


def _span(facts: Facts, first: int, end: int) -> Facts:
    return replace(
        facts,
        monday=facts.monday + 7 * first,
        weeks=end - first,
        history=facts.history + first,
        rule=facts.rule[first:end],
        unenrolled={index - first: mask for index, mask in facts.unenrolled.items() if first <= index < end},
        uncounted={index - first: mask for index, mask in facts.uncounted.items() if first <= index < end},
        offset=facts.offset + first,
    )


def _reaching(facts: Facts, layers: list[Layer]) -> gaps.Runs:
    """The run that reaches the first judged Monday, followed back only as far as somebody still waits."""
    run = np.zeros(facts.villages, np.uint16)
    still = np.arange(facts.villages)
    for back in range(1, facts.history + 1):
        row, monday = facts.history - back, facts.monday - 7 * back
        days = arrays.days_in_force(layers, monday)[still]
        excused = facts.excused[row][still] if row in facts.excused else None
        elapsed = arrays.elapsed_days(monday, facts.today)
        waiting = arrays.waiting_days(days, facts.served[row][still], excused, elapsed)
        run[still] += gaps.last_days(waiting)
        still = still[waiting == arrays.WHOLE_WEEK]
        if not len(still):
            break
    return np.minimum(run, gaps.LIMIT)


def layers_of(facts: Facts) -> list[Layer]:
    """The duties of the whole stretch, history included, as layers."""
    first = facts.monday - 7 * facts.history
    return arrays.layers_of(facts.rows, facts.villages, first, facts.monday + 7 * facts.weeks - 1)


def _reasons(facts: Facts, index: int, verdicts: WeekVerdicts) -> Masks:
    """Why a village is unmet: not enrolled, else visits that do not count, else no service, else too few."""
    reason: Masks = (verdicts.served == 0).view(np.uint8) * NO_SERVICE
    if index in facts.uncounted:
        reason[facts.uncounted[index]] = UNCOUNTED
    if index in facts.unenrolled:
        reason[facts.unenrolled[index]] = NOT_ENROLLED
    reason *= (verdicts.code == arrays.UNMET).view(np.uint8)
    return reason
