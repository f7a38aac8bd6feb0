"""What a form is made of: the shape of a definition, read from JSON and nothing else."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Code = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Note = Annotated[str, Meta(max_length=500)]
Figure = Annotated[str, Meta(pattern=r"\A-?[0-9]{1,15}(\.[0-9]{1,6})?\Z")]
Relation = Literal["=", "<=", ">="]
Severity = Literal["error", "warning"]
Kind = Literal["grid", "list"]
SUM, COUNT = "sum", "count"
LEVEL_NAMES = ("国家局", "省局", "市局", "县局", "乡级", "村级")


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Any part of a definition: unknown words are mistakes."""


class Column(Part, frozen=True):
    """A column; of a list it holds ``text`` or a ``number``, and what is added up goes to the item ``sums``."""

    code: Code
    name: Name
    type: Literal["number", "text"] = "number"
    unit: Annotated[str, Meta(max_length=12)] = ""
    required: bool = False
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    minimum: Figure | None = "0"
    maximum: Figure | None = None
    sums: str = ""


class Row(Part, frozen=True):
    """A row of a grid. ``items``: column → the item that its cell reports; ``formula``: column → what it is computed
    from, in the language of indicators' formulas over cells ``row.column``."""

    code: Code
    name: Name
    unit: Annotated[str, Meta(max_length=12)] = ""
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    indent: Annotated[int, Meta(ge=0, le=3)] = 0
    required: bool = True
    minimum: Figure | None = "0"
    maximum: Figure | None = None
    items: dict[str, str] = {}
    formula: dict[str, str] = {}


class Check(Part, frozen=True):
    """What must hold between cells: ``left`` ``relation`` ``right``, within ``tolerance``. Names: cells ``row.column``,
    ``last.row.column`` of the period before, ``@form.row.column`` of another form of the same filler and period."""

    code: Code
    says: Annotated[str, Meta(min_length=1, max_length=200)]
    left: Annotated[str, Meta(max_length=400)]
    relation: Relation
    right: Annotated[str, Meta(max_length=400)]
    severity: Severity = "error"
    tolerance: Figure = "0"


class Cell(Part, frozen=True):
    """One number of a form; ``formula`` when it is computed, ``item`` when it is reported."""

    code: str
    name: str
    unit: str
    decimals: int
    required: bool
    minimum: str | None
    maximum: str | None
    item: str
    formula: str


class Form(Part, frozen=True):
    """A whole form. ``levels``: of places whose offices fill it; ``route``: levels that check it, lowest first;
    ``due_days``: working days after the period's end; ``trend``: a change against the period before by more than so
    many per cent wants an explanation; ``example``: not an official form."""

    code: Code
    number: Annotated[str, Meta(max_length=40)]
    name: Name
    issuer: Annotated[str, Meta(max_length=60)]
    approval: Annotated[str, Meta(max_length=80)]
    valid_from: date
    period: Literal["month", "quarter", "year"]
    side: Literal["regulator", "operator"]
    levels: Annotated[tuple[Annotated[int, Meta(ge=0, le=4)], ...], Meta(min_length=1)]
    route: Annotated[tuple[Annotated[int, Meta(ge=0, le=3)], ...], Meta(min_length=1)]
    due_days: Annotated[int, Meta(ge=1, le=120)]
    source: Annotated[str, Meta(min_length=1, max_length=300)]
    columns: Annotated[tuple[Column, ...], Meta(min_length=1, max_length=30)]
    kind: Kind = "grid"
    rows: Annotated[tuple[Row, ...], Meta(max_length=200)] = ()
    counted: str = ""
    checks: tuple[Check, ...] = ()
    trend: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    valid_to: date | None = None
    example: bool = False
    note: Note = ""

    def cells(self) -> Iterator[Cell]:
        """Every number of the form in the order of reading: of a grid its cells, of a list its sums and its count."""
        if self.kind == "list":
            yield from self._derived()
            return
        for row in self.rows:
            for column in self.columns:
                yield Cell(
                    code=f"{row.code}.{column.code}",
                    name=f"{row.name}（{column.name}）" if len(self.columns) > 1 else row.name,
                    unit=row.unit,
                    decimals=row.decimals,
                    required=row.required and column.code not in row.formula,
                    minimum=row.minimum,
                    maximum=row.maximum,
                    item=row.items.get(column.code, ""),
                    formula=row.formula.get(column.code, ""),
                )

    def _derived(self) -> Iterator[Cell]:
        for column in self.columns:
            if column.type == "number":
                yield Cell(
                    f"{SUM}.{column.code}", f"{column.name}合计", column.unit, column.decimals, False, None, None,
                    column.sums, "",
                )  # fmt: skip
        yield Cell(f"{COUNT}.rows", "行数", "", 0, False, "0", None, self.counted, "")

    def cell(self, code: str) -> Cell | None:
        """The cell of a code, or None."""
        return next((each for each in self.cells() if each.code == code), None)

    @property
    def items(self) -> set[str]:
        """Codes of the items that the form reports."""
        return {cell.item for cell in self.cells() if cell.item}


def read(value: Any) -> Form:
    """A definition from plain JSON values; msgspec.ValidationError when its shape is wrong."""
    return msgspec.convert(value, Form)


def plain(form: Form) -> dict[str, Any]:
    """The same as plain JSON values."""
    found: dict[str, Any] = msgspec.to_builtins(form)
    return found
