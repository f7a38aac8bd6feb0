"""Reading the days off and made up from a file that an office publishes each year."""

from datetime import date
from pathlib import Path

from puyou.core import importing
from puyou.standards import problems
from puyou.standards.models import CalendarDay

YEARS = range(2000, 2101)
KINDS = {"放假": "holiday", "调休上班": "makeup_workday"}


def read_days(path: Path) -> list[CalendarDay]:
    """The file's days, not saved yet; Problem with the first faulty cell's row and column, or when empty."""
    with importing.open_source(path, ["date", "kind", "name"], ["sources"]) as source:
        broken = source.database.execute('SELECT "row", message FROM rejects ORDER BY 1 LIMIT 1').fetchone()
        if broken:
            raise problems.CALENDAR_REFUSED(row=broken[0], column="–", reason=broken[1])
        rows = source.database.execute(
            'SELECT "row", date, kind, name, sources FROM source ORDER BY 1'
        ).fetchall()
    if not rows:
        raise problems.CALENDAR_EMPTY()
    days = [_day(path.name, *row) for row in rows]
    seen: set[date] = set()
    for (row, *_), day in zip(rows, days, strict=True):
        if day.day in seen:
            raise problems.CALENDAR_REFUSED(row=row, column="date", reason=f"{day.day} 出现了不止一次")
        seen.add(day.day)
    return days


def _day(file: str, row: int, day: str, kind: str, name: str, sources: str | None) -> CalendarDay:
    try:
        parsed = date.fromisoformat(day or "")
    except ValueError as error:
        raise problems.CALENDAR_REFUSED(row=row, column="date", reason=f"“{day or ''}”不是日期") from error
    code = KINDS.get(kind, kind)
    if parsed.year not in YEARS:
        raise problems.CALENDAR_REFUSED(
            row=row, column="date", reason=f"年份 {parsed.year} 不在 2000—2100 之内"
        )
    if code not in CalendarDay.Kind.values:
        raise problems.CALENDAR_REFUSED(row=row, column="kind", reason="应为 holiday 或 makeup_workday")
    if not name or len(name) > 40:
        raise problems.CALENDAR_REFUSED(row=row, column="name", reason="应为 1 至 40 个字的节日名称")
    return CalendarDay(day=parsed, kind=code, name=name, source=(sources or file)[:200])
