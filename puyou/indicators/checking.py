"""Whether a formula makes sense before it is ever computed: units, natures, growth of growth, circles."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from puyou.indicators import formula
from puyou.indicators.formula import Call, FormulaError, Name, Node, Number
from puyou.indicators.units import PER_CENT, Unit, UnitMismatch

STOCK, FLOW, CUMULATIVE, RATIO = "stock", "flow", "cumulative", "ratio"
NATURES = {STOCK: "时点", FLOW: "时期", CUMULATIVE: "累计", RATIO: "比率"}
CONSTANT = ""  # a number belongs to every nature


@dataclass(frozen=True)
class Kind:
    """What a name or a formula gives: its unit and its nature."""

    unit: Unit
    nature: str


Find = Callable[[Name], Kind | None]


def kind_of(node: Node, find: Find) -> Kind:
    """The kind of a formula; FormulaError in Chinese when its parts do not go together."""
    if isinstance(node, Number):
        return Kind(node.unit, CONSTANT)
    if isinstance(node, Name):
        found = find(node)
        if found is None:
            raise FormulaError(f"没有{'指标' if node.indicator else '度量'}“{node.code}”")
        return found
    try:
        if isinstance(node, Call):
            return _CALLS[node.function](node, [kind_of(each, find) for each in node.arguments])
        return _operation(node.sign, kind_of(node.left, find), kind_of(node.right, find))
    except UnitMismatch as error:
        raise FormulaError(str(error)) from None


def _operation(sign: str, left: Kind, right: Kind) -> Kind:
    if sign in "+-":
        return Kind(left.unit.same(right.unit, "加减"), _same_nature(left, right, "加减"))
    scales = CONSTANT in (left.nature, right.nature)
    nature = (
        (left.nature or right.nature) if scales and not (sign == "÷" and left.nature == CONSTANT) else RATIO
    )
    return Kind(left.unit.times(right.unit, 1 if sign == "×" else -1), nature)


def _same_nature(left: Kind, right: Kind, doing: str) -> str:
    if CONSTANT not in (left.nature, right.nature) and left.nature != right.nature:
        raise FormulaError(f"{doing}的两边性质不同：{NATURES[left.nature]}数与{NATURES[right.nature]}数")
    return left.nature or right.nature


def _share(node: Call, kinds: list[Kind]) -> Kind:
    kinds[0].unit.same(kinds[1].unit, "占比")
    _same_nature(kinds[0], kinds[1], "占比")
    return Kind(PER_CENT, RATIO)


def _growth(node: Call, kinds: list[Kind]) -> Kind:
    if any(isinstance(each, Call) and each.function != "share" for each in _within(node.arguments)):
        raise FormulaError("增长、增减与年初累计不能套用")
    if node.function == "change":
        return Kind(kinds[0].unit, RATIO)
    if kinds[0].unit.is_percent:
        raise FormulaError("百分数的变化应以百分点表示，请用 change")
    return Kind(PER_CENT, RATIO)


def _to_date(node: Call, kinds: list[Kind]) -> Kind:
    if kinds[0].nature != FLOW:
        raise FormulaError(f"只有时期数可以累加，{NATURES.get(kinds[0].nature, '常数')}数不能跨期相加")
    if any(isinstance(each, Call) for each in _within(node.arguments)):
        raise FormulaError("增长、增减与年初累计不能套用")
    return Kind(kinds[0].unit, CUMULATIVE)


def _within(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Call):
            yield from _within(node.arguments)
        elif isinstance(node, formula.Operation):
            yield from _within((node.left, node.right))


_CALLS: Mapping[str, Callable[[Call, list[Kind]], Kind]] = {
    "share": _share,
    "growth": _growth,
    "change": _growth,
    "ytd": _to_date,
}


def circle(code: str, uses: Mapping[str, Iterable[str]]) -> list[str]:
    """A way from an indicator back to itself through ``uses``, or nothing when there is none."""
    trail: list[str] = []
    done: set[str] = set()

    def walk(at: str) -> bool:
        trail.append(at)
        for following in sorted(set(uses.get(at, ()))):
            if following == code:
                trail.append(code)
                return True
            if following not in done and following not in trail and walk(following):
                return True
        done.add(trail.pop())
        return False

    return list(trail) if walk(code) else []
