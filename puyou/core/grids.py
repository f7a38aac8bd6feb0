"""Small sheets that people hand in: the first sheet of an xlsx or CSV as texts, headings in one plain spelling."""

import codecs
import csv
import datetime as dt
import io
import re
import unicodedata
from decimal import Decimal
from zipfile import BadZipFile, ZipFile

import python_calamine

from puyou.core import problems

UNREADABLE_SHEET = problems.declare("core.unreadable_sheet", "文件“{name}”无法读取：{reason}")
TOO_MANY_ROWS = problems.declare("core.too_many_rows", "一次最多 {limit} 行，这份文件有 {rows} 行")

MIB = 1024 * 1024
LARGEST, UNPACKED = 10 * MIB, 200 * MIB
MOST_ROWS, MOST_COLUMNS = 5000, 200
SLACK = 30  # rows above the head
Grid = list[list[str]]


def read_grid(name: str, content: bytes) -> Grid:
    """The first sheet as texts, row by row. Problems: unknown type, too large, broken, in no known encoding."""
    if not content:
        raise UNREADABLE_SHEET(name=name[:60], reason="文件是空的")
    if len(content) > LARGEST:
        raise UNREADABLE_SHEET(name=name[:60], reason=f"超过 {LARGEST // MIB} MB")
    if content.startswith(b"PK"):
        return _xlsx(name, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UNREADABLE_SHEET(name=name[:60], reason="是旧版 Office 文件或加了密码，请另存为 xlsx")
    return _csv(name, content)


def _xlsx(name: str, content: bytes) -> Grid:
    try:
        with ZipFile(io.BytesIO(content)) as book:
            if sum(entry.file_size for entry in book.infolist()) > UNPACKED:
                raise UNREADABLE_SHEET(name=name[:60], reason="展开后过大")
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (BadZipFile, python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise UNREADABLE_SHEET(name=name[:60], reason="可能已损坏，请重新另存为 xlsx") from error
    return _bounded([[_text(value) for value in row[:MOST_COLUMNS]] for row in rows[: MOST_ROWS + SLACK + 1]])


def _csv(name: str, content: bytes) -> Grid:
    text = _decoded(name, content)
    if "\0" in text:
        raise UNREADABLE_SHEET(name=name[:60], reason="含有空字符，不是文本")
    first = text.split("\n", 1)[0]
    mark = max(",\t;", key=first.count)
    grid: Grid = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            grid.append([value.strip() for value in row[:MOST_COLUMNS]])
            if len(grid) > MOST_ROWS + SLACK:
                break
    except csv.Error as error:
        raise UNREADABLE_SHEET(name=name[:60], reason=f"第 {len(grid) + 1} 行附近的引号不成对") from error
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
    raise UNREADABLE_SHEET(name=name[:60], reason="不是 xlsx，编码也不是 UTF-8 或 GB18030")


def _bounded(grid: Grid) -> Grid:
    """Without the empty rows at the end; nothing of a larger file is silently left out."""
    while grid and not any(grid[-1]):
        grid.pop()
    if len(grid) > MOST_ROWS + SLACK:
        raise TOO_MANY_ROWS(limit=f"{MOST_ROWS:,}", rows=f"{MOST_ROWS:,} 以上")
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


def plain_heading(heading: str) -> str:
    """A heading in the spelling by which it is compared: width, case, blanks and 必填 do not matter."""
    text = unicodedata.normalize("NFKC", heading).lower()
    return re.sub(r"[\s*:_]|\((必填|选填)\)", "", text)


def cell_name(column: int, row: int) -> str:
    """``D7`` for the fourth column of the seventh row; they count from 0 and 1 as spreadsheets show them."""
    letters, at = "", column
    while at >= 0:
        letters, at = chr(ord("A") + at % 26) + letters, at // 26 - 1
    return f"{letters}{row}"
