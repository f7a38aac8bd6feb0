"""Moving an entry from state to state: submit, confirm, return, withdraw; each move is a row."""

from datetime import datetime

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core.periods import day_of
from puyou.ledgers import events, powers, problems, reading, rules
from puyou.ledgers.actions import entries
from puyou.ledgers.models import LedgerEntry


@transaction.atomic
def submit_entry(
    *, entry_id: int, expected: int, scope: Scope, by: User | None, now: datetime
) -> LedgerEntry:
    """Hand a draft in; it gets its number. Problems: stale, incomplete, an attachment is missing."""
    entry = entries.held(entry_id, expected, "submit")
    found = reading.definition_of(entry.version)
    _require_edit(scope, entry)
    entries.checked(found, entry.place, entry.operator, dict(entry.data), whole=True)
    there = entry.files.filter(withdrawn_at=None).values_list("field", flat=True)
    entries.refuse_missing_files(found, set(there))
    if entry.number is None:
        entry.number = entries.next_number(entry.kind, found, entry.office, day_of(now))
    return _move(entry, entries.after_submission(found), "", scope, by, now)


@transaction.atomic
def confirm_entry(
    *, entry_id: int, expected: int, scope: Scope, by: User | None, now: datetime
) -> LedgerEntry:
    """Let an entry count. Nobody confirms what they wrote themselves."""
    entry = entries.held(entry_id, expected, "confirm")
    _require_confirm(scope, entry)
    last = entry.revisions.order_by("-number").first()
    if by is not None and last is not None and last.by_id == by.pk:
        raise problems.OWN_ENTRY()
    return _move(entry, rules.CONFIRMED, "", scope, by, now)


@transaction.atomic
def return_entry(
    *, entry_id: int, expected: int, ground: str, scope: Scope, by: User | None, now: datetime
) -> LedgerEntry:
    """Send an entry back to whoever fills it, with the ground; one that was confirmed no longer counts."""
    entry = entries.held(entry_id, expected, "return")
    _require_confirm(scope, entry)
    return _move(entry, rules.RETURNED, _ground(ground), scope, by, now)


@transaction.atomic
def withdraw_entry(
    *, entry_id: int, expected: int, ground: str, scope: Scope, by: User | None, now: datetime
) -> LedgerEntry:
    """Take an entry out of the ledger with the ground; it stays to be read, and counts nowhere."""
    entry = entries.held(entry_id, expected, "withdraw")
    if not powers.may_confirm(scope, entry, reading.definition_of(entry.version)):
        _require_edit(scope, entry)
    return _move(entry, rules.WITHDRAWN, _ground(ground), scope, by, now)


def _require_edit(scope: Scope, entry: LedgerEntry) -> None:
    found = reading.definition_of(entry.version)
    if not powers.may_edit(scope, entry, found):
        raise problems.NOT_FILLER(kind=found.name, who=powers.SIDES[entry.side])


def _require_confirm(scope: Scope, entry: LedgerEntry) -> None:
    found = reading.definition_of(entry.version)
    if not powers.may_confirm(scope, entry, found):
        raise problems.NOT_CONFIRMER(kind=found.name, who=powers.told_confirmer(found))


def _ground(text: str) -> str:
    ground = text.strip()[: entries.GROUND_LIMIT]
    if not ground:
        raise problems.NO_GROUND()
    return ground


def _move(
    entry: LedgerEntry, status: str, ground: str, scope: Scope, by: User | None, now: datetime
) -> LedgerEntry:
    before, entry.status, entry.changed_at, entry.turn = entry.status, status, now, entry.turn + 1
    entry.save(update_fields=["status", "number", "changed_at", "turn"])
    entries.add_step(entry, ground, by, now)
    data = {"from": before, "to": status, "ground": ground, "revision": entry.revision}
    entries.say(events.ENTRY_MOVED, entry, scope, now, data)
    return entry
