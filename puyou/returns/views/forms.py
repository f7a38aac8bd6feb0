"""Forms: what each asks for, its versions, and asking for a period."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import Column, Table, listing
from puyou.indicators import queries as indicators
from puyou.indicators.periods import Period
from puyou.returns import actions, powers, queries, tables
from puyou.returns.definition import LEVEL_NAMES, Form
from puyou.returns.views.common import KEPT_STATUSES, scope_of, trail

CELLS = Table(
    code="form_cells", title="指标", counter="格", exports=False, page_size=200,
    columns=(
        Column("指标", "name", head=True),
        Column("单位", lambda cell: cell.unit or "—"),
        Column("必填", lambda cell: "系统计算" if cell.formula else "必填" if cell.required else "选填"),
        Column("填报项", lambda cell: cell.item or "—",
               link=lambda cell: f"{reverse('indicator_returns')}?item={cell.item}" if cell.item else None, minor=True),
        Column("算式", lambda cell: cell.formula or "—", minor=True),
    ),
)  # fmt: skip


class RoundForm(forms.Form):
    """For which period."""

    period = forms.CharField(label="时期", max_length=24, error_messages={"required": "请填写时期"})


@officer_required("see")
def form_list(request: HttpRequest) -> HttpResponseBase:
    """``/returns/forms/``: every form."""
    table = listing(request, tables.FORMS, queries.every_form(), scope="")
    return render(
        request,
        "returns/forms.html",
        {"title": "填报表式", "crumbs": trail(("填报表式", "")), "table": table},
    )


@officer_required("see")
def form_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/returns/forms/<code>/``: head, cells, checks, route, versions."""
    row, version, form = queries.get_form(code)
    context: dict[str, Any] = {
        "title": form.name, "crumbs": trail(("填报表式", reverse("return_forms")), (form.name, "")), "form_row": row,
        "said": form, "version": version, "fillers": tables.fillers(form),
        "route": " → ".join(LEVEL_NAMES[level] for level in sorted(form.route, reverse=True)),
        "cells": listing(request, CELLS, list(form.cells()), scope=form.name),
        "versions": row.versions.order_by("-number"), "may_open": scope_of(request).may(powers.CHECK),
    }  # fmt: skip
    return render(request, "returns/form.html", context)


@officer_required(powers.CHECK)
def round_open(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/returns/forms/<code>/open/``: ask every office in scope for a period."""
    row, _, said = queries.get_form(code)
    form = RoundForm(request.POST or None, initial={"period": _latest(said, clock.today())})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                period = indicators.parse_period(form.cleaned_data["period"])
                count = actions.open_round(
                    form=row,
                    period=period,
                    scope=scope_of(request),
                    by=scope_of(request).name,
                    now=clock.now(),
                )
                messages.success(request, f"已下达 {count:,} 份；已有的不重复下达。")
                return redirect(f"{reverse('returns')}?form={row.pk}&period={period.name}")
            except Problem as problem:
                if problem.status not in KEPT_STATUSES:
                    raise
                form.add_error("period", problem.message)
    page = {
        "title": f"下达：{said.name}", "submit": "下达", "cancel": reverse("return_form", args=[code]), "form": form,
        "sentence": f"下达给管辖范围内的{tables.fillers(said)}，期限为时期结束后 {said.due_days} 个工作日。",
        "crumbs": trail(
            ("填报表式", reverse("return_forms")), (said.name, reverse("return_form", args=[code])), ("下达", "")
        ),
    }  # fmt: skip
    return render(request, "core/form_page.html", page, status=status)


def _latest(said: Form, today: date) -> str:
    """The name of the period that ended last."""
    before = Period.of(said.period, today).previous()
    return before.name if before else ""
