"""Looking at a handed-in sheet before anything is written: what each row would become, what is wrong at which cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.core import grids
from puyou.core.grids import MOST_ROWS, Grid
from puyou.core.problems import Problem
from puyou.ledgers import matching, powers, problems, queries, reading, rules, values
from puyou.ledgers.actions import entries
from puyou.ledgers.definition import LEVEL_NAMES, Definition
from puyou.ledgers.matching import OPERATOR, PLACE, PLACE_CODE
from puyou.ledgers.models import LedgerEntry, LedgerImport, LedgerVersion
from puyou.ledgers.reading import Directory
from puyou.ledgers.values import Data, Unfit
from puyou.places.models import Place

NEW, SAME, CHANGED, WRONG = "new", "same", "changed", "wrong"
FATES = {NEW: "新增", SAME: "已有，相同", CHANGED: "已有，不同", WRONG: "有误"}


@dataclass(frozen=True)
class Fault:
    """One thing wrong: at which cell, in which column, what stands there, why it cannot be taken."""

    cell: str
    column: str
    said: str
    why: str


@dataclass
class Row:
    """A row of the sheet as the spreadsheet counts it, and what it would become."""

    number: int
    place: Place | None = None
    operator: Organisation | None = None
    data: Data = field(default_factory=dict)
    title: str = ""
    key: str = ""
    digest: str = ""
    fate: str = WRONG
    existing: LedgerEntry | None = None


@dataclass(frozen=True)
class Examined:
    """A whole sheet: its rows and faults."""

    rows: list[Row]
    faults: list[Fault]

    def of(self, fate: str) -> list[Row]:
        """The rows of one fate."""
        return [row for row in self.rows if row.fate == fate]


def cut(version: LedgerVersion, grid: Grid) -> dict[str, Any]:
    """What of a sheet concerns the kind, as JSON: headings, columns, units, and the texts of each row.

    Problems: no head, required columns missing, a column twice, no rows, too many.
    """
    found = reading.definition_of(version)
    head = matching.find_head(found, grid)
    if head is None:
        names = [found.place_name, *(each.name for each in found.written if each.required)]
        raise problems.NO_HEADING(rows=matching.LOOKED, names="、".join(names))
    if lacking := matching.missing(found, head):
        raise problems.MISSING_COLUMNS(columns="、".join(lacking))
    if head.repeated:
        raise problems.REPEATED_COLUMNS(columns="、".join(head.repeated))
    rows = [
        [at, {code: row[index] for code, index in head.columns.items() if index < len(row) and row[index]}]
        for at, row in enumerate(grid[head.row + 1 :], start=head.row + 2)
    ]
    rows = [row for row in rows if row[1]]
    if not rows:
        raise problems.NO_ROWS()
    if len(rows) > MOST_ROWS:
        raise grids.TOO_MANY_ROWS(limit=f"{MOST_ROWS:,}", rows=f"{len(rows):,}")
    return {"columns": head.columns, "units": head.units, "ignored": head.ignored, "rows": rows}


def examine(held: LedgerImport, scope: Scope) -> Examined:
    """Every row checked against the definition, the asker's powers, the other rows and what is there already."""
    return _Examiner(held, scope).examined()


class _Examiner:
    """One look at one sheet."""

    def __init__(self, held: LedgerImport, scope: Scope) -> None:
        self.held, self.scope = held, scope
        self.found: Definition = reading.definition_of(held.version)
        self.sheet: Mapping[str, Any] = held.sheet
        self.directory, self.faults = Directory(), list[Fault]()
        own = queries.list_operators(scope, limit=2)
        self.own = own[0] if len(own) == 1 and powers.sides(scope) == {powers.OPERATOR} else None
        self.allowed: dict[tuple[str, int | None], str] = {}

    def examined(self) -> Examined:
        rows = [self._row(int(number), said) for number, said in self.sheet["rows"]]
        sound = [row for row in rows if row.place is not None and row.fate != WRONG]
        self._repeats(sound)
        self._compare([row for row in sound if row.fate != WRONG])
        return Examined(rows, sorted(self.faults, key=lambda fault: _order(fault.cell)))

    def _fault(self, number: int, code: str, said: Any, why: str) -> None:
        index = self.sheet["columns"].get(code, -1)
        names = {PLACE: self.found.place_name, PLACE_CODE: "区划代码", OPERATOR: "企业"}
        named = self.found.field(code)
        column = named.name if named else names.get(code, "")
        cell = grids.cell_name(index, number) if index >= 0 else f"第 {number} 行"
        self.faults.append(Fault(cell, column, str(said or "")[:60], why))

    def _row(self, number: int, said: Mapping[str, str]) -> Row:
        row, before = Row(number), len(self.faults)
        row.place, row.operator = self._place(number, said), self._operator(number, said)
        texts = {code: text for code, text in said.items() if not code.startswith("@")}
        row.data, wrong = values.check(self.found, texts, self.directory.finders, units=self.sheet["units"])
        for code, why in wrong.items():
            self._fault(number, code, texts.get(code, ""), why)
        if row.place is not None and len(self.faults) == before:
            self._permit(row)
        if row.place is not None and len(self.faults) == before:
            row.fate = NEW
            row.title = entries.title_of(self.found, row.place, row.data)
            row.key = entries.key_of(self.found, row.operator, row.data)
            row.digest = entries.digest_of(row.place, row.operator, row.data)
        return row

    def _place(self, number: int, said: Mapping[str, str]) -> Place | None:
        code = PLACE_CODE if said.get(PLACE_CODE) else PLACE
        text = said.get(code, "")
        if not text:
            self._fault(number, PLACE, "", "必填")
            return None
        try:
            place = self.directory.place(text)
        except Unfit as error:
            self._fault(number, code, text, str(error))
            return None
        if place.level not in self.found.place_levels:
            levels = "、".join(LEVEL_NAMES[level] for level in self.found.place_levels)
            self._fault(number, code, text, f"应为{levels}的地区")
            return None
        return place

    def _operator(self, number: int, said: Mapping[str, str]) -> Organisation | None:
        text = said.get(OPERATOR, "")
        if not self.found.has_operator or (not text and self.own is not None):
            return self.own if self.found.has_operator else None
        if not text:
            if self.found.operator == "required":
                self._fault(number, OPERATOR, "", "必填")
            return None
        try:
            return self.directory.operator(text)
        except Unfit as error:
            self._fault(number, OPERATOR, text, str(error))
            return None

    def _permit(self, row: Row) -> None:
        assert row.place is not None  # asked for only then
        key = (row.place.path, row.operator.pk if row.operator else None)
        if key not in self.allowed:
            try:
                powers.require_filling(self.scope, self.found, row.place.path, row.operator)
                self.allowed[key] = ""
            except Problem as problem:
                self.allowed[key] = problem.message
        if self.allowed[key]:
            self._fault(row.number, PLACE, row.place.name, self.allowed[key])

    def _repeats(self, rows: list[Row]) -> None:
        """The same thing twice in one sheet is a mistake in one of the two."""
        first: dict[str, int] = {}
        for row in rows:
            mark = row.key or row.digest
            if mark in first:
                row.fate = WRONG
                what = "识别字段相同" if row.key else "内容完全相同；确属两条的，请在备注里区分"
                self._fault(row.number, self.found.title, row.title, f"与第 {first[mark]} 行{what}")
            else:
                first[mark] = row.number

    def _compare(self, rows: list[Row]) -> None:
        """What is there already, by key or, where the kind has none, by everything it says."""
        alive = LedgerEntry.objects.filter(kind_id=self.held.kind_id).exclude(status=rules.WITHDRAWN)
        alive = alive.select_related("place", "operator__parent__parent__parent", "version")
        column = "key" if self.found.key else "digest"
        marks = [getattr(row, column) for row in rows]
        there = {getattr(entry, column): entry for entry in alive.filter(**{f"{column}__in": marks})}
        taken_before = not self.found.key and self._taken_before()
        for row in rows:
            row.existing = there.get(getattr(row, column))
            if taken_before or (row.existing is not None and row.existing.digest == row.digest):
                row.fate = SAME
            elif row.existing is not None:
                self._differs(row, row.existing)

    def _taken_before(self) -> bool:
        """Whether these very bytes were taken in already: their rows may have been corrected since."""
        return LedgerImport.objects.filter(
            kind_id=self.held.kind_id, sha256=self.held.sha256, applied_at__isnull=False
        ).exists()

    def _differs(self, row: Row, existing: LedgerEntry) -> None:
        found = reading.definition_of(existing.version)
        visible = queries.list_entries(self.scope).filter(pk=existing.pk).exists()
        if not visible or not powers.may_edit(self.scope, existing, found):
            row.fate = WRONG
            self._fault(row.number, self.found.title, row.title, "已有识别字段相同的台账，不归您填报")
        else:
            row.fate = CHANGED


def _order(cell: str) -> tuple[int, str]:
    digits = "".join(letter for letter in cell if letter.isdigit())
    return int(digits or 0), cell
