"""Tasks: the list, making them one by one or for every county, one task with its results, one result with evidence."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import actions, filters, forms, problems, queries, rules, tables
from puyou.cases.supervisors.actions.tasking import subject_of
from puyou.cases.supervisors.models import TaskResult
from puyou.cases.supervisors.views import common
from puyou.core import clock
from puyou.core.tables import export, export_asked, list_page, listing
from puyou.evidence import showing


@officer_required(HANDLE)
def task_list(request: OfficerRequest) -> HttpResponseBase:
    """``/cases/supervisors/tasks/``: every task in sight."""
    door = {"create_address": reverse("supervisor_task_new"), "create_label": "下达任务"}
    return list_page(
        request, tables.TASKS, queries.list_tasks(request.scope), filters=filters.TaskFilters, scope="管辖范围",
        template="supervisors/list.html", context=common.tabs("supervisor_tasks") | door,
    )  # fmt: skip


@officer_required(HANDLE)
def new(request: OfficerRequest) -> HttpResponseBase:
    """Give a task out: for a place, for each county below it, or (``?supervisor=``) to one supervisor."""
    asked = request.GET.get("supervisor", "")
    person = (
        queries.get_supervisor(request.scope, int(asked[:9]), clock.today()) if asked.isdecimal() else None
    )
    place = person.place if person else common.top_place(request.scope)
    form = forms.TaskForm(common.posted(request), initial={"place": place.code})

    def act(data: dict[str, Any]) -> tuple[str, str]:
        made = actions.issue_tasks(
            places=form.places(), checklist_id=data["checklist"].pk, title=data["title"], words=data["words"],
            due=data["due"], supervisors=[person.pk] if person else (), scope=request.scope, by=request.user,
            now=clock.now(),
        )  # fmt: skip
        if len(made) == 1:
            return "任务已下达。", reverse("supervisor_task", args=[made[0].pk])
        passed = len(form.places()) - len(made)
        more = f"{passed} 个县没有可派的监督员，没有下达。" if passed else ""
        return f"已下达 {len(made)} 项任务。{more}", reverse("supervisor_tasks")

    return common.filled_in(
        request, form, act, title=f"给 {person.name} 下达任务" if person else "下达任务", submit="下达",
        back=reverse("supervisor_tasks"), sentence="监督员在手机上看到任务和清单；结果是线索，本身不是证据。",
    )  # fmt: skip


@officer_required(HANDLE)
def one(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A task: who was asked, what they found, and every point added up."""
    held = queries.get_task(request.scope, pk)
    rows: list[Any] = list(held.assignments.select_related("supervisor").order_by("supervisor__number"))
    latest: dict[int, TaskResult] = {}
    for result in TaskResult.objects.filter(assignment__task=held).select_related("place").order_by("pk"):
        latest[result.assignment_id] = result
    for row in rows:
        row.latest = latest.get(row.pk)
    summed = [
        dict(zip(("text", "answered", "said", "bad"), line, strict=True))
        for line in rules.summary(held.checklist.items, [one.answers for one in latest.values()])
    ]
    for table, lines in ((tables.POINTS, summed), (tables.ASSIGNMENTS, rows)):
        if export_asked(request, table) and request.GET.get("table", tables.ASSIGNMENTS.code) == table.code:
            return export(request, table, lines, scope=held.title)
    context = {
        "task": held,
        "title": held.title,
        "crumbs": common.crumbs(held.title, ("任务", reverse("supervisor_tasks"))),
        "standing": tables.task_standing(held),
        "results": listing(request, tables.ASSIGNMENTS, rows, scope=held.title),
        "points": listing(request, tables.POINTS, summed, scope=held.title),
    }
    return render(request, "supervisors/task.html", context)


@officer_required(HANDLE)
def withdraw(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Take a task back."""
    held, back = queries.get_task(request.scope, pk), reverse("supervisor_task", args=[pk])

    def act(data: dict[str, Any]) -> tuple[str, str]:
        actions.withdraw_task(task_id=pk, scope=request.scope, by=request.user, now=clock.now(), **data)
        return "任务已收回。", back

    return common.filled_in(
        request, forms.WithdrawForm(common.posted(request)), act, title=f"收回任务：{held.title}", submit="收回",
        back=back, sentence="收回后监督员的手机上不再显示；已交的结果留存，收回前已到场、后来才传到的结果照收。",
    )  # fmt: skip


@officer_required(HANDLE)
def result(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """What a supervisor found, answer by answer, with the pictures."""
    rows = TaskResult.objects.select_related(
        "assignment__supervisor", "assignment__task__checklist", "assignment__task__place", "place"
    )
    held = rows.filter(request.scope.q("assignment__task__place__path", HANDLE), pk=pk).first()
    if held is None:
        raise problems.UNKNOWN_TASK()
    task = held.assignment.task
    answers = [
        (item["text"], rules.told(item, held.answers.get(item["code"])), item["code"] in held.bad)
        for item in task.checklist.items
    ]
    newer = TaskResult.objects.filter(assignment=held.assignment, pk__gt=held.pk).order_by("-pk").first()
    context = {
        "result": held,
        "task": task,
        "title": f"{held.assignment.supervisor.name}的结果",
        "crumbs": common.crumbs("结果", ("任务", reverse("supervisor_tasks")),
                                (task.title, reverse("supervisor_task", args=[task.pk]))),
        "answers": answers,
        "newer": newer,
        "cost": "" if held.cost_cents is None else f"{held.cost_cents / 100:.2f}",
        "photos": showing.files_of(subject_of(held), by=request.user, now=clock.now()),
    }  # fmt: skip
    return render(request, "supervisors/result.html", context)
