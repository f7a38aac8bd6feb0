"""Judging one village's week: the plain reading of the contracts that every faster way must equal."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

LOOK_BACK_DAYS = 366  # contracts 1.7: how far before the week a gap is followed
PART_WEEK_RULES = ("floor", "round", "ceil", "timetable")
AREA_CLASSES = ("urban", "township_seat", "rural", "remote")


class Verdict(IntEnum):
    """What a village-week is, apart from the clock; a larger number is worse (contracts 1.5)."""

    NONE = 0  # no duty asks anything: not counted
    EXCUSED = 1
    MET = 2
    UNMET = 3  # pending while the week runs, missed afterwards


@dataclass(frozen=True)
class DutyTerms:
    """One duty: ``times`` per week or day in ``[valid_from, valid_to)``; ``timetable`` bit 0 is Monday."""

    duty_id: int
    area_class: int
    times: int
    per_day: bool
    valid_from: date
    valid_to: date | None = None
    timetable: int = 0

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class DutyWeek:
    """One duty in one week: D, S, X and O of contracts 1 as sets of dates, and what follows from them."""

    duty: DutyTerms
    days: frozenset[date]
    served: frozenset[date]
    excused: frozenset[date]
    open_days: frozenset[date]
    need: int
    verdict: Verdict

    @property
    def trips(self) -> int:
        return min(len(self.served), self.need)


@dataclass(frozen=True)
class VillageWeek:
    """One village in one week: the worst of its duties (contracts 1.5). ``area_class`` is that duty's."""

    verdict: Verdict
    area_class: int | None
    trips: int
    trips_due: int
    duties: tuple[DutyWeek, ...]


def week_days(monday: date) -> tuple[date, ...]:
    return tuple(monday + timedelta(days=i) for i in range(7))


def need_of(duty: DutyTerms, open_days: Collection[date], part_week_rule: str) -> int:
    """How many days must be served (contracts 1.3).

    ``timetable`` counts the timetable's weekdays that are open, at most ``times``; it is ``floor`` when
    the timetable is unknown. Every rule grows by at most one with one more open day, which 1.6 rests on.
    """
    count = len(open_days)
    if duty.per_day:
        return count
    if part_week_rule == "timetable" and duty.timetable:
        return min(duty.times, sum(duty.timetable >> day.weekday() & 1 for day in open_days))
    rounding: dict[str, Callable[[int], int]] = {
        "floor": lambda product: product // 7,
        "round": lambda product: (2 * product + 7) // 14,  # n·|O|/7 is never half-way: 7 is odd
        "ceil": lambda product: -(-product // 7),
        "timetable": lambda product: product // 7,
    }
    return rounding[part_week_rule](duty.times * count)


def assess_duty(
    duty: DutyTerms, monday: date, served: Collection[date], excused: Collection[date], part_week_rule: str
) -> DutyWeek:
    """One duty's week from the dates with a counting visit and the dates under an approved excuse."""
    days = frozenset(day for day in week_days(monday) if duty.in_force(day))
    done = days.intersection(served)
    off = days.intersection(excused)
    open_days = days - (off - done)
    need = need_of(duty, open_days, part_week_rule)
    if need == 0:
        verdict = Verdict.EXCUSED if off else Verdict.NONE
    else:
        verdict = Verdict.MET if len(done) >= need else Verdict.UNMET
    return DutyWeek(duty, days, done, off, open_days, need, verdict)


def assess_week(
    duties: Sequence[DutyTerms],
    monday: date,
    served: Collection[date],
    excused: Collection[date],
    part_week_rule: str = "floor",
) -> VillageWeek:
    """A village's week: the worst verdict, ties to the stricter need, then to the lowest duty id."""
    weeks = tuple(assess_duty(duty, monday, served, excused, part_week_rule) for duty in duties)
    asking = [week for week in weeks if week.verdict != Verdict.NONE]
    worst = min(asking, key=lambda w: (-w.verdict, -w.need, w.duty.duty_id), default=None)
    return VillageWeek(
        verdict=worst.verdict if worst else Verdict.NONE,
        area_class=worst.duty.area_class if worst else None,
        trips=sum(week.trips for week in weeks),
        trips_due=sum(week.need for week in weeks),
        duties=weeks,
    )


def longest_gap(
    duties: Sequence[DutyTerms],
    monday: date,
    served: Collection[date],
    excused: Collection[date],
    today: date,
) -> int:
    """The longest run of days in force, not excused and without a counting delivery that touches the week.

    Looks from Monday − 366 to Sunday (contracts 1.7); of a running week only the days before ``today`` exist.
    """
    longest = run = 0
    for offset in range(-LOOK_BACK_DAYS, 7):
        day = monday + timedelta(days=offset)
        waiting = (
            day < today
            and any(duty.in_force(day) for duty in duties)
            and day not in served
            and day not in excused
        )
        run = run + 1 if waiting else 0
        if offset >= 0:
            longest = max(longest, run)
    return longest


def standing(verdict: Verdict, monday: date, today: date, settle_days: int) -> str:
    """What a verdict is called on a day: met, excused, pending, provisional (初判未达), missed (settled)."""
    if verdict != Verdict.UNMET:
        return verdict.name.lower()
    end = monday + timedelta(days=7)
    if today < end:
        return "pending"
    return "provisional" if today < end + timedelta(days=settle_days) else "missed"


def window_start(today: date) -> date:
    """The first Monday whose roll-ups are kept as rows: W01 two ISO years before today's."""
    return date.fromisocalendar(today.isocalendar().year - 2, 1, 1)
