"""Draws: the list, a new one, one draw with its estimates, its seed, and the files for repeating it."""

import json
from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.audits import actions, forms, frames, problems, published, queries, tables
from puyou.audits.actions.drawing import PERMISSION as DRAW
from puyou.audits.models import AuditDraw
from puyou.audits.queries import RECORD
from puyou.audits.rules import Drawn
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import export, export_asked, list_page, listing
from puyou.places import queries as places
from puyou.places.models import Place


def scope_of(request: HttpRequest) -> Scope:
    """What the asker may see."""
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


def chain_of(place: Place) -> list[dict[str, str]]:
    """The places above and the place itself, as the crumbs show them."""
    return [{"name": one.name, "url": ""} for one in [*places.ancestors(place), place]]


@officer_required(RECORD)
def draw_list(request: HttpRequest) -> HttpResponseBase:
    """``/audits/``: draws that concern the asker's places, and the way to what waits."""
    scope = scope_of(request)
    waiting = queries.list_waiting(scope, cast(User, request.user)).count()
    context: dict[str, Any] = {
        "sentence": f"{waiting:,} 件抽核件等待核查。" if waiting else "没有等待核查的抽核件。",
        "may_draw": scope.may(DRAW),
    }
    return list_page(
        request,
        tables.DRAWS,
        queries.list_draws(scope),
        scope="管辖范围",
        template="audits/draws.html",
        context=context,
    )


@officer_required(DRAW)
def draw_create(request: HttpRequest) -> HttpResponseBase:
    """``/audits/new/``: freeze a frame."""
    form = forms.FrameForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    try:
        draw = actions.freeze_frame(**form.cleaned_data, scope=scope_of(request), now=clock.now())
    except Problem as problem:
        if problem.status != problems.BAD_SIZE.status:
            raise
        form.add_error(None, problem.message)
        return _form(request, form)
    messages.success(request, "抽样框已固定，摘要已记入日志。现在可以给出种子。")
    return redirect(tables.address_of(draw))


def _form(request: HttpRequest, form: forms.FrameForm) -> HttpResponseBase:
    context = {
        "form": form, "title": "新建抽核", "submit": "固定抽样框", "cancel": "/audits/",
        "sentence": "先固定抽样框并公布它的摘要，再给种子；任何人都能用公布的文件重抽一遍，得到同样的结果。",
    }  # fmt: skip
    return render(request, "core/form_page.html", context, status=422 if form.errors else 200)


@officer_required(RECORD)
def draw_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/audits/<pk>/``: what the draw says so far."""
    return _detail(request, queries.get_draw(scope_of(request), pk), forms.SeedForm())


def _detail(
    request: HttpRequest, draw: AuditDraw, form: forms.SeedForm, status: int = 200
) -> HttpResponseBase:
    scope = scope_of(request)
    found = queries.findings_of(scope, draw)
    rows = [found.whole, *found.provinces] if len(found.provinces) > 1 else [found.whole]
    right = max((row.estimate.outer[1] for row in rows if row.estimate.outer), default=1.0)
    provinces, strata = tables.provinces(draw, right), tables.strata(draw, found.names)
    name = f"{draw.place.name}第{draw.pk}号抽核"
    for table, each in ((provinces, rows), (strata, found.strata)):
        if request.GET.get("table") == table.code and export_asked(request, table):
            return export(request, table, each, scope=name)
    estimate = found.whole.estimate
    context = {
        "title": f"{draw.place.name}抽核 · 第 {draw.pk} 号", "draw": draw, "findings": found, "estimate": estimate,
        "place": draw.place, "place_chain": chain_of(draw.place),
        "provinces": listing(request, provinces, rows, scope=name),
        "strata": listing(request, strata, found.strata, scope=name),
        "drawn": sum(s.sample for s in found.strata), "missing": estimate.sample - estimate.resolved,
        "form": form if not draw.seed and scope.covers(draw.place.path, DRAW) else None,
    }  # fmt: skip
    return render(request, "audits/draw.html", context, status=status)


@require_POST
@officer_required(DRAW)
def draw_seed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Draw by the seed that was given, or by one drawn now."""
    draw = queries.get_draw(scope_of(request), pk)
    form = forms.SeedForm(request.POST)
    if not form.is_valid():
        return _detail(request, draw, form, 422)
    try:
        actions.draw_items(
            draw=draw, seed=form.cleaned_data["seed"], scope=scope_of(request), now=clock.now()
        )
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        draw.refresh_from_db()
        messages.error(request, problem.message)
        return _detail(request, draw, form, problem.status)
    messages.success(request, "已抽取；种子和抽样框摘要已记入日志，可下载文件重抽核对。")
    return redirect(tables.address_of(draw))


@officer_required(RECORD)
def draw_frame(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The frame's file, exactly as its digest says."""
    path = frames.path_of(queries.get_draw(scope_of(request), pk).frame_digest)
    if not path.is_file():
        raise problems.FRAME_GONE()
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv")


@officer_required(RECORD)
def draw_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The published document of a draw, for ``puyou audit_verify``."""
    draw = queries.get_draw(scope_of(request), pk)
    drawn = [Drawn(i.stratum, i.ticket, str(i.visit_id)) for i in draw.items.all()]
    text = json.dumps(published.document_of(draw, drawn), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{draw.pk}.json"'
    return response
