"""Columns and what they make of a row: heads, cells and plain values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from puyou.core import formats

Accessor = str | Callable[[Any], Any]
SHOWN: dict[str, Callable[[Any], str]] = {
    "text": formats.plain,
    "count": formats.count,
    "big": formats.big,
    "rate": formats.rate,
    "points": formats.points,
    "day": formats.day,
    "short_day": formats.short_day,
    "moment": formats.moment,
    "week": formats.week,
    "metres": formats.metres,
}
NUMERIC = {"count", "big", "rate", "points", "metres"}


@dataclass(frozen=True)
class Column:
    """One column: ``accessor`` is an attribute path (``village.name``), a key or a function of the row.

    ``format`` names a way of writing (the keys of ``SHOWN``); numbers stand right. ``sort`` is the field a
    queryset is ordered by; for plain rows any non-empty text, the accessor's value decides. ``link`` gives
    the cell's address or None. ``head`` makes the cell the row's heading. ``minor`` columns disappear on a
    phone and stay in exports; ``exported`` False is the other way round. ``show`` replaces the format on the
    page alone, for badges and small charts (return safe HTML).
    """

    label: str
    accessor: Accessor
    unit: str = ""
    format: str = "text"
    sort: str = ""
    link: Callable[[Any], str | None] | None = None
    head: bool = False
    minor: bool = False
    exported: bool = True
    show: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        if self.format not in SHOWN:
            raise ValueError(f"column {self.label}: no format {self.format}")

    @property
    def numeric(self) -> bool:
        return self.format in NUMERIC

    @property
    def classes(self) -> str:
        return " ".join(name for name, on in (("number", self.numeric), ("minor", self.minor)) if on)

    def value(self, row: Any) -> Any:
        """The row's plain value."""
        return read(row, self.accessor)


@dataclass(frozen=True)
class Head:
    """A column's head: with the address that sorts by it, and the direction when sorted."""

    label: str
    unit: str
    classes: str
    address: str
    direction: str


@dataclass(frozen=True)
class Cell:
    """One value as shown."""

    shown: Any
    href: str | None
    label: str
    classes: str
    tag: str


@dataclass(frozen=True)
class Row:
    """A row as shown; ``key`` names it across refreshes, ``data`` is for islands."""

    cells: list[Cell]
    key: str
    data: list[tuple[str, str]]


def read(row: Any, accessor: Accessor) -> Any:
    """A row's value by attribute path, key or function; None along the way stays None."""
    if callable(accessor):
        return accessor(row)
    value = row
    for part in accessor.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part)
        if value is None:
            return None
    return value() if callable(value) else value


def lay_out(row: Any, columns: Iterable[Column], key: Accessor, data: Mapping[str, Accessor]) -> Row:
    """A row's cells in the columns' order."""
    return Row(
        cells=[_cell(row, column) for column in columns],
        key=str(read(row, key)) if key else "",
        data=[(name, _datum(read(row, accessor))) for name, accessor in data.items()],
    )


def heads(columns: Sequence[Column], order: str, asked: QueryDict) -> list[Head]:
    """The heads; a click sorts, a second click turns the order."""
    return [_head(column, order, asked) for column in columns]


def _head(column: Column, order: str, asked: QueryDict) -> Head:
    if not column.sort:
        return Head(column.label, column.unit, column.classes, "", "")
    direction = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(order, "")
    turned = f"-{column.sort}" if order == column.sort else column.sort
    if column.numeric and not direction:
        turned = f"-{column.sort}"
    wanted = asked.copy()
    wanted["sort"] = turned
    for name in ("page", "after", "before"):
        wanted.pop(name, None)
    return Head(column.label, column.unit, column.classes, f"?{wanted.urlencode()}", direction)


def _cell(row: Any, column: Column) -> Cell:
    shown = column.show(row) if column.show else SHOWN[column.format](column.value(row))
    href = column.link(row) if column.link else None
    classes = f"{column.classes} unknown".strip() if shown == formats.NO_DATA else column.classes
    return Cell(shown, href, column.label, classes, "th" if column.head else "td")


def _datum(value: Any) -> str:
    return "" if value is None else str(value)
