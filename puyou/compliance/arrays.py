"""Judging many villages' weeks at once: the code that decides, equal to rules.py by test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puyou.compliance.rules import PART_WEEK_RULES, Verdict

Masks = NDArray[np.uint8]
RuleOfWeek = Sequence[int] | NDArray[np.uint8]  # by area class, or uint8[4, N] where places differ
WHOLE_WEEK = np.uint8(127)
OPEN_END = np.int32(2**30)
EXCUSED, MET, UNMET = (np.uint8(int(code)) for code in (Verdict.EXCUSED, Verdict.MET, Verdict.UNMET))
TIMETABLE = PART_WEEK_RULES.index("timetable")


@dataclass(frozen=True)
class DutyRows:
    """Duties as columns of length R, sorted by village, then duty id.

    ``village``: position in the judged villages; ``times``: 7 for a duty per day, because ⌊7·|O|/7⌋ = |O|
    under every part-week rule; ``timetable``: weekday mask, 0 unknown; ``first``/``until``: days since
    1970-01-01, ``until`` exclusive.
    """

    village: NDArray[np.int32]
    duty_id: NDArray[np.int64]
    area_class: NDArray[np.uint8]
    times: NDArray[np.uint8]
    timetable: Masks
    first: NDArray[np.int32]
    until: NDArray[np.int32]

    @classmethod
    def build(
        cls,
        village: NDArray[np.int32],
        duty_id: NDArray[np.int64],
        area_class: NDArray[np.uint8],
        times: NDArray[np.uint8],
        per_day: NDArray[np.bool_],
        timetable: Masks,
        first: NDArray[np.int32],
        until: NDArray[np.int32],
    ) -> "DutyRows":
        """Sort the columns and write a duty per day as seven times a week."""
        order = np.lexsort((duty_id, village))
        weekly = np.where(per_day, 7, times).astype(np.uint8)
        plan = np.where(per_day, WHOLE_WEEK, timetable).astype(np.uint8)
        return cls(village, duty_id, area_class, weekly, plan, first, until).take(order)

    def take(self, rows: NDArray[np.intp] | slice) -> "DutyRows":
        return DutyRows(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Layer:
    """The k-th duty of every village that has so many. ``at`` is None when the layer holds every village."""

    rows: DutyRows
    at: NDArray[np.intp] | None
    uneven: NDArray[np.intp]  # rows that do not span the whole window

    def days(self, monday: int) -> Masks:
        """D of every row in the week that starts on day ``monday``."""
        days = np.full(len(self.rows.village), WHOLE_WEEK, np.uint8)
        if len(self.uneven):
            start = np.clip(self.rows.first[self.uneven] - monday, 0, 7).astype(np.uint8)
            end = np.clip(self.rows.until[self.uneven] - monday, 0, 7).astype(np.uint8)
            one = np.uint8(1)
            days[self.uneven] = ((one << end) - one) & ~((one << start) - one)
        return days


@dataclass(frozen=True)
class WeekVerdicts:
    """One week of N villages. Codes are rules.Verdict; ``area_class`` says nothing where the code is NONE."""

    code: Masks
    area_class: Masks
    need: Masks  # of the duty that gave the verdict
    trips: NDArray[np.uint16]
    trips_due: NDArray[np.uint16]
    days: Masks  # in force by any duty
    served: Masks  # in force and with a counting visit


def layers_of(rows: DutyRows, villages: int, first_day: int, last_day: int) -> list[Layer]:
    """Cut duties into layers in which a village stands at most once, lowest duty id first.

    ``first_day``/``last_day``: the window (inclusive) in which weeks will be judged, days since 1970-01-01.
    """
    rows = rows.take(np.flatnonzero((rows.first <= last_day) & (rows.until > first_day)))
    starts = np.flatnonzero(np.diff(rows.village, prepend=np.int32(-1)))
    rank = np.arange(len(rows.village)) - np.repeat(starts, np.diff(np.append(starts, len(rows.village))))
    layers = []
    for k in range(int(rank.max(initial=-1)) + 1):
        layer = rows.take(np.flatnonzero(rank == k))
        uneven = np.flatnonzero((layer.first > first_day) | (layer.until <= last_day))
        every = len(layer.village) == villages
        layers.append(Layer(layer, None if every else layer.village.astype(np.intp), uneven))
    return layers


def need_of(times: NDArray[np.uint8], timetable: Masks, open_days: Masks, rule: Masks | int) -> Masks:
    """Contracts 1.3 on masks. ``rule``: index into PART_WEEK_RULES, one for all or one per row."""
    if not isinstance(rule, np.ndarray):
        return _need_by(rule, times, timetable, open_days)
    need = np.zeros_like(times)
    for one in np.unique(rule):
        need = np.where(rule == one, _need_by(int(one), times, timetable, open_days), need)
    return need


def _need_by(rule: int, times: Masks, timetable: Masks, open_days: Masks) -> Masks:
    if rule == TIMETABLE:
        planned = np.minimum(np.bitwise_count(timetable & open_days), times)
        return np.where(timetable != 0, planned, times * np.bitwise_count(open_days) // np.uint8(7))
    extra = np.uint8({"floor": 0, "round": 3, "ceil": 6}[PART_WEEK_RULES[rule]])
    need: Masks = times.copy()  # what a whole week asks; part weeks are few
    part = np.flatnonzero(open_days != WHOLE_WEEK)
    need[part] = (times[part] * np.bitwise_count(open_days[part]) + extra) // np.uint8(7)
    return need


@dataclass(frozen=True)
class LayerVerdicts:
    """One week of a layer's rows: code, need, trips made, served days and days in force."""

    code: Masks
    need: Masks
    trips: Masks
    done: Masks
    days: Masks


def judge_layer(
    layer: Layer, monday: int, served: Masks, excused: Masks | None, rule: RuleOfWeek
) -> LayerVerdicts:
    """Judge every row of a layer; ``excused`` None: nobody is; ``rule`` by area class."""
    rows = layer.rows
    if layer.at is not None:
        served, excused = served[layer.at], None if excused is None else excused[layer.at]
    days = layer.days(monday)
    done = served & days
    off = None if excused is None else excused & days
    open_days = days if off is None else days & ~(off & ~done)
    need = need_of(rows.times, rows.timetable, open_days, _rule_of(rule, rows))
    made = np.bitwise_count(done)
    return LayerVerdicts(_codes(need, made, off), need, np.minimum(made, need), done, days)


def _rule_of(rule: RuleOfWeek, rows: DutyRows) -> Masks | int:
    if isinstance(rule, np.ndarray):
        return rule[rows.area_class, rows.village]
    return rule[0] if len(set(rule)) == 1 else np.asarray(rule, np.uint8)[rows.area_class]


def _codes(need: Masks, made: Masks, off: Masks | None) -> Masks:
    """Contracts 1.4 as arithmetic, which is a hundred times faster than choosing by condition."""
    asks = (need != 0).view(np.uint8)
    short = (made < need).view(np.uint8)  # never when need is 0
    codes: Masks = asks * MET + short * (UNMET - MET)
    if off is not None:
        codes += (asks ^ np.uint8(1)) & (off != 0).view(np.uint8) * EXCUSED
    return codes


def judge_week(
    layers: Sequence[Layer],
    villages: int,
    monday: int,
    served: Masks,
    excused: Masks | None,
    rule: RuleOfWeek,
) -> WeekVerdicts:
    """Every village's verdict in one week (contracts 1.2–1.5).

    ``served``/``excused``: uint8[villages], bit i = day ``monday`` + i has a counting visit / is under an
    approved excuse (None: nobody is); ``rule``: part-week rule of each of the four area classes, as indexes.
    """
    judged = [judge_layer(layer, monday, served, excused, rule) for layer in layers]
    every = bool(layers) and layers[0].at is None
    week = _only(layers[0], judged[0]) if every else _nothing(villages)
    for layer, verdicts in zip(layers[every:], judged[every:], strict=True):
        _add(week, layer, verdicts)
    return week


def _only(layer: Layer, verdicts: LayerVerdicts) -> WeekVerdicts:
    """A layer that holds every village."""
    trips, due = verdicts.trips.astype(np.uint16), verdicts.need.astype(np.uint16)
    area = layer.rows.area_class.copy()
    return WeekVerdicts(verdicts.code, area, verdicts.need, trips, due, verdicts.days, verdicts.done)


def _nothing(villages: int) -> WeekVerdicts:
    code, area, need, days, served = (np.zeros(villages, np.uint8) for _ in range(5))
    trips, due = np.zeros(villages, np.uint16), np.zeros(villages, np.uint16)
    return WeekVerdicts(code, area, need, trips, due, days, served)


def _add(week: WeekVerdicts, layer: Layer, verdicts: LayerVerdicts) -> None:
    """Let the worst of a village's duties speak, the stricter one where they agree."""
    at = slice(None) if layer.at is None else layer.at
    worse = verdicts.code > week.code[at]
    worse |= (verdicts.code == week.code[at]) & (verdicts.need > week.need[at])
    week.code[at] = np.where(worse, verdicts.code, week.code[at])
    week.need[at] = np.where(worse, verdicts.need, week.need[at])
    week.area_class[at] = np.where(worse, layer.rows.area_class, week.area_class[at])
    week.days[at] |= verdicts.days
    week.served[at] |= verdicts.done
    week.trips[at] += verdicts.trips
    week.trips_due[at] += verdicts.need


def days_in_force(layers: Sequence[Layer], villages: int, monday: int) -> Masks:
    """Days of a week on which any duty is in force, for looking back without judging."""
    days = np.zeros(villages, np.uint8)
    for layer in layers:
        if layer.at is None:
            days |= layer.days(monday)
        else:
            days[layer.at] |= layer.days(monday)
    return days


def waiting_days(days: Masks, served: Masks, excused: Masks | None, elapsed: int) -> Masks:
    """Days that prolong a gap; ``elapsed``: how many days of the week lie before today (0 to 7)."""
    waiting: Masks = days & ~served
    if excused is not None:
        waiting &= ~excused
    return waiting if elapsed == 7 else waiting & np.uint8((1 << elapsed) - 1)


def elapsed_days(monday: int, today: int) -> int:
    return max(0, min(7, today - monday))
