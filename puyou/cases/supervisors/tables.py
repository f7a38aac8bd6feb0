"""How the lists of supervisors look: register, rounds, candidates, tasks, results, coverage and honours."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from puyou.cases.supervisors.models import CandidateReview
from puyou.cases.supervisors.seeds import LESSONS
from puyou.core import clock
from puyou.core.tables import Column, Empty, Table

DAY = timedelta(days=1)
DECISIONS = dict(CandidateReview.Decision.choices)


def badge(kind: str, text: str) -> Any:
    """A word with its mark."""
    return format_html('<span class="badge {}">{}</span>', kind, text)


def _to(name: str, field: str = "pk") -> Any:
    def link(row: Any) -> str:
        value = row
        for step in field.split("."):
            value = getattr(value, step)
        return reverse(name, args=[value])

    return link


def standing_of(row: Any) -> str:
    """Whether a supervisor is in office."""
    return "在聘" if row.active else "不在聘期"


def _standing(row: Any) -> Any:
    return badge("met" if row.active else "quiet", standing_of(row))


def _last_day(row: Any) -> Any:
    return row.until - DAY if row.until else None


def decision_of(row: Any) -> str:
    """How far a candidate is."""
    if getattr(row, "supervisor", None):
        return "已聘任"
    return DECISIONS.get(row.decision, "待审查")


def round_standing(row: Any) -> str:
    """How far a round is."""
    today = clock.today()
    if row.closed_at:
        return "已结束"
    if today < row.valid_from:
        return "未开始"
    return "报名中" if today < row.valid_to else "报名已截止"


def task_standing(row: Any) -> str:
    """How far a task is."""
    if row.ended_at:
        return "已收回"
    if row.reported >= row.asked:
        return "已交齐"
    return "到期未交齐" if row.due_on < clock.today() else "进行中"


def _task_standing(row: Any) -> Any:
    kinds = {"已交齐": "met", "到期未交齐": "missed", "已收回": "quiet"}
    return badge(kinds.get(task_standing(row), "provisional"), task_standing(row))


SUPERVISORS = Table(
    code="supervisors", title="监督员", counter="人", order="number",
    columns=(
        Column("姓名", "name", sort="name", link=_to("supervisor"), head=True),
        Column("证书编号", "number", sort="number", minor=True),
        Column("负责地区", "place.name", sort="place__code"),
        Column("地区类别", "get_area_class_display", sort="area_class", minor=True),
        Column("身份", "get_background_display", sort="background", minor=True),
        Column("状态", standing_of, sort="active", show=_standing),
        Column("聘期至", _last_day, format="day", sort="until"),
        Column("任务", "tasks", format="count", sort="tasks", minor=True),
        Column("已交", "done", format="count", sort="done", minor=True),
        Column("积分", "points_sum", format="count", sort="points_sum", minor=True),
    ),
    empty=Empty(
        "没有符合条件的监督员。", "开始选聘，审查候选人并聘任后，会出现在这里。",
        "/cases/supervisors/rounds/", "选聘批次",
    ),
)  # fmt: skip
ROUNDS = Table(
    code="rounds", title="选聘批次", counter="批", order="-valid_from",
    columns=(
        Column("批次", "title", link=_to("supervisor_round"), head=True),
        Column("地区", "place.name", sort="place__code"),
        Column("报名开始", "valid_from", format="day", sort="valid_from", minor=True),
        Column("报名截止", lambda row: row.valid_to - DAY, format="day", sort="valid_to"),
        Column("名额", "places", format="count", sort="places"),
        Column("候选人", "candidates_count", format="count", sort="candidates_count"),
        Column("已聘", "appointed_count", format="count", sort="appointed_count"),
        Column("状态", round_standing),
    ),
    empty=Empty("还没有选聘批次。", "开始一批后，名额按准则分到各县。", "/cases/supervisors/rounds/new/", "开始选聘"),
)  # fmt: skip
QUOTAS = Table(
    code="quotas", title="各县名额", counter="个县", order="place.code", page_size=200,
    columns=(
        Column("地区", "place.name", head=True, sort="place.code"),
        Column("名额", "places", format="count", sort="places"),
        Column("其中农村", "rural_places", format="count", sort="rural_places"),
        Column("已聘", "appointed", format="count", sort="appointed"),
        Column("其中农村", "appointed_rural", format="count", sort="appointed_rural"),
        Column("村（居）", "villages", format="count", minor=True),
        Column("其中农村", "rural_villages", format="count", minor=True),
    ),
)  # fmt: skip
CANDIDATES = Table(
    code="candidates", title="候选人", counter="人", order="-pk",
    columns=(
        Column("姓名", "name", link=_to("supervisor_candidate"), head=True, sort="name"),
        Column("地区", "place.name", sort="place__code"),
        Column("地区类别", "get_area_class_display", sort="area_class"),
        Column("身份", "get_background_display", minor=True),
        Column("来源", "get_channel_display", minor=True),
        Column("登记", "entered_at", format="moment", sort="entered_at", minor=True),
        Column("审查", decision_of, sort="decision"),
    ),
    empty=Empty("没有符合条件的候选人。", "报名期内登记的候选人会出现在这里。"),
)  # fmt: skip
TASKS = Table(
    code="tasks", title="监督任务", counter="项", order="-issued_at",
    columns=(
        Column("任务", "title", link=_to("supervisor_task"), head=True),
        Column("类型", "checklist.get_kind_display", sort="checklist__kind", minor=True),
        Column("地区", "place.name", sort="place__code"),
        Column("下达", "issued_at", format="day", sort="issued_at", minor=True),
        Column("期限", "due_on", format="day", sort="due_on"),
        Column("派给", "asked", unit="人", format="count", sort="asked"),
        Column("已交", "reported", unit="人", format="count", sort="reported"),
        Column("发现问题", "wanting", unit="人", format="count", sort="wanting"),
        Column("状态", task_standing, show=_task_standing),
    ),
    empty=Empty(
        "没有符合条件的任务。", "下达任务后，监督员在手机上办理，结果会出现在这里。",
        "/cases/supervisors/tasks/new/", "下达任务",
    ),
)  # fmt: skip


def _result(row: Any) -> Any:
    if row.latest is None:
        return "未交"
    return badge("missed", f"{len(row.latest.bad)} 处不符") if row.latest.bad else badge("met", "未发现问题")


ASSIGNMENTS = Table(
    code="assignments", title="各监督员的结果", counter="人", order="supervisor.number",
    columns=(
        Column("监督员", "supervisor.name", link=_to("supervisor", "supervisor.pk"), head=True),
        Column("证书编号", "supervisor.number", sort="supervisor.number", minor=True),
        Column("结果", lambda row: "未交" if row.latest is None else f"{len(row.latest.bad)} 处不符", show=_result),
        Column("看了哪里", lambda row: row.latest.place.name if row.latest else ""),
        Column("到场时间", lambda row: row.latest.happened_at if row.latest else None, format="moment", minor=True),
        Column("收到时间", lambda row: row.latest.at if row.latest else None, format="moment", minor=True),
        Column("详情", lambda row: "查看" if row.latest else "", exported=False,
               link=lambda row: reverse("supervisor_result", args=[row.latest.pk]) if row.latest else None),
    ),
)  # fmt: skip
POINTS = Table(
    code="points", title="各项汇总", counter="项", page_size=200,
    columns=(
        Column("项目", "text", head=True),
        Column("回答", "answered", unit="人", format="count"),
        Column("结果", "said"),
        Column("不符", "bad", unit="人", format="count"),
    ),
    empty=Empty("还没有结果。", "监督员交来结果后汇总在这里。"),
)  # fmt: skip
OWN_TASKS = Table(
    code="own_tasks", title="任务", counter="项", order="-task__due_on",
    columns=(
        Column("任务", "task.title", link=_to("supervisor_task", "task.pk"), head=True),
        Column("地区", "task.place.name"),
        Column("期限", "task.due_on", format="day", sort="task__due_on"),
        Column("结果", lambda row: "未交" if not row.results_count else f"已交 {row.results_count} 次"),
    ),
    exports=False,
    empty=Empty("还没有派给任务。", ""),
)  # fmt: skip
OWN_POINTS = Table(
    code="own_points", title="积分记录", counter="条", order="-at",
    columns=(
        Column("时间", "at", format="moment", sort="at"),
        Column("事项", "get_deed_display", head=True),
        Column("积分", "points", format="count"),
    ),
    exports=False,
    empty=Empty("还没有积分。", "完成任务、反映被受理、完成培训都会记分；积分只作表扬参考，不折算报酬。"),
)  # fmt: skip


def _who() -> tuple[Column, ...]:
    return (
        Column("监督员", "supervisor.name", link=_to("supervisor", "supervisor.pk"), head=True,
               sort="supervisor__name"),
        Column("证书编号", "supervisor.number", sort="supervisor__number", minor=True),
        Column("地区", "supervisor.place.name", sort="supervisor__place__code"),
    )  # fmt: skip


COMMENDATIONS = Table(
    code="commendations", title="表扬", counter="次", order="-day",
    columns=(*_who(), Column("表扬", "title"), Column("事由", "ground", minor=True),
             Column("日期", "day", format="day", sort="day")),
    empty=Empty("没有符合条件的表扬。", "在监督员的页面上可以登记表扬。"),
)  # fmt: skip
TRAININGS = Table(
    code="trainings", title="培训", counter="次", order="-at",
    columns=(*_who(), Column("课程", lambda row: LESSONS.get(row.lesson, row.lesson), sort="lesson"),
             Column("成绩", "score", format="count"), Column("完成", "at", format="moment", sort="at")),
    empty=Empty("没有符合条件的培训记录。", "监督员在手机上学完，或在监督员的页面上登记后，会出现在这里。"),
)  # fmt: skip


def _down(row: Any) -> str:
    base = (
        reverse("supervisors") + "?standing=active&"
        if row.place.level >= 3
        else reverse("supervisor_coverage") + "?"
    )
    return f"{base}place={row.place.code}"


COVERAGE = Table(
    code="coverage", title="各地覆盖", counter="个地区", order="place.code", page_size=200,
    key="place.code",
    data={"code": "place.code", "name": "place.name", "step": "step"},
    columns=(
        Column("地区", "place.name", head=True, link=_down, sort="place.code"),
        Column("县", "counties", format="count", sort="counties"),
        Column("有监督员", "covered", format="count", sort="covered"),
        Column("缺", "bare", format="count", sort="bare"),
        Column("覆盖", "share", format="rate", sort="share"),
        Column("在聘", "supervisors", unit="人", format="count", sort="supervisors"),
        Column("农村占比", "rural_share", format="rate", sort="rural_share", minor=True),
    ),
    empty=Empty("这里没有县级区划。", "换一个地区再看。"),
)  # fmt: skip
BARE = Table(
    code="bare", title="没有在聘监督员的县", counter="个县", order="place.code",
    columns=(
        Column("县", "place.name", head=True, sort="place.code"),
        Column("代码", "place.code", minor=True),
        Column("市", lambda row: row.place.parent.name if row.place.parent else ""),
    ),
    empty=Empty("每个县都有在聘的监督员。", ""),
)  # fmt: skip
