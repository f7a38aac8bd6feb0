"""An entry told to people: its values, its files, and everything that happened to it in one line of time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.ledgers import queries
from puyou.ledgers.definition import Definition
from puyou.ledgers.models import LedgerEntry, LedgerFile, LedgerRevision
from puyou.ledgers.wording import Names, differences


@dataclass(frozen=True)
class Happening:
    """One thing that happened: what, who, when, why, and which fields it changed."""

    at: datetime
    what: str
    by: User | None
    ground: str = ""
    changed: list[tuple[str, str, str]] = field(default_factory=list)


def values_of(found: Definition, entry: LedgerEntry, names: Names) -> list[tuple[str, str]]:
    """Every field with what it says, in the definition's order; what is not filled is left out."""
    said = [(each.name, names.told(each, entry.data.get(each.code))) for each in found.written]
    return [(name, text) for name, text in said if text]


def files_of(scope: Scope, entry: LedgerEntry, found: Definition) -> list[tuple[str, LedgerFile]]:
    """The files with the names of their fields."""
    names = {each.code: each.name for each in found.of_type("attachment")}
    return [(names.get(each.field, each.field), each) for each in queries.list_files(scope, entry)]


def happened(scope: Scope, entry: LedgerEntry, found: Definition, names: Names) -> list[Happening]:
    """Steps, revisions and files, latest first."""
    told = [*_steps(scope, entry), *_revisions(scope, entry, found, names), *_files(scope, entry)]
    return sorted(told, key=lambda each: each.at)[::-1]  # of one moment, too, the later word comes first


def _steps(scope: Scope, entry: LedgerEntry) -> list[Happening]:
    return [
        Happening(step.at, step.get_status_display(), step.by, step.ground)
        for step in queries.list_steps(scope, entry)
    ]


def _revisions(scope: Scope, entry: LedgerEntry, found: Definition, names: Names) -> list[Happening]:
    rows = queries.list_revisions(scope, entry)
    return [
        Happening(now.at, f"第 {now.number} 次修订", now.by, now.ground, _changed(found, before, now, names))
        for before, now in zip(rows, rows[1:], strict=False)
    ]


def _changed(
    found: Definition, before: LedgerRevision, now: LedgerRevision, names: Names
) -> list[tuple[str, str, str]]:
    said = differences(found, before.data, now.data, names)
    if before.operator_id != now.operator_id:
        said.insert(0, ("企业", _name(before.operator), _name(now.operator)))
    if before.place_id != now.place_id:
        said.insert(0, (found.place_name, before.place.name, now.place.name))
    return said


def _name(row: Any) -> str:
    return str(row) if row else "未填"


def _files(scope: Scope, entry: LedgerEntry) -> list[Happening]:
    told = []
    for each in queries.list_files(scope, entry):
        told.append(Happening(each.at, f"添加附件：{each.name}", each.by))
        if each.withdrawn_at is not None:
            told.append(
                Happening(
                    each.withdrawn_at, f"撤回附件：{each.name}", each.withdrawn_by, each.withdrawn_ground
                )
            )
    return told
