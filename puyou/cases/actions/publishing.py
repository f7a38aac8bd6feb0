"""Procedures as data: written as drafts, checked and published; a published version is never changed."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from puyou.cases import definition, events, names, problems, rules
from puyou.cases.definition import Definition
from puyou.cases.models import Awaiting, Procedure, ProcedureVersion
from puyou.core import events as log
from puyou.core.periods import day_of

ALWAYS = date(2000, 1, 1)  # the first version of a procedure that ships with the product


@transaction.atomic
def draft_version(*, value: Any, by: str, now: datetime) -> ProcedureVersion:
    """Write a definition (plain JSON values) as a new draft of its procedure; Problem when it has no right shape."""
    try:
        found = definition.read(value)
    except msgspec.ValidationError as error:
        raise problems.BAD_DEFINITION(faults=f"格式不对：{error}") from error
    procedure, _ = Procedure.objects.get_or_create(code=found.code, defaults={"name": found.name})
    held = Procedure.objects.select_for_update().get(pk=procedure.pk)
    last = held.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return ProcedureVersion.objects.create(
        procedure=held,
        number=last + 1,
        definition=definition.plain(found),
        digest=digest(found),
        written_at=now,
        written_by=by,
    )


def digest(found: Definition) -> str:
    """SHA-256 over a definition in one fixed spelling."""
    text = json.dumps(definition.plain(found), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def publish_version(
    *, version: ProcedureVersion, valid_from: date, by: str, now: datetime
) -> ProcedureVersion:
    """Put a draft in force from a day; the version before ends there, and cases that run on it keep it.

    Problems: not a draft, unsound (each fault in Chinese), earlier than the version before.
    """
    Procedure.objects.select_for_update().get(pk=version.procedure_id)
    held = ProcedureVersion.objects.select_related("procedure").get(pk=version.pk)
    if held.status != ProcedureVersion.Status.DRAFT:
        raise problems.NOT_A_DRAFT(verb="发布", status=held.get_status_display())
    found = definition.read(held.definition)
    faults = rules.faults(found, names.known())
    if faults:
        raise problems.BAD_DEFINITION(faults="；".join(faults))
    _supersede(held, valid_from)
    held.status, held.valid_from = ProcedureVersion.Status.PUBLISHED, valid_from
    held.published_at, held.published_by = now, by
    held.save()
    Procedure.objects.filter(pk=held.procedure_id).update(name=found.name)
    Awaiting.objects.bulk_create(
        Awaiting(version=held, state=state.code, relation=relation)
        for state in found.states
        for relation in rules.waits_for(found, state.code)
    )
    data = {"procedure": found.code, "number": held.number, "digest": held.digest, "from": str(valid_from)}
    log.append(events.PROCEDURE_PUBLISHED, subject=f"procedure:{found.code}", actor=by, now=now, data=data)
    return held


def _supersede(version: ProcedureVersion, valid_from: date) -> None:
    current = version.procedure.versions.filter(status=ProcedureVersion.Status.PUBLISHED).first()
    if current is None:
        return
    if current.valid_from is not None and valid_from < current.valid_from:
        raise problems.BACKWARDS(on=valid_from, current=current.valid_from)
    current.status, current.valid_to = ProcedureVersion.Status.SUPERSEDED, valid_from
    current.save(update_fields=["status", "valid_to"])


def load_procedures(*, folders: Iterable[Path], by: str, now: datetime) -> list[ProcedureVersion]:
    """Publish the definitions that ship with the product where they are new or have changed; safe to repeat."""
    published = []
    for path in sorted(path for folder in folders for path in folder.glob("*.json")):
        value = json.loads(path.read_text())
        mark = digest(definition.read(value))
        newest = ProcedureVersion.objects.filter(procedure__code=value["code"]).order_by("-number").first()
        if newest is None or (newest.digest != mark and newest.written_by == by):
            version = draft_version(value=value, by=by, now=now)
            begins = ALWAYS if newest is None else day_of(now)
            published.append(publish_version(version=version, valid_from=begins, by=by, now=now))
    return published
