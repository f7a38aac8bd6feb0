"""Putting a place's page together: the table beside the map, the trend, the weakest places, the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from puyou.accounts.scopes import Scope
from puyou.atlas import figures, links, sentences
from puyou.atlas.figures import Figure, State
from puyou.atlas.outlook import Outlook, Weeks
from puyou.atlas.tables import Row
from puyou.core.periods import Week
from puyou.places import queries as places
from puyou.places.models import Kind, Place
from puyou.standards import queries as standards

SHOWN_WEEKS = 53
MOST_WEAK = 10
FEW_PLACES = 150  # up to so many places are shown with their small lines


@dataclass(frozen=True)
class TrendWeek:
    """A week of the trend: its own figures, absent where nothing was judged."""

    week: Week
    figures: Figure | None
    festival: str
    href: str

    @property
    def rate_text(self) -> str:
        """The rate for the drawing, empty where there is none."""
        rate = self.figures.rate if self.figures else None
        return "" if rate is None else f"{rate:.6f}"

    @property
    def note(self) -> str:
        """What to know about the week."""
        provisional = "初判，待补传" if self.figures and self.figures.provisional else ""
        return "；".join(filter(None, (self.festival, provisional)))


@dataclass(frozen=True)
class WeakPlace(Row):
    """One of the weakest places: where it lies and why its villages missed."""

    above: str = ""
    because: str = ""


@dataclass(frozen=True)
class Reason:
    """Why some villages missed, with the list of them."""

    label: str
    hint: str
    count: int
    href: str


def weeks_known(today: date) -> Weeks:
    """The weeks a page may show on a day."""
    running = Week.of(today)
    days = int(standards.get_value("settle_days", today).number)
    settled = running.shift(-1)
    while sentences.standing_of(settled, today, days) != "settled":
        settled = settled.shift(-1)
    return Weeks(figures.first_week(today), running, settled)


def span(view: Outlook, weeks: Weeks) -> list[Week]:
    """The 53 weeks of trend and small lines: up to the last one over, or to the shown one if older."""
    last = weeks.settled if view.basis == "settled" else weeks.ended
    if view.week < last.shift(1 - SHOWN_WEEKS):
        last = view.week
    first = max(weeks.first, last.shift(1 - SHOWN_WEEKS))
    return [first.shift(ahead) for ahead in range((last.monday - first.monday).days // 7 + 1)]


def levels_of(place: Place, children: Sequence[Place]) -> tuple[int, ...]:
    """The levels whose places the table may list, the next one first: that of the real children."""
    real = {child.level for child in children if child.kind != Kind.VIRTUAL}
    first = min(real, default=place.level + 1 if place.level else 1)
    if not real and children:
        first = children[0].level + 1
    return tuple(level for level in range(first, min(first + 1, 4) + 1) if level > place.level) or (5,)


def rows(
    scope: Scope,
    place: Place,
    children: Sequence[Place],
    view: Outlook,
    weeks: Weeks,
    level: int,
    state: State,
) -> list[Row]:
    """The table's rows: every place judged at the level, and children of which nothing is known."""
    running = view.week == weeks.running
    shown = span(view, weeks)
    found = figures.of_week(scope, place, view.week, shown, level, view, state)
    few = len(found) <= FEW_PLACES
    past = (
        figures.by_place(scope, place, figures.stretch(shown, view), level, view, state)
        if few and found
        else {}
    )
    made = [
        Row(
            figure.place.code,
            figure.place.name,
            figure,
            _recent(past.get(figure.place.pk, {}), shown),
            running,
            level if figure.stand_in else 0,
            figure.place.lon,
            figure.place.lat,
        )
        for figure in found
    ]
    judged = {figure.place.pk for figure in found}
    made += [
        Row(child.code, child.name, None, running=running, lon=child.lon, lat=child.lat)
        for child in children
        if child.level == level and child.pk not in judged
    ]
    return made


def _recent(by_week: dict[Week, Figure], shown: Sequence[Week]) -> tuple[float | None, ...]:
    return tuple(by_week[week].rate if week in by_week else None for week in shown)


def trend(own: dict[Week, Figure], view: Outlook, weeks: Weeks, code: str) -> list[TrendWeek]:
    """The place's own weeks, 节日周 left out when asked."""
    shown = span(view, weeks)
    festivals = standards.holiday_weeks(shown[0].monday, shown[-1].sunday)
    return [
        TrendWeek(week, own.get(week), festivals.get(week.monday, ""), f"?{view.query(week=week.name)}")
        for week in shown
        if view.festivals == "with" or week.monday not in festivals
    ]


def weakest(
    scope: Scope, place: Place, view: Outlook, weeks: Weeks, level: int, state: State
) -> list[WeakPlace]:
    """The ten weakest places of a level, each with where it lies and why."""
    shown = span(view, weeks)
    if level > figures.COUNTY:
        here = figures.of_week(scope, place, view.week, shown, level, view, state)
        missing = [one for one in here if one.missed]
        found = sorted(missing, key=lambda one: (one.rate or 0.0, -one.missed))[:MOST_WEAK]
    else:
        found = figures.weakest(scope, place, view.week, level, view, state, MOST_WEAK)
    above = places.get_places({one.place.parent_id for one in found if one.place.parent_id})
    return [
        WeakPlace(
            one.place.code,
            one.place.name,
            one,
            standing=level if one.stand_in else 0,
            above=above[one.place.parent_id].name if one.place.parent_id in above else "",
            because=sentences.tell_reason(one.reasons),
        )
        for one in found
    ]


def reasons(figure: Figure | None, view: Outlook, code: str) -> list[Reason]:
    """Why villages missed, each with its list; nothing while the week runs."""
    if figure is None or not figure.missed:
        return []
    return [
        Reason(
            label,
            sentences.REASON_HINTS[reason],
            figure.reasons[reason],
            links.villages(code, view, verdict="missed", reason=reason) if figure.reasons[reason] else "",
        )
        for reason, label in sentences.REASONS.items()
    ]
