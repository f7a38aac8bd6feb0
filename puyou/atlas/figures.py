"""Figures for the map, asked of compliance once per state of the judgement and kept until it moves."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Count, Max, Sum

from puyou.accounts.scopes import Scope
from puyou.atlas.outlook import Outlook
from puyou.compliance import queries as compliance
from puyou.compliance.models import Rollup
from puyou.compliance.queries import Figure
from puyou.compliance.rules import window_start
from puyou.core.periods import Week
from puyou.places import snapshot
from puyou.places.models import Place

__all__ = ["Figure", "State", "by_place", "first_week", "own", "state_of"]
COUNTY = 3
KEPT = 512
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_making: dict[tuple[Any, ...], threading.Lock] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class State:
    """What a place's figures depend on besides what was asked: roll-ups, the tree's stamp, and the day."""

    mark: str
    today: date


def first_week(today: date) -> Week:
    """The first week that is kept."""
    return Week(window_start(today))


def state_of(place: Place, above: Sequence[Place], today: date) -> State:
    """The state of a place, or below a county that of its county: two small queries.

    ``above``: its ancestors, from the nation down. Every run of the judge that touches a village under the
    place writes its roll-ups anew, so runs and sums together change whenever any figure does.
    """
    holder = next(one for one in [place, *reversed(above)] if one.level <= COUNTY)
    since = window_start(today)
    found = Rollup.objects.filter(place_id=holder.pk, monday__gte=since).aggregate(
        Count("judged"), Max("judged"), *(Sum(name) for name in ("judged", "met", "unmet", "trips", "visits"))
    )
    runs = "-".join(str(value or 0) for value in found.values())
    return State(f"{runs}-{snapshot.stamp()[:8]}", today)


def keep(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What ``make`` gives, kept in this process while the state in ``key`` lasts and room remains.

    Several askers of the same key wait for the first instead of making it again.
    """
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        making = _making.setdefault(key, threading.Lock())
    with making:
        with _lock:
            if key in _kept:
                return _kept[key]
        try:
            made = make()
        finally:
            with _lock:
                _making.pop(key, None)
        with _lock:
            _kept[key] = made
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return made


def _ask(
    scope: Scope, place: Place, weeks: Sequence[Week], level: int, view: Outlook, state: State
) -> list[Figure]:
    scope.require(place.path)
    asked = (level, view.area or None, view.place_set or None, view.tree, state.today)
    key = (state, place.pk, weeks[0], weeks[-1], asked)

    def make() -> list[Figure]:
        return compliance.figures(scope, place, weeks, *asked)

    return cast(list[Figure], keep(key, make))


def own(scope: Scope, place: Place, weeks: Sequence[Week], view: Outlook, state: State) -> dict[Week, Figure]:
    """The place's own figures by week."""
    found = _ask(scope, place, weeks, place.level, view, state)
    return {figure.week: figure for figure in found if figure.place.pk == place.pk}


def at_level(scope: Scope, place: Place, week: Week, level: int, view: Outlook, state: State) -> list[Figure]:
    """One week of everything that stands at a level at or below the place, by code."""
    return _ask(scope, place, [week], level, view, state)


def by_place(
    scope: Scope, place: Place, weeks: Sequence[Week], level: int, view: Outlook, state: State
) -> dict[int, dict[Week, Figure]]:
    """Some weeks of everything that stands at a level at or below the place."""
    found: dict[int, dict[Week, Figure]] = {}
    for figure in _ask(scope, place, weeks, level, view, state):
        found.setdefault(figure.place.pk, {})[figure.week] = figure
    return found


def stretch(shown: Sequence[Week], view: Outlook) -> list[Week]:
    """The shown weeks and the view's own, without a hole between them."""
    first, last = min(shown[0], view.week), max(shown[-1], view.week)
    return [first.shift(ahead) for ahead in range((last.monday - first.monday).days // 7 + 1)]


def of_week(
    scope: Scope, place: Place, week: Week, shown: Sequence[Week], level: int, view: Outlook, state: State
) -> list[Figure]:
    """One week of a level. In a county it is taken from the whole stretch, which is computed anyway.

    A place set is that of the week itself, so then the week is asked for alone.
    """
    if level <= COUNTY or place.level < COUNTY or view.place_set:
        return at_level(scope, place, week, level, view, state)
    year = by_place(scope, place, stretch(shown, view), level, view, state)
    return [by_week[week] for by_week in year.values() if week in by_week]


def weakest(
    scope: Scope, place: Place, week: Week, level: int, view: Outlook, state: State, limit: int
) -> list[Figure]:
    """The places of a level with the lowest rate, then the most missed villages; none without a miss."""
    scope.require(place.path)
    asked = (limit, view.area or None, view.place_set or None, view.tree, state.today)

    def make() -> list[Figure]:
        return compliance.weakest(scope, place, week, level, *asked)

    return cast(list[Figure], keep(("weakest", state, place.pk, week, level, asked), make))


def village_year(
    scope: Scope, place: Place, weeks: Sequence[Week], state: State
) -> list[compliance.VillageWeekDetail]:
    """A village's weeks in detail."""
    scope.require(place.path)

    def make() -> list[compliance.VillageWeekDetail]:
        return compliance.village_weeks(scope, place, weeks[0], weeks[-1], state.today)

    kept = keep(("village", state, place.pk, weeks[0], weeks[-1]), make)
    return cast(list[compliance.VillageWeekDetail], kept)
