"""Giving tasks out to supervisors, taking them back, and taking in what was found; a result is a lead."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from puyou.accounts.models import User, in_force
from puyou.accounts.scopes import Scope
from puyou.cases import events
from puyou.cases.actions.opening import office_for
from puyou.cases.feedback import rules as feedback_rules
from puyou.cases.feedback.actions import Position
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import problems, rules
from puyou.cases.supervisors.actions.credits import give_points
from puyou.cases.supervisors.actions.recruiting import GROUND_LIMIT
from puyou.cases.supervisors.models import (
    Checklist,
    PointEntry,
    Supervisor,
    SupervisorTask,
    TaskAssignment,
    TaskResult,
)
from puyou.core import events as log
from puyou.core.paths import ids
from puyou.core.periods import day_of
from puyou.evidence import actions as evidence
from puyou.places.models import Place

COST_LIMIT = 100_000  # cents
BULK_LIMIT = 3000  # tasks made at once


@transaction.atomic
def issue_tasks(
    *,
    places: Sequence[Place],
    checklist_id: int,
    title: str,
    words: str,
    due: date,
    scope: Scope,
    by: User,
    now: datetime,
    supervisors: Sequence[int] = (),
) -> list[SupervisorTask]:
    """One task for each place, given to the active supervisors at it and below (else to those above it).

    ``supervisors``: only to these of them. Places without anybody are passed over, unless there is nobody at all.
    Problems: out of scope, unknown list, due in the past, nobody, too many.
    """
    for place in places:
        scope.require(place.path, HANDLE)
    if not 1 <= len(places) <= BULK_LIMIT:
        raise problems.BAD_COUNT(limit=BULK_LIMIT)
    today = day_of(now)
    checklist = Checklist.objects.filter(in_force(today), pk=checklist_id).first()
    if checklist is None:
        raise problems.UNKNOWN_CHECKLIST()
    if due < today:
        raise problems.BAD_DUE()
    made = []
    for place in places:
        people = active_around(place, today)
        chosen = [one for one in people if not supervisors or one.pk in supervisors]
        if chosen:
            made.append(_issue(place, checklist, title.strip(), words.strip(), due, chosen, by, now))
    if not made:
        raise problems.NOBODY(place=places[0].name)
    return made


def active_around(place: Place, today: date) -> list[Supervisor]:
    """Active supervisors at a place and below it; where there is none, those nearest above it."""
    rows = Supervisor.objects.filter(in_force(today, "terms__")).order_by("number").distinct()
    inside = list(rows.filter(_inside(place)))
    if inside:
        return inside
    above = list(rows.filter(place__in=ids(place.path)).select_related("place"))
    nearest = max((one.place.level for one in above), default=0)
    return [one for one in above if one.place.level == nearest]


def _inside(place: Place) -> Q:
    return Q(place__path__gte=place.path, place__path__lt=place.path + "{")


def _issue(
    place: Place, checklist: Checklist, title: str, words: str, due: date, people: list[Supervisor],
    by: User, now: datetime,
) -> SupervisorTask:  # fmt: skip
    task = SupervisorTask.objects.create(
        office=office_for(place), place=place, checklist=checklist, title=title or checklist.name, words=words,
        opens_on=day_of(now), due_on=due, issued_by=f"user:{by.pk}", issued_at=now,
    )  # fmt: skip
    TaskAssignment.objects.bulk_create(TaskAssignment(task=task, supervisor=one, at=now) for one in people)
    data = {"checklist": checklist.code, "place": place.code, "supervisors": [one.pk for one in people]}
    log.append(events.TASK_ISSUED, subject=f"task:{task.pk}", actor=f"user:{by.pk}", now=now, data=data)
    return task


@transaction.atomic
def withdraw_task(*, task_id: int, words: str, scope: Scope, by: User, now: datetime) -> SupervisorTask:
    """Take a task back; results that came stay. Problems: unknown, withdrawn already, no words."""
    rows = SupervisorTask.objects.select_for_update(of=("self",)).filter(scope.q("place__path", HANDLE))
    task = rows.filter(pk=task_id).first()
    if task is None:
        raise problems.UNKNOWN_TASK()
    if task.ended_at is not None:
        raise problems.TASK_ENDED(title=task.title)
    if not 1 <= len(words.strip()) <= 200:
        raise problems.GROUND_NEEDED(limit=min(GROUND_LIMIT, 200))
    task.ended_at, task.end_words = now, words.strip()
    task.save(update_fields=["ended_at", "end_words"])
    log.append(events.TASK_WITHDRAWN, subject=f"task:{task.pk}", actor=f"user:{by.pk}", now=now, data={})
    return task


@transaction.atomic
def take_task_result(
    *,
    client_id: UUID,
    supervisor: Supervisor,
    task_id: int,
    place: Place,
    answers: dict[str, Any],
    happened_at: datetime,
    now: datetime,
    note: str = "",
    photos: Sequence[str] = (),
    position: Position | None = None,
    cost_cents: int | None = None,
    owner: str = "",
) -> TaskResult:
    """Take in what a supervisor found; safe to repeat with the same ``client_id``. The latest result holds.

    ``photos``: SHA-256 of files that evidence has or will get, ``owner``: who brings them (``device:12``). Late
    results are taken (phones may be offline), but not of what was done after the task was withdrawn.

    Problems: not assigned (409), same id with other content (409), answers, photos, position, place, cost.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7066))", [str(client_id)])
    rows = TaskAssignment.objects.select_related("task__checklist", "task__place")
    assignment = rows.filter(task=task_id, supervisor=supervisor).first()
    before = TaskResult.objects.select_related("assignment").filter(client_id=client_id).first()
    if before is not None:
        if before.assignment.supervisor_id != supervisor.pk or before.answers != answers:
            raise problems.RESULT_CONFLICT()
        return before
    if assignment is None or _too_late(assignment.task, happened_at):
        raise problems.NOT_ASSIGNED()
    items = assignment.task.checklist.items
    _check(items, answers, photos, position, cost_cents)
    if not _related(place, assignment.task.place):
        raise problems.BAD_ANSWER(reason=f"“{place.name}”不在任务“{assignment.task.title}”的地区之内")
    taken = TaskResult.objects.create(
        assignment=assignment, client_id=client_id, place=place, answers=answers,
        bad=rules.bad_points(items, answers), note=note.replace("\x00", "").strip()[: rules.TEXT_LIMIT],
        cost_cents=cost_cents, photos=list(dict.fromkeys(photos)),
        lon=position.lon if position else None, lat=position.lat if position else None,
        accuracy_m=position.accuracy_m if position else None, happened_at=happened_at, at=now,
    )  # fmt: skip
    subject = subject_of(taken)
    evidence.mention_files(
        mentions=[evidence.Mention(one, subject, owner, "other", happened_at) for one in taken.photos],
        now=now,
    )
    give_points(supervisor, PointEntry.Deed.TASK, f"task:{task_id}", assignment.task.title, now)
    data = {"task": task_id, "result": str(client_id), "bad": taken.bad}
    log.append(
        events.TASK_REPORTED,
        subject=f"task:{task_id}",
        actor=f"supervisor:{supervisor.pk}",
        now=now,
        data=data,
    )
    return taken


def subject_of(result: TaskResult) -> str:
    """A result as evidence names it."""
    return f"task_result:{result.client_id}"


def _too_late(task: SupervisorTask, happened_at: datetime) -> bool:
    return task.ended_at is not None and happened_at > task.ended_at


def _related(place: Place, asked: Place) -> bool:
    return place.path.startswith(asked.path) or asked.path.startswith(place.path)


def _check(
    items: Any, answers: Any, photos: Sequence[str], position: Position | None, cost_cents: int | None
) -> None:
    fault = rules.fault_of(items, answers)
    if fault is not None:
        raise problems.BAD_ANSWER(reason=fault[1])
    if not feedback_rules.are_hashes(list(photos)):
        raise problems.BAD_ANSWER(reason=f"照片至多 {feedback_rules.PHOTOS_LIMIT} 张，以 SHA-256 指明")
    if position and not feedback_rules.is_position(position.lon, position.lat, position.accuracy_m):
        raise problems.BAD_ANSWER(reason="位置不对：经度、纬度或精度超出范围")
    if cost_cents is not None and not 0 <= cost_cents <= COST_LIMIT:
        raise problems.BAD_ANSWER(reason=f"费用须在 0 至 {COST_LIMIT // 100} 元之间")
