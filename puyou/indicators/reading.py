"""Reading what was reported: of the place itself, else from all places below, else from all periods inside."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from puyou.accounts.scopes import Scope
from puyou.indicators import rules
from puyou.indicators.models import ReportedValue, ReturnItem
from puyou.indicators.periods import Period
from puyou.indicators.reckoning import Amount
from puyou.indicators.units import Unit
from puyou.places.models import Kind, Place

NOT_REPORTED = "没有填报"
DEEPEST = 2  # levels below a place that are added up when the place itself says nothing


@dataclass(frozen=True)
class ItemReading:
    """A reported figure with its source in words and the way to its rows."""

    name: str
    nature: str
    amount: Amount
    link: str = ""
    source: str = ""


def read_item(scope: Scope, code: str, place: Place, period: Period) -> ItemReading:
    """What was reported of a place and period, or why there is nothing; a company reads its own and what is whole."""
    item = ReturnItem.objects.filter(code=code).first()
    if item is None:
        return ItemReading(code, "flow", Amount.lacking(f"没有度量或填报项“{code}”"))
    amount, source = _amount(Asked(scope, item), place, period, DEEPEST)
    return ItemReading(item.name, item.nature, amount, rows_link(item, place, period), source)


def rows_link(item: ReturnItem, place: Place, period: Period) -> str:
    """The reported values behind a figure."""
    return (
        f"/indicators/returns/?{urlencode({'item': item.code, 'place': place.code, 'period': period.name})}"
    )


def visible(scope: Scope) -> Q:
    """Which reported values somebody may see: of places in scope; a company's people those of their company alone."""
    if scope.everything:
        return Q()
    seen = Q(pk__in=())
    for grip in scope.grips:
        if "see" in grip.permissions:
            inside = Q(place__path__gte=grip.path, place__path__lt=grip.path + "{")
            own = Q() if grip.organisation_id is None else Q(operator=None) | Q(operator=grip.organisation_id)
            seen |= inside & own
    return seen


@dataclass(frozen=True)
class Asked:
    """An item as one asker reads it."""

    scope: Scope
    item: ReturnItem

    def standing(self) -> QuerySet[ReportedValue]:
        """The values that hold; superseded ones stay readable in the history."""
        return ReportedValue.objects.filter(visible(self.scope), item=self.item, superseded_at=None)


def _amount(asked: Asked, place: Place, period: Period, depth: int) -> tuple[Amount, str]:
    own = list(asked.standing().filter(place=place, period=period.name).order_by("operator_id"))
    if own:
        return _of_operators(asked.item, own)
    found = _from_periods(asked, place, period)
    if found is not None:
        return found
    below = _from_below(asked, place, period, depth)
    item = asked.item
    return below or (Amount.lacking(f"{item.name}{NOT_REPORTED}", Unit.parse(item.unit)), "")


def _of_operators(item: ReturnItem, rows: list[ReportedValue]) -> tuple[Amount, str]:
    unit = Unit.parse(item.unit)
    amounts = [Amount(row.value.normalize(), unit, row.qualifier) for row in rows]
    source = "；".join(dict.fromkeys(row.source for row in rows))
    whole = [amount for amount, row in zip(amounts, rows, strict=True) if row.operator_id is None]
    if whole:
        return whole[0], source
    return (amounts[0] if len(amounts) == 1 else rules.over_places(amounts, additive=item.additive)), source


def _from_periods(asked: Asked, place: Place, period: Period) -> tuple[Amount, str] | None:
    """The period from all the quarters or months inside it; a share is never put together from shares."""
    if asked.item.nature == "ratio":
        return None
    for pieces in period.inside():
        known = asked.standing().filter(place=place, period__in=[piece.name for piece in pieces])
        if known.values("period").distinct().count() < len(pieces):
            continue
        amounts = [_amount(asked, place, piece, 0)[0] for piece in pieces]
        return rules.over_time(amounts, asked.item.nature), f"{period.label}内逐期填报"
    return None


def _from_below(asked: Asked, place: Place, period: Period, depth: int) -> tuple[Amount, str] | None:
    """The place from all places below, when at least one of them said something."""
    if not depth or not asked.standing().filter(period=period.name, place__parent=place).exists():
        return None
    children = Place.objects.filter(parent=place, valid_to=None).exclude(kind=Kind.VIRTUAL).order_by("code")
    amounts = [_amount(asked, child, period, depth - 1)[0] for child in children]
    return rules.over_places(amounts, additive=asked.item.additive), "由下级填报汇总"
