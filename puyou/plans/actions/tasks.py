"""Task lists: making one, adding tasks, sharing them out to the places beneath, opening tasks from gaps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.indicators.models import LEVELS
from puyou.places.models import Place
from puyou.plans import events, problems
from puyou.plans.actions.plans import LARGEST, MANAGE
from puyou.plans.models import (
    Plan,
    PlanIndicator,
    PlanTarget,
    Task,
    TaskList,
    TaskMeasure,
    TaskPart,
    TaskTarget,
    Verification,
)


@transaction.atomic
def create_list(*, scope: Scope, by: str, now: datetime, **said: Any) -> TaskList:
    """Make a task list of a place that one holds."""
    scope.require(said["place"].path, MANAGE)
    if said["first_on"] > said["last_on"]:
        raise problems.BAD_YEARS(first=said["first_on"], last=said["last_on"])
    if not said["source"].strip():
        raise problems.NO_SOURCE()
    if TaskList.objects.filter(code=said["code"]).exists():
        raise problems.TAKEN(what="任务表代码", code=said["code"])
    made = TaskList.objects.create(**said)
    log.append(events.LIST_CHANGED, subject=f"task_list:{made.code}", actor=by, now=now, data={"made": True})
    return made


@transaction.atomic
def add_task(
    *,
    task_list: TaskList,
    parent: Task | None = None,
    measures: Iterable[Mapping[str, Any]] = (),
    scope: Scope,
    by: str,
    now: datetime,
    **said: Any,
) -> Task:
    """Add a task, or a sub-task, with what it is measured by; the list's own place has a part in each.

    A task with sub-tasks is judged by them, so the first sub-task takes the place of its parent's part.
    """
    scope.require(task_list.place.path, MANAGE)
    held = TaskList.objects.select_for_update(of=("self",)).get(pk=task_list.pk)
    if held.tasks.filter(number=said["number"]).exists():
        raise problems.TAKEN(what="任务编号", code=said["number"])
    if parent is not None:
        _give_up_part(parent)
    said["deepest"] = max(said.get("deepest", 0), task_list.place.level)
    task = Task.objects.create(task_list=held, parent=parent, position=held.tasks.count() + 1, **said)
    for at, measure in enumerate(measures, 1):
        TaskMeasure.objects.create(task=task, position=at, **measure)
    TaskPart.objects.create(
        task=task, place=task_list.place, owner=task.owner or task_list.issuer, due_on=task.due_on or task_list.last_on,
        assigned_by=by, assigned_at=now,
    )  # fmt: skip
    data = {"task": task.number, "title": task.title}
    log.append(events.LIST_CHANGED, subject=f"task_list:{held.code}", actor=by, now=now, data=data)
    return task


def _give_up_part(parent: Task) -> None:
    """One that was shared out, reported on or is measured itself keeps its part and gets no sub-tasks."""
    used = parent.parts.count() > 1 or parent.parts.filter(reports__isnull=False).exists()
    if used or parent.measures.exists():
        raise problems.HAS_PARTS(task=parent.title)
    parent.parts.all().delete()


@transaction.atomic
def assign_parts(
    *,
    part: TaskPart,
    places: Sequence[Place],
    owner: str,
    due_on: date,
    note: str = "",
    wanted: Mapping[int, Decimal] | None = None,
    scope: Scope,
    by: str,
    now: datetime,
) -> int:
    """Share a part out to places directly beneath, or assign it anew. ``wanted``: measure → each one's target.

    Problems: not beneath, deeper than the task goes, later than the part itself is due. Returns how many are new.
    """
    scope.require(part.place.path, MANAGE)
    task = part.task
    if not places:
        raise problems.NO_PLACES()
    if due_on > part.due_on:
        raise problems.LATER_THAN_ABOVE(due=due_on, above=part.due_on)
    new = 0
    for place in places:
        if place.parent_id != part.place_id:
            raise problems.NOT_BELOW(place=place.name, above=part.place.name)
        if place.level > task.deepest:
            raise problems.TOO_DEEP(task=task.title, level=LEVELS[task.deepest])
        said = {"parent": part, "owner": owner or f"{place.name}邮政管理部门", "due_on": due_on, "note": note}
        made, fresh = TaskPart.objects.update_or_create(
            task=task,
            place=place,
            defaults=said,
            create_defaults=said | {"assigned_by": by, "assigned_at": now},
        )
        new += fresh
        for measure in task.measures.filter(pk__in=wanted or ()):
            _set_target(made, measure, (wanted or {})[measure.pk], by, now)
    data = {
        "task": task.number,
        "above": part.place_id,
        "places": [each.pk for each in places],
        "due": str(due_on),
    }
    code = task.task_list.code
    log.append(events.PARTS_ASSIGNED, subject=f"task_list:{code}", actor=by, now=now, data=data)
    return new


def _set_target(part: TaskPart, measure: TaskMeasure, wanted: Decimal, by: str, now: datetime) -> TaskTarget:
    if not wanted.is_finite() or abs(wanted) >= LARGEST:
        raise problems.BAD_VALUE(text=str(wanted)[:30])
    said = {"wanted": wanted, "set_by": by, "set_at": now}
    made, _ = TaskTarget.objects.update_or_create(part=part, measure=measure, defaults=said)
    return made


@transaction.atomic
def open_gap_tasks(
    *,
    plan: Plan,
    place: Place,
    gaps: Sequence[tuple[PlanIndicator, Place]],
    owner: str,
    due_on: date,
    scope: Scope,
    by: str,
    now: datetime,
) -> TaskList:
    """From a list of gaps to tasks (查漏补缺): one task an indicator, shared out to the places that lag.

    They stand in the place's own gap list of the plan, made when it is not there; a repeat adds nothing twice.
    """
    if not gaps:
        raise problems.NO_GAP()
    scope.require(place.path, MANAGE)
    found = TaskList.objects.filter(plan=plan, place=place).first()
    if found is None:
        found = create_list(
            code=f"{plan.code[:28]}-gaps-{place.code[:6]}", name=f"{plan.name[:40]}：{place.name}查漏补缺"[:80],
            place=place, first_on=date(plan.first_year, 1, 1), last_on=max(due_on, date(plan.last_year, 12, 31)),
            issuer=owner,
            source=f"由“{plan.name}”的差距清单产生", verification=Verification.VERIFIED, plan=plan, scope=scope, by=by,
            now=now,
        )  # fmt: skip
    TaskList.objects.filter(pk=found.pk, last_on__lt=due_on).update(last_on=due_on)
    for held in dict.fromkeys(indicator for indicator, _ in gaps):
        task = found.tasks.filter(plan_indicator=held).first() or _gap_task(
            found, held, owner, due_on, scope, by, now
        )
        own = task.parts.get(place=place)
        own.due_on = max(own.due_on, due_on)
        own.save(update_fields=["due_on"])
        beneath = [each for indicator, each in gaps if indicator == held and each.pk != place.pk]
        if beneath:
            assign_parts(part=own, places=beneath, owner="", due_on=due_on, scope=scope, by=by, now=now)
        for each in beneath:
            _carry_target(task, held, each, by, now)
    return found


def _gap_task(
    found: TaskList, held: PlanIndicator, owner: str, due_on: date, scope: Scope, by: str, now: datetime
) -> Task:
    last = held.targets.filter(year=held.plan.last_year)
    own, shared = last.filter(place=found.place).first(), last.filter(place=held.plan.place).first()
    ratio = held.indicator is not None and held.indicator.nature == "ratio"
    target = own or (shared if ratio else None)
    measure = {
        "name": held.name, "indicator": held.indicator, "mode": TaskMeasure.Mode.VALUE, "relation": held.relation,
        "wanted": target.value if target else None, "unit": held.unit, "everywhere": ratio, "said": held.said,
        "period": str(held.plan.last_year), "source": held.source, "verification": held.verification,
    }  # fmt: skip
    return add_task(
        task_list=found, number=str(found.tasks.count() + 1), title=f"补齐“{held.name}”"[:120], owner=owner,
        due_on=due_on, deepest=min(found.place.level + 1, 5), plan_indicator=held, measures=[measure], scope=scope,
        by=by, now=now,
    )  # fmt: skip


def _carry_target(task: Task, held: PlanIndicator, place: Place, by: str, now: datetime) -> None:
    """A place with a target of its own in the plan is asked for that one."""
    own = PlanTarget.objects.filter(plan_indicator=held, place=place, year=held.plan.last_year).first()
    measure = task.measures.first()
    if own is not None and measure is not None:
        _set_target(task.parts.get(place=place), measure, own.value, by, now)
