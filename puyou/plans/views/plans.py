"""Plans: what there is, how one stands at a place, one indicator over the years, gaps, how a plan ended."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock, figures
from puyou.core.tables import Column, Empty, Table, export, export_asked, listing
from puyou.places.models import Place
from puyou.plans import actions, drawing, forecasting, problems, queries, rules
from puyou.plans.measuring import told
from puyou.plans.models import Plan, PlanEvaluation, PlanIndicator
from puyou.plans.standing import Board, Standing, beneath
from puyou.plans.views.common import MANAGE, act_or_show, name_of, place_of, scope_of, trail, user_of

UNKNOWN = "无数据"


def _amount(value: Decimal | None, unit: str = "") -> str:
    return UNKNOWN if value is None else f"{told(value)}{unit}"


def _expected(row: Standing) -> str:
    """The interval with its confidence, or why there is none."""
    found, unit = row.expected, row.held.unit
    if found is None:
        return "" if row.progress.standing == rules.MET else row.refusal
    low, high = (told(Decimal(str(round(each, 2)))) for each in (found.low, found.high))
    return f"{low}—{high}{unit}（{found.confidence:.0%} 区间）"


def _target(row: Standing) -> str:
    if row.progress.wanted is None:
        return (row.held.said or "没有目标值") if row.place.pk == row.held.plan.place_id else "没有分解目标"
    shared = "（按规划统一目标）" if row.shared else ""
    return f"{rules.SIGNS[row.held.relation]} {_amount(row.progress.wanted, row.held.unit)}{shared}"


def _address(row: Standing) -> str:
    return f"{reverse('plan_indicator', args=[row.held.plan.code, row.held.pk])}?place={row.place.code}"


def _latest(row: Standing) -> str:
    return _amount(row.progress.value, row.held.unit)


def _gap(row: Standing) -> str:
    gap = row.progress.gap
    return (
        "" if gap is None else "已达到" if row.progress.standing == rules.MET else _amount(gap, row.held.unit)
    )


_STANDING = (
    Column("现值", _latest),
    Column("年份", lambda row: f"{row.progress.year}年" if row.progress.year else ""),
    Column("目标", _target),
    Column("差距", _gap),
    Column(
        "每年须增减", lambda row: _amount(row.progress.yearly, row.held.unit) if row.progress.yearly else ""
    ),
    Column("按趋势到期末", _expected),
    Column("判断", lambda row: row.progress.words),
)
INDICATORS = Table(
    code="plan_indicators", title="规划指标", counter="项", page_size=100,
    columns=(
        Column("指标", "held.name", head=True, link=_address),
        Column("性质", lambda row: row.held.get_kind_display()),
        *_STANDING,
        Column("来源", "held.source", minor=True),
        Column("核实", lambda row: row.held.get_verification_display()),
    ),
    empty=Empty("这个规划还没有载入指标。", "名称和数值未见原文的不载入；取得原文后由维护规划的人员登记。"),
)  # fmt: skip
BENEATH = Table(
    code="plan_places", title="各地情况", counter="个地区", page_size=100,
    columns=(Column("地区", "place.name", head=True, link=_address), *_STANDING),
    empty=Empty("没有下级地区，或不在您的管辖范围。", ""),
)  # fmt: skip
YEARS = Table(
    code="plan_years", title="逐年数据", counter="年", page_size=60,
    columns=(
        Column("年份", "year", head=True),
        Column("数值", "value"),
        Column("目标", "target"),
        Column("说明", "note"),
    ),
)  # fmt: skip
PLANS = Table(
    code="plans", title="规划", counter="个",
    columns=(
        Column("规划", "name", head=True, link=lambda row: reverse("plan", args=[row.code])),
        Column("规划期", lambda row: f"{row.first_year}—{row.last_year}年"),
        Column("地区", "place.name"),
        Column("已载入指标", lambda row: row.indicators.count(), format="count"),
        Column("公布的指标数", lambda row: "未载明" if row.announced is None else f"{row.announced} 项"),
        Column("核实", "get_verification_display"),
        Column("来源", "source", minor=True),
    ),
    empty=Empty("还没有规划。", "运行 puyou load_plans 装载已公布的规划，或登记本地规划。"),
)  # fmt: skip
LISTS = Table(
    code="task_lists", title="任务表", counter="份",
    columns=(
        Column("任务表", "name", head=True, link=lambda row: reverse("task_list", args=[row.code])),
        Column("期间", lambda row: f"{row.first_on:%Y-%m-%d} 至 {row.last_on:%Y-%m-%d}"),
        Column("地区", "place.name"),
        Column("任务", lambda row: row.tasks.filter(parent=None).count(), format="count"),
        Column("下达", "issuer"),
        Column("来源", "source", minor=True),
    ),
    empty=Empty("还没有任务表。", "运行 puyou load_tasks 装载2020年任务表，或由差距清单产生。"),
)  # fmt: skip


@officer_required("see")
def home(request: HttpRequest) -> HttpResponseBase:
    """``/plans/``: plans and task lists of one's places and of those above."""
    scope = scope_of(request)
    plans, lists = queries.list_plans(scope), queries.list_lists(scope)
    for table, rows in ((PLANS, plans), (LISTS, lists)):
        if export_asked(request, table) and request.GET.get("table") == table.code:
            return export(request, table, list(rows), scope="管辖范围")
    context = {
        "title": "规划与任务", "may_make": scope.may(MANAGE), "plans": listing(request, PLANS, list(plans)),
        "lists": listing(request, LISTS, list(lists)),
    }  # fmt: skip
    return render(request, "plans/home.html", context)


def _place(request: HttpRequest, plan: Plan) -> Place:
    """The place asked for, which must lie within the plan's."""
    place = place_of(request)
    if place is None or not place.path.startswith(plan.place.path):
        raise problems.OTHER_PLACE(place=place.name if place else "您的管辖范围", of=plan.place.name)
    return place


def _indicators(plan: Plan) -> list[PlanIndicator]:
    return list(plan.indicators.select_related("indicator", "plan__place").order_by("position"))


@officer_required("see")
def plan_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/<code>/?place=``: every indicator of the plan as it stands at a place."""
    scope = scope_of(request)
    plan = queries.get_plan(scope, code)
    place, board = _place(request, plan), Board(scope, clock.today())
    rows = [board.standing(held, place) for held in _indicators(plan)]
    if export_asked(request, INDICATORS):
        return export(request, INDICATORS, rows, scope=f"{place.name} {plan.name}")
    context = {
        "title": plan.name, "plan": plan, "place": place, "crumbs": trail((plan.name, "")),
        "table": listing(request, INDICATORS, rows, scope=place.name), "method": forecasting.METHOD,
        "met": sum(row.progress.standing == rules.MET for row in rows), "loaded": len(rows),
        "unknown": sum(row.progress.standing == rules.UNKNOWN for row in rows),
        "may_make": scope.covers(plan.place.path, MANAGE), "children": beneath(scope, place),
    }  # fmt: skip
    return render(request, "plans/plan.html", context)


@officer_required("see")
def indicator_detail(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """``/plans/<code>/indicators/<pk>/?place=``: chart, years, and every place beneath."""
    scope = scope_of(request)
    plan = queries.get_plan(scope, code)
    held, place = queries.get_plan_indicator(scope, plan, pk), _place(request, plan)
    board = Board(scope, clock.today())
    row = board.standing(held, place)
    children = [board.standing(held, child) for child in beneath(scope, place)]
    if export_asked(request, BENEATH) and request.GET.get("table") == BENEATH.code:
        return export(request, BENEATH, children, scope=f"{place.name} {held.name}")
    first = min([plan.first_year, *row.known, *row.targets])
    every = range(first, plan.last_year + 1)
    years = [_year(row, year) for year in every]
    if export_asked(request, YEARS):
        return export(request, YEARS, years, scope=f"{place.name} {held.name}")
    title = f"{place.name}{held.name}"
    context = {
        "title": held.name, "plan": plan, "held": held, "place": place, "row": row, "target": _target(row),
        "latest": _latest(row), "expected": _expected(row), "gap": _gap(row), "method": forecasting.METHOD,
        "chart": drawing.draw(list(every), row.known, row.targets, row.expected, title),
        "years": listing(request, YEARS, years, scope=place.name),
        "below": listing(request, BENEATH, children, scope=place.name) if children else None,
        "may_manage": scope.covers(place.path, MANAGE), "may_make": scope.covers(plan.place.path, MANAGE),
        "crumbs": trail((plan.name, f"{reverse('plan', args=[plan.code])}?place={place.code}"), (held.name, "")),
    }  # fmt: skip
    return render(request, "plans/indicator.html", context)


def _year(row: Standing, year: int) -> dict[str, Any]:
    value, known = row.values.get(year), row.known.get(year)
    note = value.missing if value is not None and known is None else row.missing if value is None else ""
    if row.expected is not None and year == row.expected.year:
        note = f"预测 {_expected(row)}"
    target = row.targets.get(year)
    return {
        "year": f"{year}年", "value": _amount(known, row.held.unit), "note": note,
        "target": _amount(target, row.held.unit) if target is not None else "",
    }  # fmt: skip


class TargetForm(forms.Form):
    """The yearly path of a place: one field a year, empty where there is no target."""

    def __init__(self, *args: Any, years: range, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for year in years:
            self.fields[f"y{year}"] = forms.CharField(label=f"{year}年", max_length=40, required=False)
        self.fields["source"] = forms.CharField(
            label="来源",
            max_length=200,
            help_text="规划或分解文件的名称和文号。",
            error_messages={"required": "请写明来源"},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in [name for name in self.fields if name.startswith("y")]:
            text = cleaned.get(name, "")
            try:
                cleaned[name] = figures.read(text) if text else None
            except figures.Unreadable as error:
                self.add_error(name, str(error))
        return cleaned


@officer_required(MANAGE)
def target_edit(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """``/plans/<code>/indicators/<pk>/targets/?place=``: the yearly path of a place."""
    scope = scope_of(request)
    plan = queries.get_plan(scope, code)
    held, place = queries.get_plan_indicator(scope, plan, pk), _place(request, plan)
    scope.require(place.path, MANAGE)
    years = range(plan.first_year, plan.last_year + 1)
    rows = list(held.targets.filter(place=place))
    first = {f"y{row.year}": f"{row.value.normalize():f}" for row in rows} | {
        "source": rows[0].source if rows else ""
    }
    form = TargetForm(request.POST or None, initial=first, years=years)
    back = f"{reverse('plan_indicator', args=[code, pk])}?place={place.code}"

    def act() -> str:
        count = actions.set_targets(
            plan_indicator=held, place=place, values={year: form.cleaned_data[f"y{year}"] for year in years},
            source=form.cleaned_data["source"], scope=scope, by=name_of(request), now=clock.now(),
        )  # fmt: skip
        return f"已保存，{count} 个年份有变化。"

    page = {
        "title": f"{place.name}：{held.name}的目标值", "cancel": back,
        "crumbs": trail((plan.name, back), ("目标值", "")),
        "sentence": f"单位：{held.unit or '无'}。留空表示没有这一年的目标，不会补数。",
    }  # fmt: skip
    return act_or_show(request, form, act, page, then=lambda: back)


class DayInput(forms.DateInput):
    input_type = "date"


class GapForm(forms.Form):
    """Which gaps become tasks, whose, by when."""

    gaps = forms.MultipleChoiceField(
        label="要补齐的项目",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请先选择要补齐的项目"},
    )
    owner = forms.CharField(label="责任单位", max_length=100, error_messages={"required": "请写明责任单位"})
    due_on = forms.DateField(
        label="完成期限", widget=DayInput(format="%Y-%m-%d"), error_messages={"required": "请写明期限"}
    )


@officer_required("see")
def gap_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/<code>/gaps/?place=``: what is behind or not known at a place and beneath it; opens tasks (查漏补缺)."""
    scope = scope_of(request)
    plan = queries.get_plan(scope, code)
    place, board = _place(request, plan), Board(scope, clock.today())
    places = [place, *beneath(scope, place)]
    rows = [board.standing(held, each) for held in _indicators(plan) for each in places]
    rows = [row for row in rows if row.progress.standing in rules.GAPS]
    table = Table(
        code="plan_gaps", title="差距清单", counter="项", page_size=200,
        columns=(Column("指标", "held.name", head=True, link=_address), Column("地区", "place.name"), *_STANDING),
        empty=Empty("没有差距。", "各项指标在本地和下级地区都已达到或符合进度。"),
    )  # fmt: skip
    if export_asked(request, table):
        return export(request, table, rows, scope=place.name)
    keys = {f"{row.held.pk}-{row.place.pk}": row for row in rows}
    form = GapForm(request.POST or None, initial={"due_on": date(plan.last_year, 12, 31)})
    form.fields["gaps"].choices = [  # type: ignore[attr-defined]
        (key, f"{row.place.name}：{row.held.name}（{row.progress.words}）") for key, row in keys.items()
    ]
    made: list[str] = []

    def act() -> str:
        found = actions.open_gap_tasks(
            plan=plan, place=place, gaps=[(keys[key].held, keys[key].place) for key in form.cleaned_data["gaps"]],
            owner=form.cleaned_data["owner"], due_on=form.cleaned_data["due_on"], scope=scope, by=name_of(request),
            now=clock.now(),
        )  # fmt: skip
        made.append(found.code)
        return "已列入任务表。"

    if request.method == "POST":
        scope.require(place.path, MANAGE)
    page = {
        "title": f"{place.name}：差距清单", "plan": plan, "table": listing(request, table, rows, scope=place.name),
        "submit": "列入任务表", "may_manage": scope.covers(place.path, MANAGE) and bool(rows),
        "crumbs": trail((plan.name, reverse("plan", args=[code])), ("差距清单", "")),
    }  # fmt: skip
    return act_or_show(
        request,
        form,
        act,
        page,
        then=lambda: reverse("task_list", args=[made[0]]),
        template="plans/gaps.html",
    )


OUTCOMES = Table(
    code="plan_outcomes", title="终期评估", counter="项", page_size=200,
    columns=(
        Column("指标", "name", head=True),
        Column("地区", "place"),
        Column("期末值", "value"),
        Column("目标", "target"),
        Column("结论", "outcome"),
        Column("说明", "note"),
    ),
    empty=Empty("规划中还没有指标，无从评估。", ""),
)  # fmt: skip


@officer_required("see")
def evaluation(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/<code>/evaluation/``: how the plan ended, place by place; the plan's own office freezes it."""
    scope, today = scope_of(request), clock.today()
    plan = queries.get_plan(scope, code)
    place, board = _place(request, plan), Board(scope, clock.today())
    rows = [
        _outcome(board.standing(held, each), plan)
        for held in _indicators(plan)
        for each in [place, *beneath(scope, place)]
    ]
    if export_asked(request, OUTCOMES):
        return export(request, OUTCOMES, rows, scope=f"{place.name} {plan.name}")
    if request.method == "POST":
        scope.require(plan.place.path, MANAGE)
        content = {"plan": plan.name, "place": place.name, "as_of": str(today), "rows": rows}
        made = actions.evaluate_plan(
            plan=plan, content=content, scope=scope, by=user_of(request), now=clock.now(), today=today
        )
        return redirect("plan_evaluation", code=code, number=made.number)
    home = [row for row in rows if row["place"] == place.name]
    counts = {name: sum(row["outcome"] == name for row in home) for name in rules.OUTCOMES.values()}
    own = scope.covers(plan.place.path)
    context = {
        "title": f"{plan.name}：终期评估", "plan": plan, "place": place, "counts": counts,
        "over": today.year > plan.last_year,
        "table": listing(request, OUTCOMES, rows, scope=place.name), "rows": rows,
        "may_freeze": today.year > plan.last_year and place.pk == plan.place_id and scope.covers(place.path, MANAGE),
        "kept": plan.evaluations.order_by("-number") if own else [],
        "crumbs": trail((plan.name, reverse("plan", args=[code])), ("终期评估", "")),
    }  # fmt: skip
    return render(request, "plans/evaluation.html", context)


def _outcome(row: Standing, plan: Plan) -> dict[str, str]:
    value, wanted = row.known.get(plan.last_year), row.progress.wanted
    latest = (
        ""
        if value is not None or row.progress.year is None
        else f"最近为{row.progress.year}年 {_latest(row)}"
    )
    return {
        "name": row.held.name, "place": row.place.name, "value": _amount(value, row.held.unit), "target": _target(row),
        "outcome": rules.OUTCOMES[rules.outcome(value, row.held.relation, wanted)], "note": latest or row.missing,
    }  # fmt: skip


@officer_required("see")
def evaluation_detail(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """``/plans/<code>/evaluation/<number>/``: how a plan ended, as it was frozen."""
    scope = scope_of(request)
    plan = queries.get_plan(scope, code)
    found = PlanEvaluation.objects.filter(plan=plan, number=number).first()
    if found is None or not scope.covers(plan.place.path):
        raise problems.UNKNOWN_REVISION()
    rows: Any = found.content["rows"]
    if export_asked(request, OUTCOMES):
        return export(request, OUTCOMES, rows, scope=plan.name)
    context = {
        "title": f"{plan.name}：终期评估第 {number} 版", "found": found, "table": listing(request, OUTCOMES, rows),
        "crumbs": trail((plan.name, reverse("plan", args=[code])), (f"第 {number} 版", "")),
    }  # fmt: skip
    return render(request, "plans/frozen.html", context)
