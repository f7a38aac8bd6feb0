"""Numbers as people write them into cells, texts in lists, and the plain values that judging wants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from puyou.core import figures
from puyou.returns import judging
from puyou.returns.definition import COUNT, SUM, Column, Form

LINES = "lines"
MOST_LINES, LONGEST = 500, 200


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be read: its code or line, what stood there, and why not."""

    cell: str
    said: str
    why: str
    where: str = ""


@dataclass
class Read:
    """What was understood: kept values as texts, faults by cell, and what was read otherwise than written."""

    data: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    understood: list[tuple[str, str, str]] = field(default_factory=list)


def read_cells(form: Form, said: Mapping[str, str], where: Mapping[str, str] | None = None) -> Read:
    """Of a grid: every entered cell. An empty text is nothing, never zero. ``where``: cell → address in a sheet."""
    found, places = Read(), where or {}
    for cell in form.cells():
        text = said.get(cell.code, "").strip()
        if not text:
            continue
        try:
            number = _number(text, cell.unit, cell.decimals)
        except figures.Unreadable as error:
            found.faults.append(Fault(cell.code, text, f"{cell.name}：{error}", places.get(cell.code, "")))
            continue
        found.data[cell.code] = figures.plain_text(number)
        if _otherwise(text, number):
            shown = f"{number.normalize():,f}{cell.unit}"
            found.understood.append((places.get(cell.code) or cell.name, text, shown))
    _compare_computed(form, found, said, places)
    return found


def _compare_computed(form: Form, found: Read, said: Mapping[str, str], where: Mapping[str, str]) -> None:
    """Computed cells are never taken from what was written; a total that does not add up is told."""
    written = {cell.code: found.data.pop(cell.code, None) for cell in form.cells() if cell.formula}
    right = judging.computed(form, {code: Decimal(text) for code, text in found.data.items()})
    for code, text in written.items():
        if text is None or code not in right or Decimal(text) == right[code]:
            continue
        cell = form.cell(code)
        name = cell.name if cell else code
        why = f"{name}：合计不符，表中写 {Decimal(text):,f}，按各项计算为 {right[code].normalize():,f}"
        found.faults.append(Fault(code, said[code], why, where.get(code, "")))


def read_lines(form: Form, lines: list[dict[str, str]], first_row: int = 1) -> Read:
    """Of a list: its lines without empty ones, each column read by its type."""
    found = Read()
    kept: list[dict[str, str]] = []
    for number, line in enumerate(lines, first_row):
        if not any(text.strip() for text in line.values()):
            continue
        kept.append(_line(form, line, number, found))
    found.data[LINES] = kept
    return found


def _line(form: Form, line: Mapping[str, str], number: int, found: Read) -> dict[str, str]:
    values = {}
    for column in form.columns:
        text = line.get(column.code, "").strip()
        try:
            value = _column_value(column, text)
        except figures.Unreadable as error:
            found.faults.append(
                Fault(f"{number}.{column.code}", text, f"{column.name}：{error}", f"第 {number} 行")
            )
            continue
        if value:
            values[column.code] = value
    return values


def _column_value(column: Column, text: str) -> str:
    if not text:
        if column.required:
            raise figures.Unreadable("必填")
        return ""
    if column.type == "text":
        if len(text) > LONGEST:
            raise figures.Unreadable(f"最多 {LONGEST} 个字")
        return text
    number = _number(text, column.unit, column.decimals)
    if words := judging.out_of_range(number, column.minimum, column.maximum, column.unit):
        raise figures.Unreadable(words)
    return figures.plain_text(number)


def _number(text: str, unit: str, decimals: int) -> Decimal:
    if text.startswith("#"):
        raise figures.Unreadable(f"单元格里是公式错误（{text[:12]}），请改为数值")
    number = figures.read(text, unit)
    if abs(number) >= Decimal(10) ** 15:
        raise figures.Unreadable("数字过大，请核对单位")
    if round(number, decimals) != number:
        raise figures.Unreadable(f"小数最多 {decimals} 位" if decimals else "应为整数")
    return number


def _otherwise(text: str, number: Decimal) -> bool:
    """Whether a person would want to see how it was read: 1.2亿, full-width digits, a unit."""
    return text.replace(",", "") != figures.plain_text(number)


def numbers(form: Form, data: Mapping[str, Any]) -> dict[str, Decimal]:
    """The numbers of a return by cell, computed ones among them."""
    if form.kind == "list":
        return _sums(form, data.get(LINES) or [])
    held = {cell.code for cell in form.cells()}
    given = {code: Decimal(str(text)) for code, text in data.items() if code in held}
    return judging.computed(form, given)


def _sums(form: Form, lines: list[dict[str, str]]) -> dict[str, Decimal]:
    found = {f"{COUNT}.rows": Decimal(len(lines))}
    for column in form.columns:
        if column.type == "number":
            given = [Decimal(line[column.code]) for line in lines if line.get(column.code)]
            found[f"{SUM}.{column.code}"] = sum(given, Decimal(0))
    return found
