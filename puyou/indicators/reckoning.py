"""Computing a formula: missing stays missing with its reason, shares are of sums, nothing divides by zero."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from puyou.indicators.formula import Call, Name, Node, Number
from puyou.indicators.units import PER_CENT, PLAIN, Unit

ABOUT, MORE = "约", "多"
QUALIFIERS = (ABOUT, MORE)
HUNDRED = Decimal(100)
NOTHING_BELOW = "分母为零，无法计算"


@dataclass(frozen=True)
class Amount:
    """A value with its unit; ``missing`` says why there is none, and then ``value`` is None: never zero."""

    value: Decimal | None
    unit: Unit
    qualifier: str = ""
    missing: str = ""

    @classmethod
    def lacking(cls, why: str, unit: Unit = PLAIN) -> "Amount":
        return cls(None, unit, missing=why)

    @property
    def plain(self) -> Decimal | None:
        """The value as it enters a product: 25 % are 0.25."""
        return self.value / HUNDRED if self.value is not None and self.unit.is_percent else self.value


@dataclass(frozen=True)
class Result:
    """What a formula comes to, and at its top the two sides of a division."""

    amount: Amount
    numerator: Amount | None = None
    denominator: Amount | None = None


@dataclass(frozen=True)
class When:
    """Of which period a name is asked: ``years`` back, or since the beginning of the year."""

    years_back: int = 0
    to_date: bool = False


Ask = Callable[[Name, When], Amount]


def reckon(node: Node, ask: Ask, when: When = When()) -> Result:
    """What a formula comes to, its names answered by ``ask``."""
    if isinstance(node, Call) and node.function == "share":
        part, whole = (amount_of(each, ask, when) for each in node.arguments)
        return Result(share(part, whole), part, whole)
    if not isinstance(node, Number | Name | Call) and node.sign == "÷":
        above, below = amount_of(node.left, ask, when), amount_of(node.right, ask, when)
        return Result(divide(above, below), above, below)
    return Result(amount_of(node, ask, when))


def amount_of(node: Node, ask: Ask, when: When) -> Amount:
    """The amount alone."""
    if isinstance(node, Number):
        return Amount(node.value, node.unit)
    if isinstance(node, Name):
        return ask(node, when)
    if isinstance(node, Call):
        return _call(node, ask, when)
    if node.sign == "÷":
        return reckon(node, ask, when).amount
    left, right = amount_of(node.left, ask, when), amount_of(node.right, ask, when)
    return multiply(left, right) if node.sign == "×" else add(left, right, -1 if node.sign == "-" else 1)


def _call(node: Call, ask: Ask, when: When) -> Amount:
    if node.function == "share":
        return reckon(node, ask, when).amount
    inner = node.arguments[0]
    if node.function == "ytd":
        return amount_of(inner, ask, replace(when, to_date=True))
    now = amount_of(inner, ask, when)
    before = amount_of(inner, ask, replace(when, years_back=when.years_back + 1))
    return growth(now, before) if node.function == "growth" else add(now, before, -1)


def _lacks(amounts: Iterable[Amount], unit: Unit) -> Amount | None:
    reasons = list(dict.fromkeys(each.missing or "缺数据" for each in amounts if each.value is None))
    return Amount.lacking("；".join(reasons), unit) if reasons else None


def _about(left: Amount, right: Amount, *, keeps: bool = False) -> str:
    """``多`` survives only where both sides lean the same way; everything else not exact is ``约``."""
    said = {left.qualifier, right.qualifier} - {""}
    if not said:
        return ""
    return MORE if keeps and said == {MORE} else ABOUT


def add(left: Amount, right: Amount, sign: int = 1) -> Amount:
    """A sum or a difference."""
    unit = (
        left.unit.same(right.unit, "加减")
        if left.value is not None and right.value is not None
        else left.unit
    )
    lacking = _lacks((left, right), unit)
    if lacking or left.value is None or right.value is None:
        return lacking or Amount.lacking("缺数据", unit)
    return Amount(left.value + sign * right.value, unit, _about(left, right, keeps=sign > 0))


def multiply(left: Amount, right: Amount) -> Amount:
    unit = left.unit.times(right.unit)
    if left.plain is None or right.plain is None:
        return _lacks((left, right), unit) or Amount.lacking("缺数据", unit)
    return Amount(left.plain * right.plain, unit, _about(left, right))


def divide(above: Amount, below: Amount) -> Amount:
    unit = above.unit.times(below.unit, -1)
    if above.plain is None or below.plain is None:
        return _lacks((above, below), unit) or Amount.lacking("缺数据", unit)
    if below.plain == 0:
        return Amount.lacking(NOTHING_BELOW, unit)
    return Amount(above.plain / below.plain, unit, _about(above, below))


def share(part: Amount, whole: Amount) -> Amount:
    """A part of a whole in per cent."""
    found = divide(part, whole)
    return replace(found, value=found.value * HUNDRED if found.value is not None else None, unit=PER_CENT)


def growth(now: Amount, before: Amount) -> Amount:
    """By how many per cent more than before; nothing can be said of growth from zero or below."""
    if before.value is not None and before.value <= 0:
        return Amount.lacking("上年同期为零或负数，增长率无意义", PER_CENT)
    return share(add(now, before, -1), before)
