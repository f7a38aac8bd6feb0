"""Orders that nobody has to click: villages that missed as many weeks in a row as the rule of their place names."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count

from puyou.cases.names import Actor
from puyou.cases.rectification import checking
from puyou.cases.rectification.actions import order_rectification
from puyou.cases.rectification.models import RectifiedWeek
from puyou.compliance import partweeks
from puyou.compliance.models import Miss
from puyou.core.periods import Week, day_of
from puyou.core.problems import Problem
from puyou.places.models import Place
from puyou.standards import queries as standards
from puyou.standards.queries import Value

AFTER_WEEKS = "rectification_after_weeks"
AT_ONCE = 500  # orders of one run; what is left waits for the next


def order_by_rule(*, now: datetime) -> int:
    """Order what the rule asks for, by the last week that is settled. Safe to repeat; how many were ordered."""
    last = _last_settled(now)
    if standards.find_value(AFTER_WEEKS, last.monday) is None and not standards.override_paths(AFTER_WEEKS):
        return 0
    actor, ordered = Actor(checking.ALL), 0
    for village, value in _asked(last):
        weeks = [last.shift(-back) for back in range(int(value.number))]
        ordered += _try(village, weeks, value, actor, now)
        if ordered >= AT_ONCE:
            break
    return ordered


def _last_settled(now: datetime) -> Week:
    """The newest week whose misses are final."""
    today = day_of(now)
    week = Week.of(today).shift(-1)
    while today < week.monday + timedelta(days=7 + partweeks.settle_days(week.monday)):
        week = week.shift(-1)
    return week


def _asked(last: Week) -> Iterator[tuple[Place, Value]]:
    """Villages that missed every one of the weeks that their rule names, and stand in no order."""
    by_count: dict[int, list[tuple[Place, Value]]] = {}
    for village in _free(last):
        value = standards.find_value(AFTER_WEEKS, last.monday, place_path=village.path)
        if value is not None:
            by_count.setdefault(int(value.number), []).append((village, value))
    for count, held in sorted(by_count.items()):
        missed = _missed_in_a_row(last, count)
        yield from (one for one in held if one[0].pk in missed)


def _free(last: Week) -> Iterator[Place]:
    missed = Miss.objects.filter(monday=last.monday, superseded_at=None).values("place_id")
    taken = RectifiedWeek.objects.filter(released_at=None, case__closed_at=None).values("place")
    return Place.objects.filter(pk__in=missed).exclude(pk__in=taken).order_by("code").iterator()


def _missed_in_a_row(last: Week, count: int) -> set[int]:
    """Villages that missed all these weeks; what a person ordered or withdrew already is not taken up again."""
    weeks = (last.shift(1 - count).monday, last.monday)
    judged = RectifiedWeek.objects.filter(monday__range=weeks).values("place")
    held = Miss.objects.filter(monday__range=weeks, superseded_at=None).values("place_id")
    counted = held.annotate(weeks=Count("monday", distinct=True)).filter(weeks__gte=count)
    return set(counted.exclude(place_id__in=judged).values_list("place_id", flat=True))


def _try(village: Place, weeks: list[Week], value: Value, actor: Actor, now: datetime) -> bool:
    """Whether an order was made; evidence that came meanwhile stands against it."""
    ground = f"按“自动下达整改起点”规则（版本 {value.version_id}）：连续 {len(weeks)} 周期满未达标"
    try:
        order_rectification(villages=[village], weeks=weeks, actor=actor, now=now, ground=ground)
    except Problem:
        return False
    return True
