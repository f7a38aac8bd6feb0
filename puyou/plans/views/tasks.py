"""Task lists: how each task stands at a place, one part with its reports, sharing out, deciding, publishing."""

from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.tables import Column, Empty, Table, export, export_asked, listing
from puyou.evidence import shelf
from puyou.places.models import Place
from puyou.plans import actions, problems, queries, tasking
from puyou.plans.measuring import Desk, PartStanding, states_of_tasks
from puyou.plans.models import TaskList, TaskPart, TaskRevision
from puyou.plans.standing import beneath
from puyou.plans.views.common import MANAGE, act_or_show, place_of, scope_of, trail, user_of
from puyou.plans.views.plans import DayInput

DEPTH = "　"


def _measures(row: Any) -> str:
    return "；".join(
        f"{each.measure.name} {each.shown}（{each.wanted}，{each.state_name}）" for each in row["measures"]
    )


TASKS = Table(
    code="tasks", title="任务", counter="项", page_size=200,
    columns=(
        Column("状态", "state"),
        Column("任务", lambda row: f"{DEPTH * row['depth']}{row['number']} {row['title']}", head=True,
               link=lambda row: row["link"]),
        Column("指标与目标", _measures),
        Column("责任", "owner"),
        Column("期限", "due", format="day"),
        Column("下级完成", "beneath"),
        Column("依据", "why", minor=True),
    ),
)  # fmt: skip
PARTS = Table(
    code="task_parts", title="各地办理", counter="个地区", page_size=100,
    columns=(
        Column("地区", lambda row: row.part.place.name, head=True,
               link=lambda row: reverse("task_part", args=[row.part.pk])),
        Column("任务", lambda row: str(row.part.task), minor=True),
        Column("状态", "state_name"),
        Column("指标", lambda row: "；".join(f"{each.shown}（{each.wanted}）" for each in row.measures)),
        Column("依据", lambda row: "；".join(row.reasons)),
        Column("责任", "part.owner"),
        Column("期限", "part.due_on", format="day"),
        Column("报告", lambda row: row.reports[0].get_status_display() if row.reports else "尚无"),
    ),
    empty=Empty("没有需要显示的任务。", "任务分解到下级地区之后，会出现在这里。"),
)  # fmt: skip


def _rows(desk: Desk, found: TaskList, place: Place) -> list[dict[str, Any]]:
    """Every task of a list as it stands at a place, with how many of the places beneath are done."""
    parts = queries.list_parts(desk.scope).filter(task__task_list=found)
    own = {each.part.task_id: each for each in desk.standings(parts.filter(place=place))}
    below: dict[int, list[str]] = {}
    for each in desk.standings(parts.filter(place__parent=place)):
        below.setdefault(each.part.task_id, []).append(each.state)
    states = states_of_tasks(found, own.values())
    rows = []
    for task in found.tasks.select_related("parent").order_by("position"):
        part = own.get(task.pk)
        counted = below.get(task.pk, [])
        done = counted.count(tasking.DONE)
        rows.append(
            {
                "number": task.number,
                "title": task.title,
                "depth": 1 if task.parent_id else 0,
                "state": tasking.STATES[states[task.pk]] if task.pk in states else "未分解到本地",
                "measures": part.measures if part else [],
                "owner": part.part.owner if part else task.owner,
                "due": part.part.due_on if part else None,
                "beneath": f"{done}/{len(counted)}" if counted else "",
                "why": "；".join(part.reasons) if part else "",
                "link": reverse("task_part", args=[part.part.pk]) if part else None,
            }  # fmt: skip
        )
    return rows


@officer_required("see")
def task_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/tasks/<code>/?place=``: the tasks as they stand at a place."""
    scope = scope_of(request)
    found = queries.get_list(scope, code)
    place = place_of(request) or found.place
    rows = _rows(Desk(scope, clock.today()), found, place)
    if export_asked(request, TASKS):
        return export(request, TASKS, rows, scope=f"{place.name} {found.name}")
    top = [row["state"] for row in rows if not row["depth"]]
    context = {
        "title": found.name, "found": found, "place": place,
        "table": listing(request, TASKS, rows, scope=place.name),
        "crumbs": trail((found.name, "")), "total": len(top), "done": top.count(tasking.STATES[tasking.DONE]),
        "overdue": top.count(tasking.STATES[tasking.OVERDUE]), "children": beneath(scope, place),
        "may_publish": scope.covers(found.place.path, MANAGE),
        "revisions": found.revisions.order_by("-number") if scope.covers(found.place.path) else [],
    }  # fmt: skip
    return render(request, "plans/task_list.html", context)


@officer_required("see")
def overdue_list(request: HttpRequest) -> HttpResponseBase:
    """``/plans/tasks/overdue/``: parts in one's scope that are past their date and not done."""
    scope, today = scope_of(request), clock.today()
    late = Desk(scope, today).standings(queries.list_parts(scope).filter(due_on__lt=today))
    rows = [row for row in late if row.state == tasking.OVERDUE]
    rows.sort(key=lambda row: row.part.due_on)
    if export_asked(request, PARTS):
        return export(request, PARTS, rows, scope="管辖范围")
    context = {
        "title": "超期任务", "sentence": f"管辖范围内有 {len(rows)} 项任务超期未完成。",
        "table": listing(request, PARTS, rows, scope="管辖范围"), "crumbs": trail(("超期任务", "")),
    }  # fmt: skip
    return render(request, "plans/overdue.html", context)


@officer_required("see")
def part_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/plans/tasks/parts/<pk>/``: one task at one place: measures, reports, and the places beneath."""
    scope = scope_of(request)
    part = queries.get_part(scope, pk)
    desk = Desk(scope, clock.today())
    row = desk.standings([part])[0]
    below = desk.standings(queries.list_parts(scope).filter(parent=part))
    if export_asked(request, PARTS):
        return export(request, PARTS, below, scope=part.place.name)
    above = (part.parent or part).place
    mine = scope.covers(part.place.path, MANAGE)
    whole = f"{reverse('task_list', args=[part.task.task_list.code])}?place={part.place.code}"
    context = {
        "title": str(part.task), "part": part, "row": row,
        "below": listing(request, PARTS, below, scope=part.place.name),
        "has_below": bool(below), "may_report": mine and not row.waiting,
        "may_assign": mine and part.place.level < part.task.deepest, "may_decide": scope.covers(above.path, MANAGE),
        "user_id": user_of(request).pk,
        "crumbs": trail(
            (part.task.task_list.name, whole),
            (part.task.number, ""),
        ),
    }  # fmt: skip
    return render(request, "plans/part.html", context)


def _page(part: TaskPart, name: str) -> dict[str, Any]:
    back = reverse("task_part", args=[part.pk])
    return {
        "title": f"{name}：{part.task}（{part.place.name}）", "cancel": back, "submit": name,
        "crumbs": trail((str(part.task), back), (name, "")),
    }  # fmt: skip


class ReportForm(forms.Form):
    """A report upwards."""

    text = forms.CharField(
        label="进展情况", max_length=5000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请写明进展情况"},
    )  # fmt: skip
    complete = forms.BooleanField(label="报告任务已经完成", required=False)
    cases = forms.CharField(
        label="关联案件编号", max_length=800, required=False, help_text="几个编号用逗号或空格分开。"
    )
    entries = forms.CharField(
        label="关联台账编号", max_length=800, required=False, help_text="几个编号用逗号或空格分开。"
    )
    file = forms.FileField(label="佐证文件", required=False, error_messages={"empty": "文件没有内容"})

    def numbers(self, name: str) -> list[str]:
        text = self.cleaned_data[name].replace("，", " ").replace("、", " ").replace(",", " ")
        return [each for each in text.split() if each]


@officer_required(MANAGE)
def part_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/plans/tasks/parts/<pk>/report/``: report upwards with what it rests on."""
    scope = scope_of(request)
    part = queries.get_part(scope, pk)
    scope.require(part.place.path, MANAGE)
    form = ReportForm(request.POST or None, request.FILES or None)
    page = _page(part, "上报")

    def act() -> str:
        upload = form.cleaned_data["file"]
        files = [actions.Upload(str(upload.name), upload.chunks(shelf.PIECE))] if upload else []
        actions.report_part(
            part=part, text=form.cleaned_data["text"], complete=form.cleaned_data["complete"],
            case_numbers=form.numbers("cases"), entry_numbers=form.numbers("entries"), uploads=files, scope=scope,
            by=user_of(request), now=clock.now(),
        )  # fmt: skip
        return "已上报，等待审核。"

    return act_or_show(request, form, act, page, then=lambda: str(page["cancel"]))


class DecisionForm(forms.Form):
    """Accept or return."""

    decision = forms.ChoiceField(
        label="审核意见", choices=[("accept", "接受"), ("return", "退回")], widget=forms.RadioSelect,
        error_messages={"required": "请选择接受或退回"},
    )  # fmt: skip
    ground = forms.CharField(label="理由", max_length=300, required=False, help_text="退回必须写明理由。")


@officer_required(MANAGE)
def report_decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/plans/tasks/reports/<pk>/decide/``: accept a report or send it back."""
    scope = scope_of(request)
    report = queries.get_report(scope, pk)
    part = report.part
    scope.require((part.parent or part).place.path, MANAGE)
    form = DecisionForm(request.POST or None)
    page = _page(part, "审核") | {"sentence": report.text[:500]}

    def act() -> str:
        accept = form.cleaned_data["decision"] == "accept"
        actions.decide_report(
            report=report, accept=accept, ground=form.cleaned_data["ground"], scope=scope, by=user_of(request),
            now=clock.now(),
        )  # fmt: skip
        return "已接受。" if accept else "已退回。"

    return act_or_show(request, form, act, page, then=lambda: str(page["cancel"]))


@officer_required("see")
def report_file(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    """``/plans/tasks/reports/<pk>/files/<paper>/``: a file to be saved; never opened by the browser as a page."""
    found = queries.get_report(scope_of(request), pk).evidence.filter(pk=paper, kind="file").first()
    if found is None:
        raise problems.UNKNOWN_EVIDENCE()
    if not shelf.is_whole(found.sha256):
        raise problems.FILE_LOST()
    response = FileResponse(
        shelf.path_of(found.sha256).open("rb"),
        content_type=found.type,
        as_attachment=True,
        filename=found.name,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


class AssignForm(forms.Form):
    """To which places a part goes, by when."""

    places = forms.MultipleChoiceField(
        label="分解到",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择要分解到的地区"},
    )
    owner = forms.CharField(
        label="责任单位", max_length=100, required=False, help_text="留空则为各地邮政管理部门。"
    )
    due_on = forms.DateField(
        label="完成期限", widget=DayInput(format="%Y-%m-%d"), error_messages={"required": "请写明期限"}
    )
    note = forms.CharField(label="要求", max_length=300, required=False)


@officer_required(MANAGE)
def part_assign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/plans/tasks/parts/<pk>/assign/``: share the task out to the places directly beneath."""
    scope = scope_of(request)
    part = queries.get_part(scope, pk)
    scope.require(part.place.path, MANAGE)
    children = {str(child.pk): child for child in beneath(scope, part.place)}
    form = AssignForm(request.POST or None, initial={"due_on": part.due_on})
    form.fields["places"].choices = [(key, child.name) for key, child in children.items()]  # type: ignore[attr-defined]
    page = _page(part, "分解")

    def act() -> str:
        said = form.cleaned_data
        new = actions.assign_parts(
            part=part, places=[children[key] for key in said["places"]], owner=said["owner"], due_on=said["due_on"],
            note=said["note"], scope=scope, by=scope.name, now=clock.now(),
        )  # fmt: skip
        return f"已分解到 {len(said['places'])} 个地区，其中新增 {new} 个。"

    return act_or_show(request, form, act, page, then=lambda: str(page["cancel"]))


def _frozen(desk: Desk, found: TaskList) -> list[dict[str, Any]]:
    """The list's tasks as plain values, place by place beneath its own."""
    parts = queries.list_parts(desk.scope).filter(task__task_list=found)
    below: dict[str, list[dict[str, str]]] = {}
    for each in desk.standings(parts.exclude(place=found.place)):
        below.setdefault(each.part.task.number, []).append(_told(each))
    return [
        {
            "number": row["number"],
            "title": row["title"],
            "depth": row["depth"],
            "state": row["state"],
            "measures": _measures(row),
            "owner": row["owner"],
            "due": str(row["due"] or ""),
            "beneath": row["beneath"],
            "places": below.get(row["number"], []),
        }  # fmt: skip
        for row in _rows(desk, found, found.place)
    ]


def _told(row: PartStanding) -> dict[str, str]:
    said = "；".join(f"{each.shown}（{each.wanted}）" for each in row.measures)
    return {
        "place": row.part.place.name,
        "state": row.state_name,
        "measures": said,
        "due": str(row.part.due_on),
    }


class PublishForm(forms.Form):
    """What is said of a revision."""

    note = forms.CharField(label="说明", max_length=300, required=False)


@officer_required(MANAGE)
def list_publish(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/tasks/<code>/publish/``: freeze the list as it stands now."""
    scope = scope_of(request)
    found = queries.get_list(scope, code)
    scope.require(found.place.path, MANAGE)
    form = PublishForm(request.POST or None)
    made: list[int] = []

    def act() -> str:
        rows = _frozen(Desk(scope, clock.today()), found)
        content = {"list": found.name, "place": found.place.name, "source": found.source, "rows": rows}
        made.append(
            actions.publish_list(
                task_list=found, content=content, note=form.cleaned_data["note"], scope=scope, by=user_of(request),
                now=clock.now(),
            ).number
        )  # fmt: skip
        return f"已发布第 {made[0]} 版。"

    page = {
        "title": f"发布：{found.name}", "submit": "发布", "cancel": reverse("task_list", args=[code]),
        "sentence": "按现在的状态定稿；发布后不能修改，只能发布新的一版。",
        "crumbs": trail((found.name, reverse("task_list", args=[code])), ("发布", "")),
    }  # fmt: skip
    return act_or_show(request, form, act, page, then=lambda: reverse("task_revision", args=[code, made[0]]))


FROZEN = Table(
    code="task_revision", title="任务", counter="项", page_size=200,
    columns=(
        Column("状态", "state"),
        Column("任务", lambda row: f"{DEPTH * row['depth']}{row['number']} {row['title']}", head=True),
        Column("指标与目标", "measures"),
        Column("责任", "owner"),
        Column("期限", "due"),
        Column("下级完成", "beneath"),
        Column("各地", lambda row: "；".join(f"{each['place']} {each['state']}" for each in row["places"]), minor=True),
    ),
)  # fmt: skip


@officer_required("see")
def list_revision(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """``/plans/tasks/<code>/revisions/<number>/``: the list as it was published; ``?format=json`` with its digest."""
    scope = scope_of(request)
    found = queries.get_list(scope, code)
    revision = TaskRevision.objects.filter(task_list=found, number=number).first()
    if revision is None or not scope.covers(found.place.path):
        raise problems.UNKNOWN_REVISION()
    rows: Any = revision.content["rows"]
    if request.GET.get("format") == "json":
        said = {"number": number, "sha256": revision.digest, "content": revision.content}
        return JsonResponse(said, json_dumps_params={"ensure_ascii": False})
    if export_asked(request, FROZEN):
        return export(request, FROZEN, rows, scope=f"{found.name} 第{number}版")
    context = {
        "title": f"{found.name}：第 {number} 版", "found": revision, "table": listing(request, FROZEN, rows),
        "crumbs": trail((found.name, reverse("task_list", args=[code])), (f"第 {number} 版", "")), "json": True,
    }  # fmt: skip
    return render(request, "plans/frozen.html", context)
