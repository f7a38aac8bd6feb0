"""Following a report by number and code: how far it is, and what its reporter may say."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puyou.cases.feedback import actions as feedback
from puyou.cases.feedback import public
from puyou.cases.feedback import queries as reports
from puyou.cases.feedback.codes import normalised
from puyou.cases.feedback.models import Report
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.portal import following, problems, throttling
from puyou.portal.report_forms import ConfirmForm, RateForm, TrackForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """``/portal/feedback/track/``: asks number and code; wrong ones count against the address and the number."""
    form = TrackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        try:
            report = _find(throttling.caller_of(request), number, code)
        except Problem as problem:
            form.add_error(None, f"{problem.message}。")
            return _ask(request, form, problem.status)
        response = redirect("feedback_report")
        following.carry(response, following.FOLLOWED, report)
        return response
    return _ask(request, form, 422 if request.method == "POST" else 200)


def _find(caller: str, number: str, code: str) -> Report:
    for throttle, who in ((throttling.GUESSING, caller), (throttling.GUESSING_NUMBER, normalised(number))):
        throttling.require_left(throttle, who)
    try:
        return reports.find_by_tracking(number, code)
    except Problem:
        throttling.GUESSING.wait(caller)
        throttling.GUESSING_NUMBER.wait(normalised(number))
        raise


def _ask(request: HttpRequest, form: TrackForm, status: int) -> HttpResponse:
    context = {"title": "查询反映", "form": form, "submit": "查询"}
    return render(request, "portal/feedback_track.html", context, status=status)


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """``/portal/feedback/report/``: the report that the browser follows."""
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    report = following.carried(request, following.FOLLOWED)
    if report is None:
        return redirect("feedback_track")
    return _page(request, report)


@require_POST
def step(request: HttpRequest, kind: str) -> HttpResponse:
    """``/portal/feedback/report/<kind>/``: confirm, rate, withdraw, or leave."""
    report = following.carried(request, following.FOLLOWED)
    if report is None:
        raise problems.NOT_FOLLOWING()
    if kind == "leave":
        response = redirect("feedback_track")
        following.drop(response, following.FOLLOWED)
        return response
    throttling.take(throttling.SAYING, throttling.caller_of(request))
    try:
        told = _act(request, report, kind)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return _page(request, report, f"{problem.message}。", problem.status)
    messages.success(request, told)
    return redirect("feedback_report")


def _act(request: HttpRequest, report: Report, kind: str) -> str:
    now = clock.now()
    if kind == "withdraw":
        feedback.withdraw(report=report, now=now)
        return "已撤回。"
    if kind == "confirm":
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            raise problems.CHOOSE()
        fixed = form.cleaned_data["fixed"] == "yes"
        feedback.confirm(
            report=report, fixed=fixed, text=form.cleaned_data["text"], client_id=uuid4(), now=now
        )
        return "已记下：问题解决了。谢谢。" if fixed else "已记下：问题没有解决。"
    if kind == "rate":
        rated = RateForm(request.POST)
        if not rated.is_valid():
            raise problems.CHOOSE()
        feedback.rate(
            report=report,
            score=rated.cleaned_data["score"],
            text=rated.cleaned_data["text"],
            client_id=uuid4(),
            now=now,
        )
        return "已记下您的评价，谢谢。"
    raise problems.NO_STEP()


def _page(request: HttpRequest, report: Report, problem: str = "", status: int = 200) -> HttpResponse:
    told = public.status_of(report, clock.now())
    last = report.ratings.order_by("-pk").first()
    context = {
        "title": f"反映 {report.tracking}",
        "report": report,
        "told": told,
        "problem": problem,
        "confirm": ConfirmForm() if told.may_confirm or told.may_reopen else None,
        "rate": RateForm() if told.may_rate else None,
        "rated": last,
    }
    return render(request, "portal/feedback_report.html", context, status=status)
