"""Pages of excuses: the list, asking for one from a notice, and deciding."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.compliance import actions, forms, queries, tables
from puyou.compliance.actions.deciding import PERMISSION as APPROVE
from puyou.compliance.actions.proposing import PERMISSION as PROPOSE
from puyou.compliance.models import Excuse, Hindrance
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import list_page
from puyou.evidence import showing


def _scope(request: HttpRequest) -> Scope:
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@officer_required("see")
def excuse_list(request: HttpRequest) -> HttpResponseBase:
    """``/compliance/excuses/?status=proposed``: excuses in scope, page or file."""
    scope = _scope(request)
    waiting = queries.count_excuses(scope, Excuse.Status.PROPOSED)
    context: dict[str, Any] = {"sentence": f"{waiting} 条待批准。" if waiting else "没有待批准的申报。"}
    if scope.may(PROPOSE):
        context |= {"create_address": "/compliance/excuses/new/", "create_label": "申报免责"}
    rows = queries.list_excuses(scope)
    return list_page(
        request, tables.EXCUSES, rows, filters=tables.ExcuseFilters, scope="管辖范围", context=context
    )


@officer_required(PROPOSE)
def excuse_create(request: HttpRequest) -> HttpResponseBase:
    """Ask for the days of one notice, at all its places at once."""
    form = forms.ProposalForm(request.POST or None, initial={"places": request.GET.get("place", "")})
    if request.method != "POST":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, 422)
    values = form.cleaned_data
    try:
        made = actions.propose_excuse(
            among=values.pop("places"), **values, scope=_scope(request), by=_user(request), now=clock.now()
        )
    except Problem as problem:
        form.add_error(None, problem.message)
        return _form(request, form, problem.status)
    messages.success(request, f"已申报 {len(made)} 个地点的免责情形，批准后生效。")
    return redirect(tables.address_of(made[0]) if len(made) == 1 else "/compliance/excuses/")


def _form(request: HttpRequest, form: forms.ProposalForm, status: int = 200) -> HttpResponseBase:
    context = {
        "form": form,
        "title": "申报免责",
        "sentence": "免责只去掉没有投递的日子；批准之后，有关各周自动重新判定。",
        "submit": "提交申报",
        "cancel": "/compliance/excuses/",
    }
    return render(request, "core/form_page.html", context, status=status)


@officer_required("see")
def excuse_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One excuse, with what its reader may do about it."""
    return _detail(request, queries.get_excuse(_scope(request), pk))


def _detail(
    request: HttpRequest, excuse: Excuse, form: Any = None, status: int = 200, problem: str = ""
) -> HttpResponseBase:
    scope = _scope(request)
    decides = scope.covers(excuse.place.path, APPROVE)
    waits = excuse.status == Excuse.Status.PROPOSED
    own = excuse.proposed_by_id == request.user.pk
    siblings = queries.list_excuses(scope).filter(notice=excuse.notice).exclude(pk=excuse.pk)
    context = {
        "excuse": excuse,
        "place": excuse.place,
        "title": f"{excuse.place.name}免责情形",
        "siblings": siblings[:200],
        "hindrances": _reports(request, scope, excuse),
        "approval": forms.DecisionForm() if decides and waits and not own else None,
        "rejection": form or (forms.RejectionForm() if decides and waits and not own else None),
        "withdrawal": forms.DecisionForm()
        if (own and waits) or (decides and excuse.status == Excuse.Status.APPROVED)
        else None,
        "problem": problem,
        "address": tables.address_of(excuse),
    }
    return render(request, "compliance/excuse_detail.html", context, status=status)


def _reports(request: HttpRequest, scope: Scope, excuse: Excuse) -> list[Hindrance]:
    """Who reported from the field, each with the photos that came along."""
    reports = queries.list_hindrances(scope, excuse)
    for report in reports:
        report.files = showing.files_of(  # type: ignore[attr-defined]
            f"hindrance:{report.envelope_id}",
            by=_user(request),
            now=clock.now(),
            purpose=f"excuse:{excuse.pk}",
        )
    return reports


@require_POST
@officer_required(APPROVE)
def excuse_approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Approve; with ``whole=1`` every waiting place of the same notice."""
    scope = _scope(request)
    excuse = queries.get_excuse(scope, pk)
    form = forms.DecisionForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    chosen = [excuse]
    if request.POST.get("whole"):
        chosen += (
            queries.list_excuses(scope, Excuse.Status.PROPOSED).filter(notice=excuse.notice).exclude(pk=pk)
        )
    try:
        for one in chosen:
            actions.approve_excuse(excuse=one, note=note, scope=scope, by=_user(request), now=clock.now())
    except Problem as problem:
        return _detail(request, excuse, status=problem.status, problem=problem.message)
    messages.success(request, "已批准，有关各周已重新判定。")
    return redirect(tables.address_of(excuse))


@require_POST
@officer_required(APPROVE)
def excuse_reject(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Reject with a reason."""
    scope = _scope(request)
    excuse = queries.get_excuse(scope, pk)
    form = forms.RejectionForm(request.POST)
    if not form.is_valid():
        return _detail(request, excuse, form, 422)
    try:
        actions.reject_excuse(
            excuse=excuse, **form.cleaned_data, scope=scope, by=_user(request), now=clock.now()
        )
    except Problem as problem:
        return _detail(request, excuse, status=problem.status, problem=problem.message)
    messages.success(request, "已记为不批准。")
    return redirect(tables.address_of(excuse))


@require_POST
@officer_required("see")
def excuse_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take back one's own proposal, or an approval given in error."""
    scope = _scope(request)
    excuse = queries.get_excuse(scope, pk)
    form = forms.DecisionForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        actions.withdraw_excuse(excuse=excuse, note=note, scope=scope, by=_user(request), now=clock.now())
    except Problem as problem:
        return _detail(request, excuse, status=problem.status, problem=problem.message)
    messages.success(request, "已撤回。")
    return redirect(tables.address_of(excuse))
