"""A courier's month as a calendar: where expected, where seen, on leave, standing in, doubtful."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q

from puyou.fieldwork.models import RoundMark
from puyou.registry import tours
from puyou.registry.models import Courier, Leave, RoundCourier, RoundVillage
from puyou.registry.tours import Walk
from puyou.visits import rules
from puyou.visits.models import Visit


@dataclass
class DayOfCourier:
    """One square: villages expected and reached, visits of all kinds, and what else is to be known of the day."""

    day: date
    inside: bool
    ahead: bool
    over: bool
    planned: set[int] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)
    visits: int = 0
    uncounted: int = 0
    doubtful: int = 0
    leave: str = ""
    stands_in: set[str] = field(default_factory=set)
    replaced_by: set[str] = field(default_factory=set)
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def missed(self) -> int:
        """Villages expected on a day that is over and not reached."""
        return len(self.planned - self.reached) if self.over else 0

    @property
    def extra(self) -> int:
        """Villages reached that were not his on the day."""
        return len(self.reached - self.planned)


@dataclass(frozen=True)
class Month:
    """The weeks that touch a month, Monday first."""

    first: date
    weeks: list[list[DayOfCourier]]

    @property
    def days(self) -> list[DayOfCourier]:
        return [day for week in self.weeks for day in week if day.inside]

    @property
    def label(self) -> str:
        return f"{self.first.year}年{self.first.month}月"

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{last_of(self.first) + timedelta(days=1):%Y-%m}"

    def total(self, name: str) -> int:
        return sum(getattr(day, name) for day in self.days)

    def count(self, name: str) -> int:
        """On how many days something holds."""
        return sum(bool(getattr(day, name)) for day in self.days)


def last_of(first: date) -> date:
    """The last day of the month that begins on ``first``."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def get_month(courier: Courier, first: date, today: date) -> Month:
    """The calendar of one courier, who was got in scope; a fixed number of queries."""
    last = last_of(first)
    start, end = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    days = {
        day: DayOfCourier(day, first <= day <= last, day > today, day < today)
        for day in (start + timedelta(days=n) for n in range((end - start).days + 1))
    }
    _plan(days, courier, start, end)
    _see(days, courier, start, end)
    ordered = [days[day] for day in sorted(days)]
    return Month(first, [ordered[at : at + 7] for at in range(0, len(ordered), 7)])


def _then(first: date, last: date) -> Q:
    """Rows in force on some day of ``[first, last]``."""
    return Q(valid_from__lte=last) & (Q(valid_to=None) | Q(valid_to__gt=first))


def _holds(row: RoundCourier | RoundVillage | Leave, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _plan(days: dict[date, DayOfCourier], courier: Courier, first: date, last: date) -> None:
    own = RoundCourier.objects.filter(_then(first, last), courier=courier).values("round_id")
    crew = list(
        RoundCourier.objects.filter(_then(first, last), round__in=own)
        .select_related("courier")
        .prefetch_related("part")
        .order_by("id")
    )
    stops = list(RoundVillage.objects.filter(_then(first, last), round__in=own))
    people = {row.courier_id for row in crew} | {courier.pk}
    leaves = list(Leave.objects.filter(_then(first, last), courier__in=people))
    for day in days.values():
        away = {row.courier_id for row in leaves if _holds(row, day.day)}
        day.leave = next(
            (row.ground for row in leaves if row.courier_id == courier.pk and _holds(row, day.day)), ""
        )
        walks = _walks((row for row in crew if _holds(row, day.day)), away)
        for stop in stops:
            if _holds(stop, day.day) and tours.is_running(stop.weekdays, day.day):
                _expect(
                    day, stop, walks[stop.round_id], courier, {row.courier_id: row.courier for row in crew}
                )


def _walks(crew: Iterable[RoundCourier], away: set[int]) -> dict[int, list[Walk]]:
    walks: dict[int, list[Walk]] = defaultdict(list)
    for row in crew:
        part = None if row.whole else frozenset(each.place_id for each in row.part.all())
        walks[row.round_id].append(Walk(row.pk, row.courier_id, row.substitute, part, row.courier_id in away))
    return walks


def _expect(
    day: DayOfCourier, stop: RoundVillage, walks: list[Walk], courier: Courier, people: dict[int, Courier]
) -> None:
    """Note whether the courier is expected in a village, in whose stead, or who takes it instead."""
    here = tours.expected(stop.place_id, walks)
    mine = [walk for walk in here if walk.courier_id == courier.pk]
    if mine:
        day.planned.add(stop.place_id)
        regular = tours.replaced(stop.place_id, walks) if mine[0].substitute else None
        if mine[0].substitute:
            day.stands_in.add(people[regular.courier_id].name if regular else "空缺")
        return
    regular_here = any(not walk.substitute and walk.courier_id == courier.pk for walk in walks)
    if regular_here:
        day.replaced_by.update(people[walk.courier_id].name for walk in here if walk.substitute)


def _see(days: dict[date, DayOfCourier], courier: Courier, first: date, last: date) -> None:
    for visit in Visit.objects.filter(courier_id=courier.pk, day__range=(first, last)):
        day = days[visit.day]
        day.visits += 1
        day.uncounted += not visit.counting
        day.doubtful += bool(visit.findings & rules.GRAVE)
        if not visit.rejected:
            day.reached.add(visit.place_id)
    for mark in RoundMark.objects.filter(courier=courier, day__range=(first, last)).order_by("happened_at"):
        day = days[mark.day]
        if mark.kind == RoundMark.Kind.START:
            day.started_at = day.started_at or mark.happened_at
        else:
            day.ended_at = mark.happened_at
