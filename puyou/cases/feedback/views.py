"""Pages of reports: the list, the figures, and writing down what somebody said at the desk."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts.views.decorators import officer_required
from puyou.cases.feedback import actions, figures, forms, queries, tables
from puyou.cases.feedback.asking import FigureFilters, Question, question_of
from puyou.cases.models import Case
from puyou.cases.relations import ANSWER, HANDLE
from puyou.cases.views.asking import actor_of
from puyou.core import clock, formats
from puyou.core.problems import Problem
from puyou.core.tables import export, export_asked, list_page, listing
from puyou.places import queries as places


@officer_required(HANDLE, ANSWER)
def report_list(request: HttpRequest) -> HttpResponseBase:
    """``/cases/feedback/``: reports in sight; ``?measure=…&since=…&until=…`` as the figures count them."""
    actor = actor_of(request)
    rows = queries.list_reports(actor.scope, actor.user)
    office = queries.handles(actor.scope)
    context = {
        "office": office,
        "sentence": "反映是线索，是否属实以核实为准。"
        if office
        else "转给本企业办理的反映；反映人身份不公开。",
    }
    filters: Any = partial(tables.ReportFilters, actor=actor)
    return list_page(
        request,
        tables.REPORTS,
        rows,
        filters=filters,
        scope="管辖范围",
        template="feedback/list.html",
        context=context,
    )


@officer_required(HANDLE, ANSWER)
def report_figures(request: HttpRequest) -> HttpResponseBase:
    """``/cases/feedback/figures/?since=&until=&by=``: counts and rates, every number opening its list."""
    actor, today = actor_of(request), clock.today()
    filters = FigureFilters(request.GET, sources=queries.handles(actor.scope))
    asked = question_of(filters, actor.scope, today)
    rows = _rows(asked, queries.list_reports(actor.scope, actor.user))
    counting = figures.asked_on(asked.period, today)
    groups = figures.grouped(rows, asked.period, counting, asked.by, asked.place)
    table = tables.figures_table(asked.by, asked.period.since, asked.period.until, _narrowed(asked))
    span = f"{formats.day(asked.period.since)}至{formats.day(asked.period.until)}"
    where = f"{asked.place.name if asked.place else '管辖范围'}　{span}"
    if export_asked(request, table):
        return export(
            request, table, groups, scope=f"{where}　{RULES[counting.method]}", chosen=filters.chosen()
        )
    total = figures.total(rows, asked.period, counting)
    context = {
        "title": "社会监督反映统计",
        "table": listing(request, table, groups, scope=where, chosen=filters.chosen(), totals=total),
        "filters": filters,
        "total": total,
        "span": span,
        "rule": figures.method_on(min(asked.period.until, today)),
        "rule_text": RULES[counting.method],
        "place_chain": _chain(asked, actor.scope),
        "list_query": tables.list_query(asked.period.since, asked.period.until, _narrowed(asked)),
    }
    return render(request, "feedback/figures.html", context)


RULES = {
    "settled": "分母：这一时期办结、且曾受理的反映；属其他部门、已并入他件和已撤回的不计。"
    "查无实据、无法核实和企业称已整改而未核实的都在分母之内。",
    "established": "分母：这一时期办结、且曾受理的反映；属其他部门、已并入他件、已撤回和查无实据的不计。"
    "无法核实和企业称已整改而未核实的都在分母之内。",
}


def _rows(asked: Question, rows: Any) -> Any:
    if asked.category:
        rows = rows.filter(category__code=asked.category)
    if asked.place is None:
        return rows
    path = asked.place.path
    return rows.filter(Q(case__path__gte=path, case__path__lt=path + "{"))


def _narrowed(asked: Question) -> dict[str, str]:
    found = {"place": asked.place.code} if asked.place else {}
    return found | ({"category": asked.category} if asked.category else {})


def _chain(asked: Question, scope: Any) -> list[dict[str, Any]]:
    if asked.place is None:
        return []
    address = f"/cases/feedback/figures/?since={asked.period.since}&until={asked.period.until}&place="
    return [
        {"name": one.name, "url": f"{address}{one.code}" if scope.covers(one.path) else ""}
        for one in [*places.ancestors(asked.place), asked.place]
    ]


@officer_required(HANDLE)
def report_create(request: HttpRequest) -> HttpResponseBase:
    """``/cases/feedback/new/?place=CODE``: an officer writes down what somebody said by telephone or at the desk."""
    actor = actor_of(request)
    form = forms.ReportForm(request.POST or None, place=request.GET.get("place", ""))
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, 422 if request.method == "POST" else 200)
    values = form.cleaned_data
    try:
        place = places.get_place(values["place"])
        actor.scope.require(place.path, HANDLE)
        filed = actions.file_report(
            client_id=values["client_id"],
            source="officer",
            category=values["category"],
            place=place,
            text=values["text"],
            now=clock.now(),
            hidden=values["hidden"],
            reporter=values["reporter"],
            contact=values["contact"],
            actor=actor,
        )
    except Problem as problem:
        form.add_error("place" if problem.code.startswith("places.") else None, problem.message)
        return _form(request, form, 422 if problem.status == 404 else problem.status)
    case = Case.objects.get(pk=filed.report.case_id)
    messages.success(
        request,
        f"已登记 {case.number}。查询号 {filed.tracking}，查询码 {filed.code}，请告知反映人；查询码只显示这一次。",
    )
    return redirect("case_detail", pk=case.pk)


def _form(request: HttpRequest, form: Any, status: int) -> HttpResponseBase:
    context = {
        "form": form,
        "title": "登记反映",
        "sentence": "把来电、来访所说的登记为反映。反映人的姓名和联系方式默认不让企业看到。",
        "submit": "登记",
        "cancel": "/cases/feedback/",
    }
    return render(request, "core/form_page.html", context, status=status)
