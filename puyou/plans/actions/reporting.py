"""Reporting a part upwards with what it rests on, and accepting or returning the report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases import queries as cases
from puyou.core import events as log
from puyou.evidence import scanning, shelf, sniffing
from puyou.ledgers import queries as ledgers
from puyou.plans import events, problems
from puyou.plans.actions.plans import MANAGE
from puyou.plans.models import TaskEvidence, TaskPart, TaskReport

MOST = 20
Status = TaskReport.Status


@dataclass(frozen=True)
class Upload:
    """A file as somebody brings it: the name they gave it and its bytes piece by piece."""

    name: str
    pieces: Iterable[bytes]


def report_part(
    *,
    part: TaskPart,
    text: str,
    complete: bool,
    case_numbers: Sequence[str] = (),
    entry_numbers: Sequence[str] = (),
    uploads: Sequence[Upload] = (),
    scope: Scope,
    by: User,
    now: datetime,
) -> TaskReport:
    """Report how a part goes, perhaps that it is complete; waits for the office above. Bytes go to disk first.

    Problems: no words, a report still waits, evidence that is not there or not the reporter's to see, an unfit file.
    """
    scope.require(part.place.path, MANAGE)
    if not text.strip():
        raise problems.NO_TEXT()
    if len(case_numbers) + len(entry_numbers) + len(uploads) > MOST:
        raise problems.TOO_MUCH(limit=MOST)
    rests_on = [*_cases(case_numbers, scope, by), *_entries(entry_numbers, scope), *map(_kept, uploads)]
    with transaction.atomic():
        held = (
            TaskPart.objects.select_for_update(of=("self",)).select_related("task__task_list").get(pk=part.pk)
        )
        last = held.reports.order_by("-number").first()
        if last is not None and last.status == Status.SUBMITTED:
            raise problems.WAITING()
        made = TaskReport.objects.create(
            part=held, number=(last.number if last else 0) + 1, text=text.strip(), complete=complete,
            status=Status.SUBMITTED, by=by, at=now,
        )  # fmt: skip
        TaskEvidence.objects.bulk_create(TaskEvidence(report=made, **said) for said in rests_on)
        data = {
            "task": held.task.number, "place": held.place_id, "report": made.pk, "complete": complete,
            "evidence": [said["name"] for said in rests_on],
        }  # fmt: skip
        _say(events.TASK_REPORTED, held, scope, now, data)
    return made


def _cases(numbers: Sequence[str], scope: Scope, by: User) -> list[dict[str, Any]]:
    found = []
    for number in dict.fromkeys(numbers):
        case = cases.list_cases(scope, by).filter(number=number).first()
        if case is None:
            raise problems.NO_CASE(number=number[:40])
        found.append(
            {"kind": TaskEvidence.Kind.CASE, "name": f"{case.number} {case.title}"[:200], "case": case}
        )
    return found


def _entries(numbers: Sequence[str], scope: Scope) -> list[dict[str, Any]]:
    found = []
    for number in dict.fromkeys(numbers):
        entry = ledgers.list_entries(scope).filter(number=number).first()
        if entry is None:
            raise problems.NO_ENTRY(number=number[:60])
        name = f"{entry.number} {entry.title}"[:200]
        found.append({"kind": TaskEvidence.Kind.ENTRY, "name": name, "entry": entry})
    return found


def _kept(upload: Upload) -> dict[str, Any]:
    """A file put on the shelf of papers: looked at by content, scanned, kept by hash."""
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
        shelf.keep(path, kept)
    return {
        "kind": TaskEvidence.Kind.FILE, "name": sniffing.plain_name(upload.name, kind), "type": kind,
        "size": kept.size, "sha256": kept.sha256, "sm3": kept.sm3,
    }  # fmt: skip


@transaction.atomic
def decide_report(
    *, report: TaskReport, accept: bool, ground: str = "", scope: Scope, by: User, now: datetime
) -> TaskReport:
    """Accept a report or send it back with the ground: by the office above, never by who wrote it."""
    rows = TaskReport.objects.select_for_update(of=("self",)).select_related(
        "part__parent__place", "part__place"
    )
    held = rows.get(pk=report.pk)
    part = held.part
    scope.require((part.parent or part).place.path, MANAGE)
    if held.status != Status.SUBMITTED:
        raise problems.DECIDED(status=held.get_status_display().removeprefix("已"))
    if held.by_id == by.pk:
        raise problems.OWN_REPORT()
    if not accept and not ground.strip():
        raise problems.NO_GROUND()
    held.status = Status.ACCEPTED if accept else Status.RETURNED
    held.decided_by, held.decided_at, held.ground = by, now, ground.strip()[:300]
    held.save(update_fields=["status", "decided_by", "decided_at", "ground"])
    data = {"task": part.task.number, "place": part.place_id, "report": held.pk, "accepted": accept}
    _say(events.REPORT_DECIDED, part, scope, now, data | {"ground": held.ground})
    return held


def _say(kind: str, part: TaskPart, scope: Scope, now: datetime, data: dict[str, Any]) -> None:
    log.append(kind, subject=f"task_list:{part.task.task_list.code}", actor=scope.name, now=now, data=data)
