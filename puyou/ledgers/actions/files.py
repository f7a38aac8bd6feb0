"""Files of entries: looked at by content, scanned, kept by hash; taken back with a ground, never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.evidence import scanning, shelf, sniffing
from puyou.ledgers import events, powers, problems, reading, rules
from puyou.ledgers.actions import entries
from puyou.ledgers.models import LedgerEntry, LedgerFile

MOST = 50


@dataclass(frozen=True)
class Upload:
    """A file as somebody brings it: the name they gave it and its bytes piece by piece."""

    name: str
    pieces: Iterable[bytes]


def attach_file(
    *, entry_id: int, field: str, upload: Upload, scope: Scope, by: User | None, now: datetime
) -> LedgerFile:
    """Keep a file with an entry. Bytes go to disk first; when it is refused nothing of them stays.

    Problems: not this person's to write, withdrawn, no such field, too many, unfit or too large, found by the scanner.
    """
    with shelf.taken_in(upload.pieces) as (path, kept):
        with path.open("rb") as file:
            try:
                kind = sniffing.type_of(file)
            except sniffing.Unfit as unfit:
                raise problems.UNFIT_FILE(reason=str(unfit)) from unfit
        limit = sniffing.TYPES[kind].limit
        if kept.size > limit:
            raise problems.UNFIT_FILE(reason=f"{sniffing.TYPES[kind].name}最大 {limit // sniffing.MIB} MB")
        scanning.scan(path)
        with transaction.atomic():
            entry = _entry(entry_id, scope)
            _refuse_field(entry, field)
            shelf.keep(path, kept)
            made = LedgerFile.objects.create(
                entry=entry, field=field, name=sniffing.plain_name(upload.name, kind), type=kind, size=kept.size,
                sha256=kept.sha256, sm3=kept.sm3, by=by, at=now,
            )  # fmt: skip
            data = {"file": made.pk, "name": made.name, "sha256": made.sha256, "field": field}
            entries.say(events.FILE_ADDED, entry, scope, now, data)
            return made


@transaction.atomic
def withdraw_file(
    *, entry_id: int, file_id: int, ground: str, scope: Scope, by: User | None, now: datetime
) -> LedgerFile:
    """Take a file back with the ground: it is shown no more, its row and hashes stay."""
    entry = _entry(entry_id, scope)
    found = entry.files.select_for_update().filter(pk=file_id, withdrawn_at=None).first()
    if found is None:
        raise problems.UNKNOWN_FILE()
    if not ground.strip():
        raise problems.NO_GROUND()
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_ground = now, by, ground.strip()[:200]
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_ground"])
    data = {"file": found.pk, "name": found.name, "sha256": found.sha256, "ground": found.withdrawn_ground}
    entries.say(events.FILE_WITHDRAWN, entry, scope, now, data)
    return found


def _entry(entry_id: int, scope: Scope) -> LedgerEntry:
    entry = LedgerEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    found = reading.definition_of(entry.version)
    if not powers.may_edit(scope, entry, found):
        raise problems.NOT_FILLER(kind=found.name, who=powers.SIDES[entry.side])
    if entry.status == rules.WITHDRAWN:
        raise problems.WRONG_STATE(status=entry.get_status_display(), verb="添加或撤回附件")
    return entry


def _refuse_field(entry: LedgerEntry, field: str) -> None:
    found = reading.definition_of(entry.version)
    if all(each.code != field for each in found.of_type("attachment")):
        raise problems.UNKNOWN_FILE()
    if entry.files.filter(withdrawn_at=None).count() >= MOST:
        raise problems.TOO_MANY_FILES(limit=MOST)
