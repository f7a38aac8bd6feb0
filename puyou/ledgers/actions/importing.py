"""Taking in a sheet: kept and looked at first, then written whole or not at all; a repeat finds nothing left to do."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.core import grids
from puyou.core.formats import moment
from puyou.core.periods import day_of
from puyou.ledgers import events, examining, powers, problems, reading, rules
from puyou.ledgers.actions import entries
from puyou.ledgers.examining import CHANGED, NEW, SAME, Examined, Row
from puyou.ledgers.models import LedgerEntry, LedgerImport, LedgerRevision, LedgerStep, LedgerVersion

GROUND = "批量导入更正"
BATCH = 500
FORGOTTEN = timedelta(days=7)  # a sheet that was looked at and never written


@transaction.atomic
def hand_in_sheet(
    *, version: LedgerVersion, name: str, content: bytes, scope: Scope, by: User, now: datetime
) -> LedgerImport:
    """Keep what a sheet says, to be looked at. Problems: not this person's kind to fill, unreadable, no head."""
    found = reading.definition_of(version)
    if not powers.may_fill(scope, found):
        raise problems.NOT_FILLER(kind=found.name, who=powers.told_sides(found.fills))
    sheet = examining.cut(version, grids.read_grid(name, content))
    LedgerImport.objects.filter(by=by, applied_at=None, at__lt=now - FORGOTTEN).delete()
    return LedgerImport.objects.create(
        kind_id=version.kind_id, version=version, name=name[-100:], sha256=hashlib.sha256(content).hexdigest(),
        sheet=sheet, by=by, at=now,
    )  # fmt: skip


@transaction.atomic
def apply_import(
    *, import_id: int, correct: bool, office: Organisation | None, scope: Scope, by: User, now: datetime
) -> LedgerImport:
    """Write the rows of a sheet: new ones submitted and numbered; with ``correct`` those that differ are said anew.

    Looked at once more first. Problems: written already, a single fault (then nothing is written), the same entered by
    somebody meanwhile.
    """
    held = (
        LedgerImport.objects.select_for_update(of=("self",))
        .select_related("kind", "version")
        .get(pk=import_id)
    )
    if held.applied_at is not None:
        raise problems.APPLIED(at=moment(held.applied_at))
    if office is None:
        raise problems.NO_OFFICE()
    examined = examining.examine(held, scope)
    if examined.faults:
        raise problems.NOT_CLEAN(count=len(examined.faults))
    made = _create(held, examined.of(NEW), office, scope, by, now)
    corrected = _correct(examined, scope, by, now) if correct else 0
    held.applied_at, held.created, held.corrected = now, len(made), corrected
    held.same = len(examined.of(SAME))
    held.save(update_fields=["applied_at", "created", "corrected", "same"])
    data = {
        "file": held.name, "sha256": held.sha256, "created": len(made), "corrected": corrected, "same": held.same,
        "first": made[0].number if made else None, "last": made[-1].number if made else None,
    }  # fmt: skip
    log.append(
        events.ENTRIES_IMPORTED, subject=f"ledger_kind:{held.kind.code}", actor=scope.name, now=now, data=data
    )
    return held


def _create(
    held: LedgerImport, rows: list[Row], office: Organisation, scope: Scope, by: User, now: datetime
) -> list[LedgerEntry]:
    found = reading.definition_of(held.version)
    drafts = any(field.required for field in found.of_type("attachment"))  # files come afterwards
    status = rules.DRAFT if drafts else entries.after_submission(found)
    made = [_entry(held, row, office, scope, status, by, now) for row in rows]
    if made and not drafts:
        for each, number in zip(
            made, entries.numbers(held.kind, found, office, day_of(now), len(made)), strict=True
        ):
            each.number = number
    try:
        with transaction.atomic():
            LedgerEntry.objects.bulk_create(made, batch_size=BATCH)
    except IntegrityError as error:
        if "ledgers_entry_once" not in str(error):
            raise
        raise problems.DUPLICATE(number="刚由他人登记") from error
    LedgerRevision.objects.bulk_create([_revision(each, by, now) for each in made], batch_size=BATCH)
    LedgerStep.objects.bulk_create(
        [LedgerStep(entry=each, status=status, revision=1, by=by, at=now) for each in made], batch_size=BATCH
    )
    return made


def _entry(
    held: LedgerImport, row: Row, office: Organisation, scope: Scope, status: str, by: User, now: datetime
) -> LedgerEntry:
    assert row.place is not None  # rows without one are faults
    found = reading.definition_of(held.version)
    entry = LedgerEntry(
        kind=held.kind, version=held.version, office=office, side=powers.side_at(scope, row.place.path), status=status,
        created_by=by, created_at=now,
    )  # fmt: skip
    entries.write(entry, found, row.place, row.operator, row.data, now)
    return entry


def _revision(entry: LedgerEntry, by: User, now: datetime) -> LedgerRevision:
    return LedgerRevision(
        entry=entry, number=1, place=entry.place, operator=entry.operator, data=entry.data, by=by, at=now
    )


def _correct(examined: Examined, scope: Scope, by: User, now: datetime) -> int:
    for row in examined.of(CHANGED):
        assert row.existing is not None and row.place is not None  # that is what makes them changed
        entries.edit_entry(
            entry_id=row.existing.pk, expected=row.existing.turn, place=row.place, operator=row.operator, said=row.data,
            ground=GROUND, scope=scope, by=by, now=now,
        )  # fmt: skip
    return len(examined.of(CHANGED))
