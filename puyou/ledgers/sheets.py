"""Sheets out and in: the template of a kind, and any handed-in xlsx or CSV as rows of texts."""

import codecs
import csv
import datetime as dt
import io
import tempfile
from decimal import Decimal
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import python_calamine
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from puyou.core.exports import harmless
from puyou.ledgers import documenting, problems
from puyou.ledgers.definition import TYPE_NAMES, Definition, Field

MIB = 1024 * 1024
LARGEST, UNPACKED = 10 * MIB, 200 * MIB
MOST_ROWS, MOST_COLUMNS = 5000, 200
SLACK = 30  # rows above the head
Grid = list[list[str]]


def read_grid(name: str, content: bytes) -> Grid:
    """The first sheet as texts, row by row. Problems: unknown type, too large, broken, in no known encoding."""
    if not content:
        raise problems.UNREADABLE(name=name[:60], reason="文件是空的")
    if len(content) > LARGEST:
        raise problems.UNREADABLE(name=name[:60], reason=f"超过 {LARGEST // MIB} MB")
    if content.startswith(b"PK"):
        return _xlsx(name, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise problems.UNREADABLE(name=name[:60], reason="是旧版 Office 文件或加了密码，请另存为 xlsx")
    return _csv(name, content)


def _xlsx(name: str, content: bytes) -> Grid:
    try:
        with ZipFile(io.BytesIO(content)) as book:
            if sum(entry.file_size for entry in book.infolist()) > UNPACKED:
                raise problems.UNREADABLE(name=name[:60], reason="展开后过大")
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (BadZipFile, python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise problems.UNREADABLE(name=name[:60], reason="可能已损坏，请重新另存为 xlsx") from error
    return _bounded([[_text(value) for value in row[:MOST_COLUMNS]] for row in rows[: MOST_ROWS + SLACK + 1]])


def _csv(name: str, content: bytes) -> Grid:
    text = _decoded(name, content)
    if "\0" in text:
        raise problems.UNREADABLE(name=name[:60], reason="含有空字符，不是文本")
    first = text.split("\n", 1)[0]
    mark = max(",\t;", key=first.count)
    grid: Grid = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            grid.append([value.strip() for value in row[:MOST_COLUMNS]])
            if len(grid) > MOST_ROWS + SLACK:
                break
    except csv.Error as error:
        raise problems.UNREADABLE(name=name[:60], reason=f"第 {len(grid) + 1} 行附近的引号不成对") from error
    return _bounded(grid)


def _decoded(name: str, content: bytes) -> str:
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")  # type: ignore[assignment]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise problems.UNREADABLE(name=name[:60], reason="不是 xlsx，编码也不是 UTF-8 或 GB18030")


def _bounded(grid: Grid) -> Grid:
    """Without the empty rows at the end; nothing of a larger file is silently left out."""
    while grid and not any(grid[-1]):
        grid.pop()
    if len(grid) > MOST_ROWS + SLACK:
        raise problems.TOO_MANY_ROWS(limit=f"{MOST_ROWS:,}", rows=f"{MOST_ROWS:,} 以上")
    return grid


def _text(value: object) -> str:
    """A cell as a person reads it: no exponent, no needless point, dates in ISO form, 是 and 否."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).replace("\0", "").strip(" \t\r\n\u3000")


def write_template(found: Definition) -> IO[bytes]:
    """A workbook to be filled in: the headings on the first sheet, what each means on the second."""
    book = Workbook()
    sheet = book.active
    sheet.title = "填报"
    headings = [
        (found.place_name, True),
        *([("企业", found.operator == "required")] if found.has_operator else []),
    ]
    headings += [(_heading(field), field.required) for field in found.written]
    for index, (heading, required) in enumerate(headings, start=1):
        cell = sheet.cell(1, index, harmless(heading + ("*" if required else "")))
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = max(14, 2 * len(heading) + 4)
        for row in range(2, 202):
            sheet.cell(row, index).number_format = "@"  # so that long numbers stay as typed
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet("填写说明"), found)
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    return file


def _heading(field: Field) -> str:
    return f"{field.name}（{field.unit}）" if field.unit else field.name


def _explain(sheet: Any, found: Definition) -> None:
    rows = [("列", "是否必填", "类型", "取值", "说明")]
    rows.append((found.place_name, "必填", "地点", "地区名称或区划代码", "重名的地区请填区划代码"))
    if found.has_operator:
        rows.append(
            (
                "企业",
                "必填" if found.operator == "required" else "选填",
                "企业",
                "企业全称",
                "企业自己填报的可留空",
            )
        )
    rows += [
        (
            _heading(field),
            told["required"],
            TYPE_NAMES[field.type],
            documenting.values_of(field, found),
            field.help,
        )
        for field, told in zip(found.fields, documenting.fields(found), strict=True)
        if field.type != "attachment"
    ]
    rows.append(
        ("", "", "", "", "列的次序可以改变，列名不要改；数可写成 1.2亿、3,000万；附件导入后在记录页添加。")
    )
    for row in rows:
        sheet.append([harmless(str(value)) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (24, 30, 10, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
