"""Judging many villages' weeks at once: the code that decides, equal to rules.py by test."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from puyou.compliance.rules import PART_WEEK_RULES, Verdict

Masks = NDArray[np.uint8]
RuleOfWeek = Sequence[int] | NDArray[np.uint8]  # by area class, or uint8[4, N] where places differ
WHOLE_WEEK = np.uint8(127)
Trips = NDArray[np.uint8] | NDArray[np.uint16]  # bytes unless a village has more than MOST_IN_A_BYTE duties
OPEN_END = np.int32(2**30)
EXCUSED, MET, UNMET = (np.uint8(int(code)) for code in (Verdict.EXCUSED, Verdict.MET, Verdict.UNMET))
MOST_IN_A_BYTE = 36  # duties of one village: 36 × 7 trips is the last that a byte holds
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
    """The k-th duty of every village that has so many; the first layer has a row for every village.

    ``at``: the rows' villages, None for the first layer; ``steady``: days in force, the same in every week of
    the window, of the rows that are not ``uneven``; ``needs``: what a week asks by rule, uneven rows aside.
    """

    rows: DutyRows
    at: NDArray[np.intp] | None
    steady: Masks
    uneven: NDArray[np.intp]
    needs: dict[tuple[int, ...], Masks] = field(default_factory=dict)

    def days(self, monday: int) -> Masks:
        """D of every row in the week that starts on day ``monday``, as an array of the caller's own."""
        days = self.steady.copy()
        start = np.clip(self.rows.first[self.uneven] - monday, 0, 7).astype(np.uint8)
        end = np.clip(self.rows.until[self.uneven] - monday, 0, 7).astype(np.uint8)
        one = np.uint8(1)
        days[self.uneven] = ((one << end) - one) & ~((one << start) - one)
        return days

    def within(self, first_day: int, last_day: int) -> "Layer":
        """The same rows for a shorter window, inside which fewer of them are uneven."""
        first, until = self.rows.first[self.uneven], self.rows.until[self.uneven]
        whole = (first <= first_day) & (until > last_day)
        steady = self.steady.copy()
        steady[self.uneven[whole]] = WHOLE_WEEK
        return replace(
            self,
            steady=steady,
            uneven=self.uneven[~whole & (first <= last_day) & (until > first_day)],
            needs={},
        )

    def need(self, days: Masks, rule: RuleOfWeek) -> Masks:
        """What every row asks on ``days`` of a week without excuses, as an array of the caller's own."""
        if isinstance(rule, np.ndarray):
            return self.need_at(slice(None), days, rule)
        known = self.needs.get(tuple(rule))
        if known is None:
            known = self.needs[tuple(rule)] = self.need_at(slice(None), self.steady, rule)
        need = known.copy()
        need[self.uneven] = self.need_at(self.uneven, days[self.uneven], rule)
        return need

    def need_at(self, at: NDArray[np.intp] | slice, open_days: Masks, rule: RuleOfWeek) -> Masks:
        """What the rows ``at`` ask when the days ``open_days`` count."""
        rows = self.rows
        if isinstance(rule, np.ndarray):
            return need_of(
                rows.times[at], rows.timetable[at], open_days, rule[rows.area_class, rows.village][at]
            )
        by_row = rule[0] if len(set(rule)) == 1 else np.asarray(rule, np.uint8)[rows.area_class[at]]
        return need_of(rows.times[at], rows.timetable[at], open_days, by_row)


@dataclass(frozen=True)
class WeekVerdicts:
    """One week of N villages. Codes are rules.Verdict; ``area_class`` says nothing where the code is NONE."""

    code: Masks
    area_class: Masks
    need: Masks  # of the duty that gave the verdict
    trips: Trips
    trips_due: Trips
    days: Masks  # in force by any duty
    served: Masks  # in force and with a counting visit


def layers_of(rows: DutyRows, villages: int, first_day: int, last_day: int) -> list[Layer]:
    """Cut duties into layers in which a village stands at most once, lowest duty id first.

    ``first_day``/``last_day``: the window (inclusive) in which weeks will be judged, days since 1970-01-01.
    """
    inside = (rows.first <= last_day) & (rows.until > first_day)
    rows = rows if inside.all() else rows.take(np.flatnonzero(inside))
    starts = np.flatnonzero(np.diff(rows.village, prepend=np.int32(-1)))
    rank = np.arange(len(rows.village)) - np.repeat(starts, np.diff(np.append(starts, len(rows.village))))
    layers = []
    for k in range(int(rank.max(initial=0)) + 1):
        layer = rows.take(np.flatnonzero(rank == k))
        at = layer.village.astype(np.intp) if k else None
        layer = layer if k else _one_for_every(villages, layer)
        whole = (layer.first <= first_day) & (layer.until > last_day)
        uneven = np.flatnonzero(~whole & (layer.first < layer.until))
        layers.append(Layer(layer, at, whole * WHOLE_WEEK, uneven))
    return layers


def _one_for_every(villages: int, rows: DutyRows) -> DutyRows:
    """A row for every village: one that is never in force for those without."""
    if len(rows.village) == villages:
        return rows
    columns = {}
    for name in rows.__dataclass_fields__:
        held = getattr(rows, name)
        columns[name] = np.zeros(villages, held.dtype)
        columns[name][rows.village] = held
    return replace(rows, **columns | {"village": np.arange(villages, dtype=np.int32)})


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
    if layer.at is not None:
        served, excused = served[layer.at], None if excused is None else excused[layer.at]
    days = layer.days(monday)
    done, need = served & days, layer.need(days, rule)
    made = np.bitwise_count(done)
    verdicts = LayerVerdicts(_codes(need, made), need, np.minimum(made, need), done, days)
    if excused is not None:
        _excuse(layer, verdicts, excused & days, rule)
    return verdicts


def _excuse(layer: Layer, verdicts: LayerVerdicts, off: Masks, rule: RuleOfWeek) -> None:
    """Judge again the few rows with ``off``, days in force under an excuse."""
    at = np.flatnonzero(off != 0)
    done, days = verdicts.done[at], verdicts.days[at]
    need, made = layer.need_at(at, days & ~(off[at] & ~done), rule), np.bitwise_count(done)
    verdicts.need[at], verdicts.trips[at] = need, np.minimum(made, need)
    verdicts.code[at] = np.where(need == 0, EXCUSED, _codes(need, made))


def _codes(need: Masks, made: Masks) -> Masks:
    """Contracts 1.4 as arithmetic, which is a hundred times faster than choosing by condition."""
    codes: Masks = (need != 0).view(np.uint8) * MET
    codes += (made < need).view(np.uint8) * (UNMET - MET)  # never short when need is 0
    return codes


def judge_week(
    layers: Sequence[Layer], monday: int, served: Masks, excused: Masks | None, rule: RuleOfWeek
) -> WeekVerdicts:
    """Every village's verdict in one week (contracts 1.2–1.5); its arrays are not to be written to.

    ``served``/``excused``: uint8[villages], bit i = day ``monday`` + i has a counting visit / is under an
    approved excuse (None: nobody is); ``rule``: part-week rule of each of the four area classes, as indexes.
    """
    base, *others = layers
    verdicts = judge_layer(base, monday, served, excused, rule)
    week = _week_of(base, verdicts) if not others else _own_week_of(base, verdicts, len(layers))
    for layer in others:
        _add(week, layer, judge_layer(layer, monday, served, excused, rule))
    return week


def _week_of(base: Layer, verdicts: LayerVerdicts) -> WeekVerdicts:
    """The first duties' verdicts as the villages'."""
    need, area = verdicts.need, base.rows.area_class
    return WeekVerdicts(verdicts.code, area, need, verdicts.trips, need, verdicts.days, verdicts.done)


def _own_week_of(base: Layer, verdicts: LayerVerdicts, layers: int) -> WeekVerdicts:
    """The same in arrays that other duties may write to, wide enough for their trips."""
    week, due, narrow = _week_of(base, verdicts), verdicts.need.copy(), layers <= MOST_IN_A_BYTE
    return replace(
        week,
        area_class=week.area_class.copy(),
        trips=week.trips if narrow else week.trips.astype(np.uint16),
        trips_due=due if narrow else due.astype(np.uint16),
    )


def _add(week: WeekVerdicts, layer: Layer, verdicts: LayerVerdicts) -> None:
    """Let the worst of a village's duties speak, the stricter one where they agree."""
    at = layer.at
    code, need, area = week.code[at], week.need[at], week.area_class[at]
    worse = (verdicts.code > code) | (verdicts.code == code) & (verdicts.need > need)
    week.code[at] = np.where(worse, verdicts.code, code)
    week.need[at] = np.where(worse, verdicts.need, need)
    week.area_class[at] = np.where(worse, layer.rows.area_class, area)
    week.days[at] |= verdicts.days
    week.served[at] |= verdicts.done
    week.trips[at] += verdicts.trips
    week.trips_due[at] += verdicts.need


def days_in_force(layers: Sequence[Layer], monday: int) -> Masks:
    """Days of a week on which any duty is in force, for looking back without judging."""
    base, *others = layers
    days = base.days(monday)
    for layer in others:
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
