"""Pages of one duty: what it asks, ending it, changing it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import handle
from puyou.core import clock
from puyou.core.tables import listing
from puyou.registry import actions, forms, queries, tables
from puyou.registry.models import Duty
from puyou.registry.views.parts import detail, span_text

EDIT = "registry.edit"
JUDGED_AGAIN = "有关各周随后自动重新判定，以前的频次留有记录。"


@officer_required("see")
def duty(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One duty among those of its village."""
    row = queries.get_duty(request.scope, pk)
    text = tables.duty_text(row.times, row.period)
    may_edit = request.scope.covers(row.place.path, EDIT) and row.is_open_after(clock.today())
    shown = [listing(request, tables.DUTIES, queries.list_duties(request.scope, row.place_id))]
    return detail(
        request, f"{row.place.name}：{text}", f"{row.get_area_class_display()}，{span_text(row)}。", shown,
        crumbs=_crumbs(row, text), action=reverse("registry_duty_change", args=[pk]) if may_edit else "",
        action_label="变更频次", second_action=reverse("registry_duty_end", args=[pk]) if may_edit else "",
        second_label="截止频次",
    )  # fmt: skip


def _crumbs(row: Duty, last: str) -> list[dict[str, str]]:
    return [
        {"name": "名录", "url": reverse("registry")},
        {"name": row.place.name, "url": reverse("registry_village", args=[row.place.code])},
        {"name": last, "url": ""},
    ]


@officer_required(EDIT)
def duty_end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A duty is no longer in force from a day on."""
    row = _editable(request, pk)
    begin = {"on": clock.today() + timedelta(days=1)}

    def act(data: dict[str, Any]) -> HttpResponseBase:
        actions.end_duty(duty=row, **data, by=request.scope.name, now=clock.now())
        messages.success(request, f"{row.place.name}的投递频次已截止，有关各周随后重新判定。")
        return redirect("registry_village", code=row.place.code)

    return _form(request, row, forms.DutyEndForm, begin, act, "截止")


@officer_required(EDIT)
def duty_change(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """From a day on a village owes something else."""
    row = _editable(request, pk)
    begin = {
        "on": clock.today() + timedelta(days=1), "area_class": row.area_class, "times": row.times, "period": row.period
    }  # fmt: skip

    def act(data: dict[str, Any]) -> HttpResponseBase:
        changed = actions.change_duty(duty=row, **data, by=request.scope.name, now=clock.now())
        low = "；低于该类区域的下限，已记为疑点" if changed.below_floor else ""
        messages.success(request, f"{row.place.name}的投递频次已变更{low}，有关各周随后重新判定。")
        return redirect("registry_village", code=row.place.code)

    return _form(request, row, forms.DutyChangeForm, begin, act, "变更")


def _editable(request: OfficerRequest, pk: int) -> Duty:
    row = queries.get_duty(request.scope, pk)
    request.scope.require(row.place.path, EDIT)
    return row


def _form(
    request: OfficerRequest,
    row: Duty,
    kind: type[django_forms.Form],
    begin: dict[str, Any],
    act: Callable[[dict[str, Any]], HttpResponseBase],
    verb: str,
) -> HttpResponseBase:
    def make(*args: Any) -> django_forms.Form:
        form = kind(*args)
        form.initial = begin
        return form

    title = f"{verb}{row.place.name}的投递频次"
    now = f"现为{tables.duty_text(row.times, row.period)}，{row.get_area_class_display()}，{span_text(row)}。"
    return handle(
        request, make, act, title=title, back=("registry_duty", row.pk), crumbs=_crumbs(row, f"{verb}频次"),
        sentence=now + JUDGED_AGAIN, submit=verb,
    )  # fmt: skip
