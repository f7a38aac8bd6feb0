"""The sheet that field offices fill in: written for a list of items, read back row by row."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from puyou.audits import problems
from puyou.audits.models import AuditItem, AuditResult
from puyou.core import exports
from puyou.core.importing import Source
from puyou.core.periods import SHANGHAI
from puyou.visits.models import Visit

ITEM, OUTCOME, METHOD, CHECKED_ON, NOTE = "抽核件编号", "结果", "方式", "核查日期", "情况"
REQUIRED = (ITEM, OUTCOME, METHOD, CHECKED_ON)
OPTIONAL = (NOTE,)
TOLD = (
    "村",
    "区划代码",
    "投递员",
    "到村时间",
)  # what the checker must know; not what the score thought of it
COLUMNS = (ITEM, *TOLD, OUTCOME, METHOD, CHECKED_ON, NOTE)
OUTCOMES = {str(label): code for code, label in AuditResult.Outcome.choices}
METHODS = {str(label): code for code, label in AuditResult.Method.choices}


@dataclass(frozen=True)
class SheetRow:
    """One row as it was typed."""

    row: int
    item: str
    outcome: str
    method: str
    checked_on: str
    note: str


def write_sheet(items: Iterable[AuditItem]) -> IO[bytes]:
    """The workbook to fill in: its head is row 1, results are chosen from lists."""
    rows = list(items)
    visits = {visit.pk: visit for visit in Visit.objects.filter(pk__in=[item.visit_id for item in rows])}
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "抽核录入"
    sheet.append(COLUMNS)
    for item in rows:
        sheet.append(_line(item, visits.get(item.visit_id)))
    for column, choices in (("F", OUTCOMES), ("G", METHODS)):
        offered = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        sheet.add_data_validation(offered)
        offered.add(f"{column}2:{column}{max(2, len(rows) + 1)}")
    for column, width in zip("ABCDEFGHI", (12, 18, 16, 14, 20, 12, 10, 14, 40), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "B2"
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    return file


def _line(item: AuditItem, visit: Visit | None) -> list[Any]:
    at = f"{visit.happened_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if visit else item.day.isoformat()
    courier = exports.harmless(item.courier.name) if item.courier else "未登记"
    latest = item.results.order_by("-pk").first()
    said = ["", "", "", ""]
    if latest:
        said = [
            latest.get_outcome_display(),
            latest.get_method_display(),
            latest.checked_on.isoformat(),
            exports.harmless(latest.note),
        ]
    return [str(item.pk), exports.harmless(item.place.name), item.place.code, courier, at, *said]


def rows_of(source: Source) -> list[SheetRow]:
    """The rows of an opened sheet that have the right number of cells."""
    columns = ", ".join(f"coalesce(\"{name}\", '')" for name in (*REQUIRED, NOTE))
    bad = 'SELECT "row" FROM rejects'
    found = source.database.execute(
        f'SELECT "row", {columns} FROM source WHERE "row" NOT IN ({bad}) ORDER BY "row"'
    )
    return [SheetRow(*row) for row in found.fetchall()]


def broken_rows(source: Source) -> list[tuple[int, str]]:
    """The rows that could not be read at all, and why."""
    return source.database.execute('SELECT "row", min(message) FROM rejects GROUP BY 1 ORDER BY 1').fetchall()


def code_of_outcome(text: str) -> str:
    """The outcome that a word names; Problem for any other."""
    if text not in OUTCOMES:
        raise problems.UNKNOWN_OUTCOME()
    return OUTCOMES[text]


def code_of_method(text: str) -> str:
    """The method that a word names; Problem for any other."""
    if text not in METHODS:
        raise problems.UNKNOWN_METHOD()
    return METHODS[text]
