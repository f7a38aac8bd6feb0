"""A return as a workbook: out to be filled in the office, in again whatever was moved about in it."""

import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from puyou.core.exports import harmless
from puyou.core.grids import Grid
from puyou.indicators.periods import Period
from puyou.returns import problems, reading
from puyou.returns.definition import Form
from puyou.returns.models import DueReturn
from puyou.returns.reading import LINES, Fault, Read

MARK = "标识："
CODE, NAME, UNIT = "代码", "指标", "单位"
HEAD_ROWS = 30
GREY = PatternFill("solid", fgColor="EEEEEE")


def mark_of(due: DueReturn) -> str:
    """What says whose sheet it is."""
    return f"{MARK}{due.form.code}|{due.period}|{due.place.code}"


def write_sheet(due: DueReturn, form: Form, data: Mapping[str, Any]) -> IO[bytes]:
    """The workbook of a return with what is filled in so far."""
    book = Workbook()
    sheet = book.active
    sheet.title = "填报"
    sheet.append([harmless(f"{form.name}　{Period.parse(due.period).label}")])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([mark_of(due)])
    sheet["A2"].font = Font(color="999999", size=8)
    official = "　".join(
        part for part in (form.number and f"表号：{form.number}", f"制定机关：{form.issuer}") if part
    )
    sheet.append([harmless(f"填报单位：{due.filler.name}　报送期限：{due.due_on:%Y-%m-%d}　{official}")])
    if form.kind == "list":
        _write_lines(sheet, form, data.get(LINES) or [])
    else:
        _write_grid(sheet, form, data)
    _explain(book.create_sheet("填写说明"), form)
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    return file


def _write_grid(sheet: Any, form: Form, data: Mapping[str, Any]) -> None:
    _heads(sheet, [CODE, NAME, UNIT, *(column.name for column in form.columns)])
    cells = {cell.code: cell for cell in form.cells()}
    for row in form.rows:
        codes = [f"{row.code}.{column.code}" for column in form.columns]
        shown = ["" if cells[code].formula else str(data.get(code, "")) for code in codes]
        sheet.append([row.code, harmless("　" * row.indent + row.name), row.unit, *shown])
        for at, code in enumerate(codes, 4):
            cell = sheet.cell(sheet.max_row, at)
            cell.number_format, cell.alignment = "@", Alignment(horizontal="right")
            if cells[code].formula:
                cell.fill = GREY
    for letter, width in zip("ABC", (16, 44, 8), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_lines(sheet: Any, form: Form, lines: list[dict[str, str]]) -> None:
    _heads(sheet, [_heading(column.name, column.unit) for column in form.columns])
    for line in lines:
        sheet.append([harmless(line.get(column.code, "")) for column in form.columns])


def _heads(sheet: Any, names: list[str]) -> None:
    sheet.append([harmless(name) for name in names])
    for at, name in enumerate(names, 1):
        sheet.cell(4, at).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = max(14, 2 * len(name) + 4)
    sheet.freeze_panes = "A5"


def _heading(name: str, unit: str) -> str:
    return f"{name}（{unit}）" if unit else name


def _explain(sheet: Any, form: Form) -> None:
    for text in (
        form.note,
        "列和行的次序可以改变，列名、指标名和代码不要改；灰色格由系统计算，不必填。",
        "空格表示没有数据，零请写 0；数可写成 1.2亿、3,000万，读入时会逐格说明读作多少。",
        *(f"校验：{check.says}" for check in form.checks),
    ):
        if text:
            sheet.append([harmless(text)])
    sheet.column_dimensions["A"].width = 100


@dataclass
class _Head:
    """Where things stand in a sheet: the heading's row, columns by code, and what was not understood."""

    row: int
    columns: dict[str, int]
    name: int = -1
    code: int = -1
    faults: list[Fault] = field(default_factory=list)


def read_sheet(due: DueReturn, form: Form, grid: Grid) -> Read:
    """What a handed-in sheet says. Problems: another return's sheet, no heading."""
    _refuse_other(due, grid)
    head = _head_of(form, grid)
    found = _read_lines(form, grid, head) if form.kind == "list" else _read_grid(form, grid, head)
    found.faults[:0] = head.faults
    return found


def _refuse_other(due: DueReturn, grid: Grid) -> None:
    wanted = mark_of(due)
    for row in grid[:HEAD_ROWS]:
        for text in row:
            if text.startswith(MARK) and text.strip() != wanted:
                raise problems.OTHER_SHEET(
                    found=text.removeprefix(MARK)[:60], wanted=wanted.removeprefix(MARK)
                )


def _head_of(form: Form, grid: Grid) -> _Head:
    wanted = {_plain(column.name): column.code for column in form.columns}
    wanted |= {
        _plain(_heading(column.name, column.unit)): column.code for column in form.columns if column.unit
    }
    for number, row in enumerate(grid[:HEAD_ROWS]):
        texts = [_plain(text) for text in row]
        known = [text for text in texts if text in wanted]
        if known and (form.kind == "list" or NAME in texts or CODE in texts):
            return _placed(form, number, texts, wanted)
    raise problems.NO_HEADING()


def _placed(form: Form, number: int, texts: list[str], wanted: dict[str, str]) -> _Head:
    head = _Head(number, {})
    for at, text in enumerate(texts):
        if text == NAME and form.kind == "grid":
            head.name = at
        elif text == CODE and form.kind == "grid":
            head.code = at
        elif text in wanted:
            if wanted[text] in head.columns:
                head.faults.append(
                    Fault("", text, f"列“{text}”出现了两次，用的是前一列", _address(number, at))
                )
            head.columns.setdefault(wanted[text], at)
        elif text and not (text == UNIT and form.kind == "grid"):
            head.faults.append(Fault("", text, f"不认识的列“{text[:20]}”，没有读入", _address(number, at)))
    for column in form.columns:
        if column.code not in head.columns:
            head.faults.append(Fault("", "", f"缺少列“{column.name}”", f"第 {number + 1} 行"))
    return head


def _read_grid(form: Form, grid: Grid, head: _Head) -> Read:
    by_code = {row.code: row.code for row in form.rows}
    by_name = {_plain(row.name): row.code for row in form.rows}
    said: dict[str, str] = {}
    where: dict[str, str] = {}
    for number, row in enumerate(grid[head.row + 1 :], head.row + 1):
        texts = {code: _at(row, at) for code, at in head.columns.items()}
        code = by_code.get(_at(row, head.code)) or by_name.get(_plain(_at(row, head.name)))
        if code is None:
            if any(texts.values()) or _at(row, head.code):
                name = _at(row, head.name) or _at(row, head.code) or "（空）"
                head.faults.append(
                    Fault("", name, f"不认识的行“{name[:30]}”，没有读入", f"第 {number + 1} 行")
                )
            continue
        for column, text in texts.items():
            cell = f"{code}.{column}"
            if cell in where:
                head.faults.append(Fault(cell, text, "这一行出现了两次，用的是前一行", f"第 {number + 1} 行"))
                break
            said[cell], where[cell] = text, _address(number, head.columns[column])
    return reading.read_cells(form, said, where)


def _read_lines(form: Form, grid: Grid, head: _Head) -> Read:
    lines = [{code: _at(row, at) for code, at in head.columns.items()} for row in grid[head.row + 1 :]]
    return reading.read_lines(form, lines, head.row + 2)


def _at(row: list[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip("*")


def _address(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row + 1}"
