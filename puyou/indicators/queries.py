"""Reading indicators, their values and comparisons, and what was reported; figures inside the scope only."""

from collections.abc import Iterable

from django.db.models import QuerySet

from puyou.accounts.scopes import Scope
from puyou.indicators import problems
from puyou.indicators.comparing import Comparison, compare
from puyou.indicators.engine import Part, Reader, Value
from puyou.indicators.models import FigureLine, FigureList, Indicator, ReportedValue, ReturnItem, Target
from puyou.indicators.periods import Period
from puyou.indicators.reading import visible
from puyou.places.models import Place

__all__ = ["Comparison", "Part", "Reader", "Value", "compare"]


def list_indicators(scope: Scope) -> QuerySet[Indicator]:
    """Every indicator by group; definitions are public."""
    return Indicator.objects.order_by("position", "code")


def get_indicator(scope: Scope, code: str) -> Indicator:
    """One indicator; Problem (404) when unknown."""
    found = Indicator.objects.filter(code=code).first()
    if found is None:
        raise problems.UNKNOWN_INDICATOR(code=code[:60])
    return found


def get_item(scope: Scope, code: str) -> ReturnItem:
    """One reported item; Problem (404) when unknown."""
    found = ReturnItem.objects.filter(code=code).first()
    if found is None:
        raise problems.UNKNOWN_ITEM(code=code[:60])
    return found


def list_reported(scope: Scope) -> QuerySet[ReportedValue]:
    """What was reported of places in scope, superseded values among them, latest period first.

    People of a company see their own company's values and those of no company.
    """
    found = ReportedValue.objects.filter(visible(scope)).select_related("item", "place", "operator")
    return found.order_by("-last_on", "item__code", "place__code", "-recorded_at", "-id")


def parse_period(text: str) -> Period:
    """A period by its name; a Problem in Chinese otherwise."""
    try:
        return Period.parse(text)
    except ValueError:
        raise problems.BAD_PERIOD(text=text[:30]) from None


def values_of(reader: Reader, indicators: Iterable[Indicator], place: Place, period: Period) -> list[Value]:
    """Values of many indicators of one place and period."""
    wanted = list(indicators)
    reader.prepare(wanted)
    return [reader.value(one, place, period) for one in wanted]


def get_target(scope: Scope, indicator: Indicator, place: Place, period: Period) -> Target | None:
    """The target of a place and period, if one was set."""
    scope.require(place.path)
    return Target.objects.filter(indicator=indicator, place=place, period=period.name).first()


def get_list(scope: Scope, code: str) -> FigureList:
    """A list of indicators; Problem (404) when unknown."""
    found = FigureList.objects.select_related("place").filter(code=code).first()
    if found is None:
        raise problems.UNKNOWN_LIST(code=code[:40])
    return found


def list_lines(scope: Scope, figure_list: FigureList) -> QuerySet[FigureLine]:
    """The lines of a list in their order."""
    return figure_list.lines.select_related("indicator", "compared_by").order_by("position")
