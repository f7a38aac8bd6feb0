"""Judgements about figures: rounding, the gate for small samples, adding up places and periods, breaks in a series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from puyou.indicators.checking import FLOW, NATURES
from puyou.indicators.reckoning import ABOUT, MORE, Amount
from puyou.indicators.units import PLAIN

SUPPRESSED = "样本不足 {gate}，不予显示"


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half up, as statisticians in China round."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


SCALES = {"": 0, "万": 4, "亿": 8}


def spoken(value: Decimal, decimals: int, scale: str = "") -> str:
    """A number for people: in 万 or 亿, thousands parted, a real minus sign."""
    return f"{rounded(value.scaleb(-SCALES[scale]), decimals):,f}".replace("-", "−")


def below_gate(denominator: Decimal | None, gate: int | None) -> bool:
    """Whether too few were counted for the figure to be shown."""
    return gate is not None and denominator is not None and denominator < gate


def over_places(amounts: Sequence[Amount], *, additive: bool) -> Amount:
    """Figures of all the places below added up; missing when any is missing, or when they cannot be added."""
    unit = amounts[0].unit if amounts else PLAIN
    if not additive:
        return Amount.lacking("不能由下级相加", unit)
    lacking = sum(1 for each in amounts if each.value is None)
    if lacking or not amounts:
        return Amount.lacking(f"下级未填报齐全（{len(amounts) - lacking}/{len(amounts)}）", unit)
    return Amount(_total(amounts), unit, joined_qualifier(amounts))


def over_time(amounts: Sequence[Amount], nature: str) -> Amount:
    """Figures of consecutive periods as one: flows add up, of stocks and cumulated figures the last one holds."""
    if nature == FLOW:
        return over_places(amounts, additive=True)
    if nature not in NATURES or not amounts:
        raise ValueError(f"no such nature: {nature}")
    return amounts[-1]


def add_over_time(amounts: Sequence[Amount], nature: str) -> Amount:
    """The sum over consecutive periods; ValueError in Chinese for anything but a flow."""
    if nature != FLOW:
        raise ValueError(f"{NATURES.get(nature, nature)}数不能跨期相加")
    return over_time(amounts, nature)


def _total(amounts: Iterable[Amount]) -> Decimal:
    return sum((each.value for each in amounts if each.value is not None), Decimal(0))


def joined_qualifier(amounts: Iterable[Amount]) -> str:
    """What is said of a sum whose parts are 约 or 多."""
    said = {each.qualifier for each in amounts} - {""}
    return "" if not said else MORE if said == {MORE} else ABOUT


@dataclass(frozen=True)
class Break:
    """A value that leaves its series: flagged for a person to explain, never refused."""

    at: int
    kind: str
    share: Decimal

    @property
    def words(self) -> str:
        if self.kind == "jump":
            return f"较上一期变动 {rounded(self.share, 1)}%，超出常规幅度，请核对口径"
        return "升降方向反转，请核对口径"


def breaks(values: Sequence[Decimal | None], limit: Decimal) -> list[Break]:
    """Where a series jumps by more than ``limit`` per cent, or turns; missing values are passed over."""
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    found = []
    for number, (at, value) in enumerate(known[1:], 1):
        before = known[number - 1][1]
        change = (value - before) * 100 / abs(before) if before else None
        if change is not None and abs(change) > limit:
            found.append(Break(at, "jump", change))
        elif number > 1 and change is not None and (value - before) * (before - known[number - 2][1]) < 0:
            found.append(Break(at, "turn", change))
    return found


@dataclass(frozen=True)
class Validity:
    """When a version holds: ``[valid_from, valid_to)``."""

    number: int
    valid_from: date
    valid_to: date | None


def in_force(versions: Iterable[Validity], on: date) -> Validity | None:
    """The version that holds on a day; of several the newest."""
    held = [
        each for each in versions if each.valid_from <= on and (each.valid_to is None or on < each.valid_to)
    ]
    return max(held, key=lambda each: each.number, default=None)
