"""The scenario sheet for the years after a plan: what changed targets would ask of each place; kept only when saved."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock, figures
from puyou.core.tables import Column, Empty, Table, export, export_asked, listing
from puyou.plans import actions, queries, rules
from puyou.plans.measuring import told
from puyou.plans.models import Plan, PlanIndicator
from puyou.plans.standing import Board, beneath, is_ratio
from puyou.plans.views.common import MANAGE, place_of, scope_of, trail, user_of

SHEET = Table(
    code="plan_scenario", title="测算", counter="行", page_size=200,
    columns=(
        Column("指标", "name", head=True),
        Column("地区", "place"),
        Column("现值", "base"),
        Column("目标", "wanted"),
        Column("每年须增减", "yearly"),
        Column("过去每年增减", "before"),
        Column("为过去的倍数", "times"),
        Column("说明", "missing"),
    ),
    empty=Empty("还没有测算。", "填写目标年份和至少一项目标，点“测算”。"),
)  # fmt: skip


class ScenarioForm(forms.Form):
    """A year and a target for each indicator, empty where none is tried."""

    def __init__(self, *args: Any, plan: Plan, held: list[PlanIndicator], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.held = held
        self.fields["year"] = forms.IntegerField(
            label="目标年份", min_value=plan.last_year + 1, max_value=plan.last_year + 20
        )
        for each in held:
            label = f"{each.name}（{each.unit}）" if each.unit else each.name
            self.fields[f"w{each.pk}"] = forms.CharField(label=label, max_length=40, required=False)
        self.fields["name"] = forms.CharField(
            label="测算名称", max_length=60, required=False, help_text="保存时填写；只测算不必填。"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for each in self.held:
            text = cleaned.get(f"w{each.pk}", "")
            try:
                cleaned[f"w{each.pk}"] = figures.read(text, each.unit) if text else None
            except figures.Unreadable as error:
                self.add_error(f"w{each.pk}", str(error))
        return cleaned

    @property
    def wanted(self) -> dict[int, Decimal]:
        said = {each.pk: self.cleaned_data.get(f"w{each.pk}") for each in self.held}
        return {pk: value for pk, value in said.items() if value is not None}


@officer_required("see")
def scenario(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/plans/<code>/scenario/?place=&year=&w<indicator>=``: what targets would ask; POST keeps them under a name."""
    scope = scope_of(request)
    plan = queries.get_plan(scope, code)
    place = place_of(request) or plan.place
    held = list(plan.indicators.select_related("indicator", "plan__place").order_by("position"))
    asked = request.POST or (request.GET if "year" in request.GET else None)
    form = ScenarioForm(asked, plan=plan, held=held, initial={"year": plan.last_year + 5})
    rows: list[dict[str, Any]] = []
    status = 200
    if form.is_bound:
        status = 200 if form.is_valid() else 422
        if request.method == "POST" and form.is_valid() and not form.cleaned_data["name"].strip():
            form.add_error("name", "保存时请填写名称")
            status = 422
        if form.is_valid():
            rows = _rows(Board(scope, clock.today()), form, plan, place)
    if export_asked(request, SHEET):
        return export(request, SHEET, rows, scope=f"{place.name} {plan.name}")
    if request.method == "POST" and form.is_valid():
        made = actions.keep_scenario(
            plan=plan, place=place, name=form.cleaned_data["name"], year=form.cleaned_data["year"], wanted=form.wanted,
            scope=scope, by=user_of(request), now=clock.now(),
        )  # fmt: skip
        messages.success(request, f"已保存测算“{made.name}”。")
        return redirect(f"{reverse('plan_scenario', args=[code])}?place={place.code}")
    kept = plan.scenarios.filter(place=place).order_by("-at")
    context = {
        "title": f"{plan.name}：下一期测算", "plan": plan, "place": place, "form": form,
        "table": listing(request, SHEET, rows, scope=place.name), "may_keep": scope.covers(place.path, MANAGE),
        "kept": [(each, _address(code, place.code, each.year, each.wanted)) for each in kept],
        "crumbs": trail((plan.name, reverse("plan", args=[code])), ("测算", "")),
    }  # fmt: skip
    return render(request, "plans/scenario.html", context, status=status)


def _address(code: str, place: str, year: int, wanted: dict[str, str]) -> str:
    said = "".join(f"&w{pk}={value}" for pk, value in wanted.items())
    return f"{reverse('plan_scenario', args=[code])}?place={place}&year={year}{said}"


def _rows(board: Board, form: ScenarioForm, plan: Plan, place: Any) -> list[dict[str, Any]]:
    found = []
    for held in form.held:
        wanted = form.wanted.get(held.pk)
        if wanted is None:
            continue
        home = board.standing(held, place)
        for each in [place, *beneath(board.scope, place)]:
            known = home.known if each.pk == place.pk else board.standing(held, each).known
            said = rules.ask(
                values=known, whole=home.progress.value, wanted=wanted, final=form.cleaned_data["year"],
                ratio=is_ratio(held) or each.pk == place.pk,
            )  # fmt: skip
            found.append(_row(held, each.name, said))
    return found


def _row(held: PlanIndicator, place: str, said: rules.Ask) -> dict[str, Any]:
    def shown(value: Decimal | None) -> str:
        return "无数据" if value is None else f"{told(round(value, 2))}{held.unit}"

    times = "" if said.times is None else f"{round(said.times, 1)} 倍"
    return {
        "name": held.name, "place": place, "base": shown(said.base), "wanted": shown(said.wanted),
        "yearly": shown(said.yearly), "before": shown(said.before), "times": times, "missing": said.missing,
    }  # fmt: skip
