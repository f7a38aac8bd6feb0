"""Whether what was written into a form can be: required, in range, adding up, plausible. Pure, over plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from puyou.indicators import checking, formula, reckoning
from puyou.indicators.formula import FormulaError, Name
from puyou.indicators.reckoning import Amount, When
from puyou.indicators.units import Unit
from puyou.returns.definition import Check, Form

Values = Mapping[str, Decimal]
Others = Callable[[str], Decimal | None]  # ``form.row.column`` of the same filler and period
LAST = "last."
ERROR, WARNING = "error", "warning"
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Finding:
    """What is wrong (``error``) or wants a word (``warning``), at which cells. ``key``: its name for the word."""

    severity: str
    key: str
    cells: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Known:
    """What a form is judged with: its own numbers, those of the period before, and other forms' cells."""

    values: Values
    last: Values | None = None
    others: Others = lambda code: None


def computed(form: Form, values: Values) -> dict[str, Decimal]:
    """The numbers with those added that the form computes; one whose parts are missing stays missing."""
    found = dict(values)
    formulas = {cell.code: cell.formula for cell in form.cells() if cell.formula}
    for code in _in_order(formulas):
        amount = _amount(form, formulas[code], Known(found))
        found.pop(code, None)
        if amount.value is not None:
            found[code] = amount.value
    return found


def judge(form: Form, known: Known) -> list[Finding]:
    """Everything that is wrong or doubtful, errors first."""
    found = [*_missing(form, known), *_ranges(form, known)]
    for check in form.checks:
        found += _held(form, check, known)
    found += _trend(form, known)
    return sorted(found, key=lambda each: each.severity != ERROR)


def _missing(form: Form, known: Known) -> list[Finding]:
    return [
        Finding(ERROR, f"required:{cell.code}", (cell.code,), f"{cell.name}：必填")
        for cell in form.cells()
        if cell.required and cell.code not in known.values
    ]


def _ranges(form: Form, known: Known) -> list[Finding]:
    found = []
    for cell in form.cells():
        value = known.values.get(cell.code)
        if value is not None and (words := out_of_range(value, cell.minimum, cell.maximum, cell.unit)):
            found.append(Finding(ERROR, f"range:{cell.code}", (cell.code,), f"{cell.name}：{words}"))
    return found


def out_of_range(value: Decimal, minimum: str | None, maximum: str | None, unit: str) -> str:
    """Why a number cannot be; empty when it can. A share above 100 % is none."""
    if minimum is not None and value < Decimal(minimum):
        return "不能是负数" if not Decimal(minimum) else f"不能小于 {minimum}{unit}"
    most = maximum if maximum is not None else ("100" if unit == "%" else None)
    return f"不能大于 {most}{unit}" if most is not None and value > Decimal(most) else ""


def _held(form: Form, check: Check, known: Known) -> list[Finding]:
    """A check that lacks a number says nothing: what is required is told where it is missing."""
    cells = tuple(code for code in (*names_in(check.left), *names_in(check.right)) if form.cell(code))
    key = f"check:{check.code}"
    left, right = _amount(form, check.left, known), _amount(form, check.right, known)
    if reckoning.NOTHING_BELOW in (left.missing, right.missing):
        return [Finding(check.severity, key, cells, f"{check.says}：分母为零，无法核对")]
    if left.value is None or right.value is None:
        return []
    gap = left.value - right.value
    slack = Decimal(check.tolerance)
    holds = {"=": abs(gap) <= slack, "<=": gap <= slack, ">=": gap >= -slack}[check.relation]
    if holds:
        return []
    words = f"{check.says}：现为 {_shown(left.value)}，应{_RELATIONS[check.relation]} {_shown(right.value)}"
    return [Finding(check.severity, key, cells, words)]


_RELATIONS = {"=": "等于", "<=": "不大于", ">=": "不小于"}


def _trend(form: Form, known: Known) -> list[Finding]:
    if form.trend is None or known.last is None:
        return []
    found = []
    for cell in form.cells():
        now, before = known.values.get(cell.code), known.last.get(cell.code)
        if now is None or before is None or now == before:
            continue
        if before == 0:
            words = f"上期为 0，本期为 {_shown(now)}"
        else:
            change = (now - before) / abs(before) * HUNDRED
            if abs(change) <= form.trend:
                continue
            words = f"比上期（{_shown(before)}）变动 {change:+.1f}%，超过 {form.trend}%"
        found.append(Finding(WARNING, f"trend:{cell.code}", (cell.code,), f"{cell.name}：{words}"))
    return found


def unexplained(findings: list[Finding], explanations: Mapping[str, str]) -> list[Finding]:
    """What stands in the way of submitting: every error, and warnings that nobody explained."""
    return [each for each in findings if each.severity == ERROR or not explanations.get(each.key, "").strip()]


def faults_of(form: Form) -> list[str]:
    """What is wrong with a definition: doubled codes, unreadable formulas, unknown names, mixed units, circles."""
    faults = [*_doubled(form)]
    for cell in form.cells():
        if cell.formula:
            faults += _faults(form, cell.formula, f"“{cell.name}”的算式", cell.unit)
    for check in form.checks:
        for side in (check.left, check.right):
            faults += _faults(form, side, f"校验“{check.code}”", None)
    formulas = {cell.code: cell.formula for cell in form.cells() if cell.formula}
    if not faults:
        uses = {code: names_in(text) for code, text in formulas.items()}
        for code in formulas:
            if way := checking.circle(code, uses):
                faults.append(f"算式循环：{' → '.join(way)}")
                break
    return faults


def _doubled(form: Form) -> list[str]:
    found = []
    for kind, codes in (
        ("行", [row.code for row in form.rows]),
        ("列", [column.code for column in form.columns]),
        ("校验", [check.code for check in form.checks]),
    ):
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            found.append(f"{kind}代码“{code}”重复")
    if form.kind == "grid" and not form.rows:
        found.append("没有行")
    return found


def _faults(form: Form, text: str, where: str, unit: str | None) -> list[str]:
    try:
        node = formula.parse(text)
        unknown = [
            name.code
            for name in formula.names(node)
            if not name.indicator and form.cell(_own(name.code)) is None
        ]
        if unknown:
            return [f"{where}：没有单元格“{unknown[0]}”"]
        kind = checking.kind_of(node, lambda name: checking.Kind(_unit_of(form, name), "flow"))
    except FormulaError as error:
        return [f"{where}：{error.words}"]
    if unit is not None and kind.unit != Unit.parse(unit):
        return [f"{where}：得出的单位是“{kind.unit.text or '无单位'}”，应为“{unit or '无单位'}”"]
    return []


def names_in(text: str) -> list[str]:
    """The form's own cells in a formula, each once."""
    own = [_own(name.code) for name in formula.names(formula.parse(text)) if not name.indicator]
    return list(dict.fromkeys(code for code in own))


def _own(code: str) -> str:
    return code.removeprefix(LAST)


def _in_order(formulas: Mapping[str, str]) -> list[str]:
    """Computed cells so that each comes after those it is made of."""
    done: list[str] = []

    def visit(code: str, way: tuple[str, ...]) -> None:
        if code in done or code in way:
            return
        for other in names_in(formulas[code]):
            if other in formulas:
                visit(other, (*way, code))
        done.append(code)

    for code in formulas:
        visit(code, ())
    return done


def _unit_of(form: Form, name: Name) -> Unit:
    cell = form.cell(_own(name.code))
    return Unit.parse(cell.unit) if cell else Unit()


def _amount(form: Form, text: str, known: Known) -> Amount:
    def ask(name: Name, when: When) -> Amount:
        unit = _unit_of(form, name)
        if name.indicator:
            value = known.others(name.code)
        elif name.code.startswith(LAST):
            value = (known.last or {}).get(_own(name.code))
        else:
            value = known.values.get(name.code)
        return Amount.lacking("未填", unit) if value is None else Amount(value, unit)

    return reckoning.amount_of(formula.parse(text), ask, When())


def _shown(value: Decimal) -> str:
    return f"{value.normalize():,f}"
