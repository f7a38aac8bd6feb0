"""An indicator over a place set: amounts added up, shares as the ratio of sums over the members of a period."""

from dataclasses import dataclass
from decimal import Decimal

from puyou.accounts.scopes import Scope
from puyou.indicators.engine import Reader
from puyou.indicators.models import Indicator
from puyou.indicators.periods import Period
from puyou.places import queries as places
from puyou.places.models import PlaceSet
from puyou.plans import place_lists, rules
from puyou.plans.measuring import told


@dataclass(frozen=True)
class Pooled:
    """The value over a set, with its sides and how many members counted; or why there is none."""

    value: Decimal | None
    above: Decimal | None
    below: Decimal | None
    members: int
    unit: str
    missing: str = ""

    @property
    def words(self) -> str:
        if self.value is None:
            return f"无数据：{self.missing}"
        sides = (
            "" if self.above is None or self.below is None else f"（{told(self.above)} ÷ {told(self.below)}）"
        )
        return f"{told(round(self.value, 2))}{self.unit}{sides}，{self.members} 个成员"


def pool(scope: Scope, reader: Reader, indicator: Indicator, place_set: PlaceSet, period: Period) -> Pooled:
    """A member inside another member counts once; a member outside the scope, or without a value, leaves no value."""
    every = {place.path: place for place in places.members_of(place_set.code, period.last)}
    members = [every[path] for path in place_lists.topmost(every)]
    unit = indicator.unit
    if not members:
        return Pooled(None, None, None, 0, unit, "这一时期没有成员")
    if not all(scope.covers(place.path) for place in members):
        return Pooled(None, None, None, len(members), unit, "有成员不在您的管辖范围")
    values = [reader.value(indicator, place, period) for place in members]
    sides = [
        (
            each.exact,
            each.numerator.value if each.numerator else None,
            each.denominator.value if each.denominator else None,
        )
        for each in values
    ]
    ratio = indicator.nature == "ratio"
    value, above, below, lacking = rules.pooled(sides, ratio=ratio)
    if value is None:
        why = f"{lacking} 个成员没有数据" if lacking else "不能由成员相加"
        return Pooled(None, above, below, len(members), unit, why)
    return Pooled(value * 100 if ratio and unit == "%" else value, above, below, len(members), unit)
