"""Attaching files to a case: looked at by content, scanned, kept by hash; and taking one back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q, QuerySet

from puyou.cases import events, grounds, problems, reading
from puyou.cases.models import Attachment, Case
from puyou.cases.names import Actor
from puyou.cases.papers import actions, bare, checklist
from puyou.cases.reading import Held
from puyou.evidence import scanning, shelf, sniffing
from puyou.evidence.shelf import Kept

ATTACHING = actions.HANDING_IN
INSIDE = frozenset({"office", "handler", "system"})  # who sees every paper of a case
SIDES = ("office", "handler", "system", "operator", "reporter")
MOST = 300
MIB = sniffing.MIB


@dataclass(frozen=True)
class Upload:
    """A file as somebody brings it: the name they gave it and its bytes piece by piece."""

    name: str
    pieces: Iterable[bytes]


def attach_file(
    *, case_id: int, upload: Upload, actor: Actor, now: datetime, material: str = "", shared: bool = False
) -> Attachment:
    """Keep a file with a case; with ``material`` it hands in that paper of the checklist.

    ``shared``: whether every party sees it, else the office and whoever's side brought it. Bytes go to disk before the
    case is locked; when it is refused nothing of them stays.
    Problems: no such case, not this person's to do, closed (but for the office), too many, unfit or too large, found by
    the scanner, no room.
    """
    with shelf.taken_in(upload.pieces) as (path, kept):
        kind, scanned = _looked_at(path, kept), scanning.scan(path)
        with transaction.atomic():
            return _attach(case_id, path, kept, kind, scanned, upload.name, material, shared, actor, now)


def _looked_at(path: Path, kept: Kept) -> str:
    with path.open("rb") as file:
        kind = refused_unless_fit(file, kept.size)
    if kind in sniffing.PICTURES:
        bare.refuse_unreadable(path, kind)
    return kind


def refused_unless_fit(file: BinaryIO, size: int) -> str:
    """The type of a file that may be taken in. Problems: unfit, too large for its type."""
    try:
        kind = sniffing.type_of(file)
    except sniffing.Unfit as unfit:
        raise problems.UNFIT_FILE(reason=str(unfit)) from unfit
    if size > sniffing.TYPES[kind].limit:
        found = sniffing.TYPES[kind]
        raise problems.FILE_TOO_LARGE(name=found.name, limit=found.limit // MIB, size=-(-size // MIB))
    return kind


def _attach(
    case_id: int, path: Path, kept: Kept, kind: str, scanned: str, name: str, material: str, shared: bool,
    actor: Actor, now: datetime,
) -> Attachment:  # fmt: skip
    case = actions.case_of(case_id, actor, ATTACHING)
    side = side_of(case, actor)
    if case.closed_at is not None and side not in INSIDE:
        raise problems.CLOSED()
    if case.attachments.count() >= MOST:
        raise problems.TOO_MANY_FILES(limit=MOST)
    if material:
        _hand_in(case, material, actor, now)
    shelf.keep(path, kept)
    made = Attachment.objects.create(
        case=case, name=sniffing.plain_name(name, kind), type=kind, size=kept.size, sha256=kept.sha256,
        sm3=kept.sm3, scanned=scanned, material=material, side=side, shared=shared, by=actor.user, at=now,
    )  # fmt: skip
    data = {"attachment": made.pk, "name": made.name, "sha256": made.sha256, "size": made.size}
    actions.say(events.ATTACHMENT_ADDED, case, actor, now, data)
    return made


def _hand_in(case: Case, material: str, actor: Actor, now: datetime) -> None:
    """Hand the paper in unless it waits for review already: then the file goes beside it."""
    items = checklist.items_of(case, reading.definition_of(case.version_id))
    item = {one.material.code: one for one in items}.get(material)
    if item is None:
        raise problems.UNKNOWN_MATERIAL(code=material[:40])
    if item.is_open:
        actions.hand_in_material(case_id=case.pk, code=material, actor=actor, now=now)


@transaction.atomic
def withdraw_file(
    *, case_id: int, attachment_id: int, ground: str, actor: Actor, now: datetime
) -> Attachment:
    """Take a file back with its ground: it is shown no more, its row and hashes stay. By its bringer or the office.

    Problems: no such case or file, not this person's to do, closed, withdrawn already, no ground.
    """
    case = actions.case_of(case_id, actor, ATTACHING)
    held = reading.relations_held(case, actor)
    found = visible_files(case, actor, held).select_for_update().filter(pk=attachment_id).first()
    if found is None:
        raise problems.UNKNOWN_FILE()
    side = side_of(case, actor, held)
    if side not in INSIDE and (found.side != side or case.closed_at is not None):
        raise problems.NOT_YOURS()
    if found.withdrawn_at is not None:
        raise problems.FILE_WITHDRAWN()
    ground = grounds.taken_back(ground)
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_ground = now, actor.user, ground
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_ground"])
    data = {"attachment": found.pk, "sha256": found.sha256, "ground": ground}
    actions.say(events.ATTACHMENT_WITHDRAWN, case, actor, now, data)
    return found


def side_of(case: Case, actor: Actor, held: Held = None) -> str:
    """On whose side somebody stands to the case: the office first, then the company, then the reporter."""
    stands = reading.relations_held(case, actor, held)
    return next((code for code in SIDES if code in stands), "")


def visible_files(case: Case, actor: Actor, held: Held = None) -> QuerySet[Attachment]:
    """The files of a case that somebody who sees the case may see: the office all, else shared or their side's."""
    stands = reading.relations_held(case, actor, held)
    found = case.attachments.all()
    return found if stands & INSIDE else found.filter(Q(shared=True) | Q(side__in=stands))
