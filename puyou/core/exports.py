"""Lists as files: CSV and xlsx that say what they hold, stream, and cannot carry a formula."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from puyou.core import clock, formats, notices, problems
from puyou.core.cells import Column
from puyou.core.periods import SHANGHAI, Week

TOO_LONG = problems.declare(
    "core.export_too_long", "这份清单超过 {limit} 行，电子表格放不下；请缩小范围，或改用文本（CSV）导出"
)
Rows = QuerySet[Any] | Sequence[Any]
FORMATS = ("csv", "xlsx")
MOST_ROWS = 1_048_000
DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
NUMBER_FORMATS = {"rate": "0.0%", "points": "0.0%", "count": "#,##0.##", "big": "#,##0.##", "metres": "#,##0"}
MARK = "模拟数据"


def respond(
    kind: str,
    title: str,
    columns: Sequence[Column],
    rows: Rows,
    *,
    scope: str,
    chosen: Sequence[tuple[str, str]],
) -> HttpResponseBase:
    """The rows as a download named after the title, the scope and the time; ``kind`` is csv or xlsx.

    Raises core.export_too_long when a worksheet could not hold the rows.
    """
    exported = [column for column in columns if column.exported]
    about = about_export(title, scope, chosen)
    response = _csv(exported, rows, about) if kind == "csv" else _xlsx(exported, rows, about, title)
    stamp = f"{clock.now().astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    name = get_valid_filename("_".join(filter(None, (title, scope, stamp))))
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{name}.{kind}") or "attachment"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def about_export(title: str, scope: str, chosen: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What every export says about itself; 数据标记 is there whenever any notice is up."""
    about = [
        ("名称", title),
        ("范围", scope or "本人管辖范围"),
        ("筛选", "；".join(f"{label}：{value}" for label, value in chosen) or "无"),
        ("截至", f"{clock.now().astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"),
    ]
    sentences = notices.current()
    return [*about, ("数据标记", f"{MARK}：{'；'.join(sentences)}")] if sentences else about


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a dangerous first character gets an apostrophe."""
    return f"'{text}" if len(text) > 1 and text.startswith(DANGEROUS) else text


def plain_value(value: Any) -> Any:
    """As a spreadsheet keeps it: numbers as numbers, moments in Shanghai without offset, the rest as text."""
    if value is None or isinstance(value, bool):
        return formats.plain(value)
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
    if isinstance(value, date):
        return value
    return value.name if isinstance(value, Week) else str(value)


def _heading(column: Column) -> str:
    return f"{column.label}（{column.unit}）" if column.unit else column.label


def _each(rows: Rows) -> Iterator[Any]:
    return rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else iter(rows)


def _length(rows: Rows) -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


class _Echo:
    """A file that hands back what is written to it, so that csv can stream."""

    def write(self, text: str) -> str:
        return text


def _csv(columns: Sequence[Column], rows: Rows, about: list[tuple[str, str]]) -> HttpResponseBase:
    """Rectangular, for machines too: what the export says about itself stands in each row's last columns."""
    writer = csv.writer(_Echo())
    marks = [pair for pair in about if pair[0] != "名称"]

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([*map(_heading, columns), *(label for label, _ in marks)])
        for row in _each(rows):
            values = [plain_value(column.value(row)) for column in columns]
            yield writer.writerow([*map(_csv_text, values), *(harmless(value) for _, value in marks)])

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def _csv_text(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def _xlsx(
    columns: Sequence[Column], rows: Rows, about: list[tuple[str, str]], title: str
) -> HttpResponseBase:
    if _length(rows) > MOST_ROWS:
        raise TOO_LONG(limit=f"{MOST_ROWS:,}")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = max(12, 2 * len(_heading(column)) + 2)
    sheet.freeze_panes = f"A{len(about) + 3}"
    for label, value in about:
        sheet.append([_xlsx_cell(sheet, label, bold=True), _xlsx_cell(sheet, value)])
    sheet.append([])
    sheet.append([_xlsx_cell(sheet, _heading(column), bold=True) for column in columns])
    for row in _each(rows):
        sheet.append([_xlsx_cell(sheet, column.value(row), column.format) for column in columns])
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, content_type=kind)


def _xlsx_cell(sheet: Any, value: Any, kind: str = "", bold: bool = False) -> Any:
    plain = plain_value(value)
    text = isinstance(plain, str)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", plain) if text else plain)
    if text:
        cell.data_type = "s"
        cell.number_format = "@"
    elif kind in NUMBER_FORMATS:
        cell.number_format = NUMBER_FORMATS[kind]
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in r"[]:*?/\\")[:31] or "清单"
