"""Pages on which plans, their indicators, task lists and their tasks are made."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from puyou.accounts.forms import DayInput, PlaceField
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock, figures
from puyou.indicators import queries as indicators
from puyou.plans import actions, queries
from puyou.plans.actions.plans import link_indicator
from puyou.plans.models import RELATIONS, PlanIndicator, Task, TaskMeasure, Verification
from puyou.plans.views.common import MANAGE, act_or_show, name_of, scope_of, seat, trail

NEEDED = {"required": "请填写这一项"}
YEARS = (1950, 2100)


def _text(label: str, limit: int, *, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=required, error_messages=NEEDED, **more)


def _code(label: str) -> forms.SlugField:
    words = "只能用小写字母、数字和连字符"
    return forms.SlugField(
        label=label, max_length=40, help_text=f"{words}，用于地址", error_messages=NEEDED | {"invalid": words}
    )


class NumberField(forms.CharField):
    """A number as people write it; None when left empty."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return figures.read(text) if text else None
        except figures.Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class PlanForm(forms.Form):
    """A plan as it was published."""

    code, name = _code("代码"), _text("名称", 80)
    place = PlaceField(label="地区代码", max_length=12, error_messages=NEEDED)
    first_year = forms.IntegerField(
        label="起始年", min_value=YEARS[0], max_value=YEARS[1], error_messages=NEEDED
    )
    last_year = forms.IntegerField(
        label="终止年", min_value=YEARS[0], max_value=YEARS[1], error_messages=NEEDED
    )
    issuer = _text("发布机关", 120, required=False)
    source = _text("来源", 300, help_text="文件名称、文号和网址")
    published_on = forms.DateField(label="发布日期", widget=DayInput(), required=False)
    announced = forms.IntegerField(label="公布的指标数", min_value=0, max_value=999, required=False)
    note = _text("说明", 600, required=False)


class IndicatorForm(forms.Form):
    """One indicator of a plan, perhaps tied to one that the system measures."""

    name, aspect = _text("指标名称", 80), _text("方面", 40, required=False)
    indicator = _text("关联的系统指标代码", 60, required=False, help_text="不关联则无从取数，只列目标")
    kind = forms.ChoiceField(label="性质", required=False, choices=PlanIndicator.Kind.choices)
    unit = _text("单位", 20, required=False)
    relation = forms.ChoiceField(label="目标的方向", choices=RELATIONS)
    said = _text("目标的原话", 120, required=False)
    base_year = forms.IntegerField(label="基期年", min_value=YEARS[0], max_value=YEARS[1], required=False)
    base_value = NumberField(label="基期值", max_length=40, required=False)
    base_source = _text("基期值来源", 300, required=False)
    source, owner = _text("来源", 300), _text("责任单位", 80, required=False)
    note = _text("说明", 300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("base_value") is not None and not cleaned.get("base_year"):
            self.add_error("base_year", "有基期值须写明是哪一年的")
        return cleaned


class ListForm(forms.Form):
    """A task list of a place and some months."""

    code, name = _code("代码"), _text("名称", 80)
    place = PlaceField(label="地区代码", max_length=12, error_messages=NEEDED)
    first_on = forms.DateField(label="自", widget=DayInput(), error_messages=NEEDED)
    last_on = forms.DateField(label="至", widget=DayInput(), error_messages=NEEDED)
    issuer = _text("下达机关", 120, required=False)
    source = _text("来源", 300, help_text="文件名称、文号和网址")
    published_on = forms.DateField(label="发布日期", widget=DayInput(), required=False)


class TaskForm(forms.Form):
    """A task, perhaps beneath another and with one measure."""

    number, title = _text("编号", 12, help_text="如 3 或 3.2"), _text("任务", 120)
    parent: "forms.ModelChoiceField[Task]" = forms.ModelChoiceField(
        Task.objects.none(), label="上级任务", required=False, empty_label="无"
    )
    text = forms.CharField(
        label="内容", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    owner = _text("责任单位", 120, required=False)
    due_on = forms.DateField(label="完成期限", widget=DayInput(), required=False)
    indicator = _text("用来判断的系统指标代码", 60, required=False, help_text="不填则由报告判断")
    relation = forms.ChoiceField(label="要求", choices=RELATIONS)
    wanted = NumberField(label="目标值", max_length=40, required=False)
    period = _text("指标的时期", 24, required=False, help_text="如 2026、2026-12")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("indicator"):
            for name in ("wanted", "period"):
                if cleaned.get(name) in (None, ""):
                    self.add_error(name, "用指标判断的任务须写明目标值和时期")
        return cleaned


def _here(request: HttpRequest) -> dict[str, str]:
    held = seat(scope_of(request), MANAGE)
    return {"place": held.code if held else ""}


@officer_required(MANAGE)
def plan_new(request: HttpRequest) -> HttpResponseBase:
    """``/plans/new/``: a plan of one's own place."""
    form = PlanForm(request.POST or None, initial=_here(request))

    def act() -> str:
        said = form.cleaned_data | {"verification": Verification.UNVERIFIED}
        actions.create_plan(**said, scope=scope_of(request), by=name_of(request), now=clock.now())
        return "已登记规划。"

    return _made(request, form, act, "登记规划", lambda: reverse("plan", args=[form.cleaned_data["code"]]))


def _made(
    request: HttpRequest, form: forms.Form, act: Callable[[], str], title: str, then: Callable[[], str],
    *steps: tuple[str, str],
) -> HttpResponseBase:  # fmt: skip
    back = steps[-1][1] if steps else reverse("plans")
    page = {
        "title": title, "submit": "保存", "cancel": back, "crumbs": trail(*steps, (title, "")),
        "sentence": "只登记有来源的内容；登记后标为“未经核实”，不猜测、不补数。",
    }  # fmt: skip
    return act_or_show(request, form, act, page, then=then)


@officer_required(MANAGE)
def plan_indicator_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/<code>/indicators/new/``: one more indicator of a plan."""
    return _indicator(request, code, None)


@officer_required(MANAGE)
def plan_indicator_edit(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """``/plans/<code>/indicators/<pk>/edit/``: what is said of one."""
    return _indicator(request, code, pk)


def _indicator(request: HttpRequest, code: str, pk: int | None) -> HttpResponseBase:
    scope = scope_of(request)
    plan = queries.get_plan(scope, code)
    scope.require(plan.place.path, MANAGE)
    held = queries.get_plan_indicator(scope, plan, pk) if pk else None
    form = IndicatorForm(request.POST or None, initial=_as_written(held) if held else {})

    def act() -> str:
        said = form.cleaned_data | {
            "indicator": link_indicator(form.cleaned_data["indicator"]), "verification": Verification.UNVERIFIED,
        }  # fmt: skip
        made = actions.change_plan_indicator(
            plan=plan, held=held, scope=scope, by=name_of(request), now=clock.now(), **said
        )
        return f"已保存指标“{made.name}”。"

    address = reverse("plan", args=[code])
    title = f"修改指标：{held.name}" if held else "登记规划指标"
    return _made(request, form, act, title, lambda: address, (plan.name, address))


def _as_written(held: PlanIndicator) -> dict[str, Any]:
    names = [name for name in IndicatorForm.base_fields if name not in ("indicator", "base_value")]
    value = held.base_value
    return {name: getattr(held, name) for name in names} | {
        "indicator": held.indicator.code if held.indicator else "",
        "base_value": "" if value is None else f"{value.normalize():f}",
    }


@officer_required(MANAGE)
def list_new(request: HttpRequest) -> HttpResponseBase:
    """``/plans/tasks/new/``: a task list of one's own place."""
    form = ListForm(request.POST or None, initial=_here(request))

    def act() -> str:
        said = form.cleaned_data | {"verification": Verification.UNVERIFIED}
        actions.create_list(**said, scope=scope_of(request), by=name_of(request), now=clock.now())
        return "已登记任务表。"

    return _made(
        request, form, act, "登记任务表", lambda: reverse("task_list", args=[form.cleaned_data["code"]])
    )


@officer_required(MANAGE)
def task_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/tasks/<code>/new/``: one more task of a list."""
    scope = scope_of(request)
    held = queries.get_list(scope, code)
    scope.require(held.place.path, MANAGE)
    form = TaskForm(request.POST or None, initial={"due_on": held.last_on})
    form.fields["parent"].queryset = held.tasks.filter(parent=None).order_by("position")  # type: ignore[attr-defined]

    def act() -> str:
        said = {name: form.cleaned_data[name] for name in ("number", "title", "text", "owner", "due_on")}
        made = actions.add_task(
            task_list=held, parent=form.cleaned_data["parent"], measures=_measures(form.cleaned_data, held.source),
            deepest=held.place.level, scope=scope, by=name_of(request), now=clock.now(), **said,
        )  # fmt: skip
        return f"已加入任务“{made.title}”。"

    address = reverse("task_list", args=[code])
    return _made(request, form, act, "加一项任务", lambda: address, (held.name, address))


def _measures(said: dict[str, Any], source: str) -> list[dict[str, Any]]:
    """The measure that was named, none where none was."""
    indicator = link_indicator(said["indicator"])
    if indicator is None:
        return []
    measure = {
        "name": indicator.name, "indicator": indicator, "mode": TaskMeasure.Mode.VALUE, "relation": said["relation"],
        "wanted": said["wanted"], "unit": indicator.unit, "period": indicators.parse_period(said["period"]).name,
        "source": source, "verification": Verification.UNVERIFIED,
    }  # fmt: skip
    return [measure]
