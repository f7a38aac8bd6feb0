"""How the indicators of a plan stand at a place: years read from the engine, targets, what is expected at its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from puyou.accounts.scopes import Scope
from puyou.indicators.engine import Reader, Value
from puyou.indicators.models import Indicator
from puyou.indicators.periods import YEAR, Period
from puyou.places.models import Kind, Place
from puyou.plans import forecasting, rules
from puyou.plans.forecasting import Forecast, Point
from puyou.plans.models import Plan, PlanIndicator, PlanTarget
from puyou.plans.rules import Progress
from puyou.standards import queries as standards

CONFIDENCE = "plan_forecast_confidence"
NO_INDICATOR = "没有关联指标，无从取数"
LOOK_BACK = 2  # years before a plan that its trend may rest on


@dataclass(frozen=True)
class Standing:
    """One indicator of a plan at one place. ``shared``: the target is the plan's, asked of every place alike."""

    held: PlanIndicator
    place: Place
    values: Mapping[int, Value]
    targets: Mapping[int, Decimal]
    progress: Progress
    expected: Forecast | None
    refusal: str
    shared: bool = False
    missing: str = ""

    @property
    def known(self) -> dict[int, Decimal]:
        return {year: each.exact for year, each in self.values.items() if each.exact is not None}


@dataclass
class Board:
    """Reads plans for one asker; what was read once is kept."""

    scope: Scope
    today: date
    reader: Reader = field(init=False)
    confidence: float = field(init=False)
    _targets: dict[int, dict[int, dict[int, Decimal]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = Reader(self.scope, self.today)
        self.confidence = standards.get_value(CONFIDENCE, self.today).number

    def standing(self, held: PlanIndicator, place: Place) -> Standing:
        """How it stands; Problem outside the scope."""
        self.scope.require(place.path)
        plan, indicator = held.plan, held.indicator
        targets, shared = self._targets_of(held, place)
        values = self._values(indicator, plan, place) if indicator else {}
        known = {year: each.exact for year, each in values.items() if each.exact is not None}
        if held.base_value is not None and held.base_year is not None and place.pk == plan.place_id:
            known.setdefault(held.base_year, held.base_value)
        points = [Point(year, float(value)) for year, value in sorted(known.items())]
        refusal = NO_INDICATOR if indicator is None else forecasting.refusal(points, plan.last_year)
        expected = None
        if not refusal and max(known) < plan.last_year:
            expected = forecasting.forecast(points, plan.last_year, self.confidence, _bounds(held))
        progress = rules.progress(
            values=known, targets=targets, relation=held.relation, final=plan.last_year, expected=expected,
            base=held.base_value if place.pk == plan.place_id else None,
        )  # fmt: skip
        missing = NO_INDICATOR if indicator is None else ""
        if indicator is not None and not known:
            missing = next((each.missing for _, each in sorted(values.items(), reverse=True)), "")
        return Standing(held, place, values, targets, progress, expected, refusal, shared, missing)

    def _values(self, indicator: Indicator, plan: Plan, place: Place) -> dict[int, Value]:
        """Year by year; a flow's running year is left out, for it is not yet a year."""
        last = min(plan.last_year, self.today.year - (1 if indicator.nature == "flow" else 0))
        years = range(plan.first_year - LOOK_BACK, last + 1)
        read = {
            year: self.reader.value(indicator, place, Period.of(YEAR, date(year, 12, 31))) for year in years
        }
        return {
            year: each for year, each in read.items() if year >= plan.first_year or each.exact is not None
        }

    def _targets_of(self, held: PlanIndicator, place: Place) -> tuple[dict[int, Decimal], bool]:
        if held.pk not in self._targets:
            found: dict[int, dict[int, Decimal]] = {}
            for row in PlanTarget.objects.filter(plan_indicator=held):
                found.setdefault(row.place_id, {})[row.year] = row.value
            self._targets[held.pk] = found
        own = self._targets[held.pk].get(place.pk)
        if own is not None or not is_ratio(held):
            return own or {}, False
        return self._targets[held.pk].get(held.plan.place_id, {}), place.pk != held.plan.place_id


def is_ratio(held: PlanIndicator) -> bool:
    """Whether it is a share or an average, which every place can be asked for alike."""
    return held.indicator.nature == "ratio" if held.indicator else held.unit == "%"


def _bounds(held: PlanIndicator) -> tuple[float | None, float | None]:
    return (0.0, 100.0 if held.unit == "%" else None)


def beneath(scope: Scope, place: Place) -> list[Place]:
    """The real divisions directly beneath a place that one may see."""
    rows = Place.objects.filter(scope.q("path"), parent=place, valid_to=None)
    return list(rows.filter(kind__in=(Kind.ADMIN, Kind.VILLAGE)).order_by("code"))
