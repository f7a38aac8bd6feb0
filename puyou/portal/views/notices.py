"""The page behind a village notice: what the week looks like, and one tap to say whether the mail came."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from puyou.core import clock
from puyou.core.problems import Problem
from puyou.portal import devices, notice, throttling
from puyou.villagers import actions
from puyou.villagers import queries as villagers
from puyou.villagers.models import NoticeCode

PUBLIC = "public"


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """``/v/``: type the code that stands under the square."""
    text = request.GET.get("code", "").strip()[:40]
    if not text:
        return render(request, "portal/enter_code.html", {"title": "输入公示码"})
    try:
        code = _find(request, text)
    except Problem as problem:
        context = {"title": "输入公示码", "problem": problem, "typed": text}
        return render(request, "portal/enter_code.html", context, status=problem.status)
    return redirect("village_notice", code=villagers.code_text(code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """``/v/<code>``: the village's week; posting says that the mail came today, or did not."""
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    found = _find(request, code)
    if request.method != "POST":
        return _page(request, found)
    try:
        _say(request, found)
    except Problem as problem:
        return _page(request, found, problem)
    return redirect("village_notice", code=villagers.code_text(found))


def _find(request: HttpRequest, text: str) -> NoticeCode:
    """The notice; wrong codes count against the address."""
    return throttling.guessed(throttling.caller_of(request), lambda: villagers.get_code(text, clock.today()))


def _say(request: HttpRequest, code: NoticeCode) -> None:
    caller = throttling.caller_of(request)
    throttling.take(throttling.SAYING, caller)
    actions.give_word(
        code=code,
        said=request.POST.get("said", ""),
        day=_day(request.POST.get("day", "")),
        device=devices.device_of(request) or f"{caller} {request.headers.get('User-Agent', '')[:200]}",
        address=caller,
        by=PUBLIC,
        now=clock.now(),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return date.min


def _page(request: HttpRequest, code: NoticeCode, problem: Problem | None = None) -> HttpResponse:
    today = clock.today()
    device = devices.device_of(request)
    mine = villagers.words_of_device(code, device, today) if device else []
    context = {
        "title": f"{code.place.name}的邮件来了吗",
        "code": villagers.code_text(code),
        "shown": notice.show(code, today),
        "today": today,
        "mine": mine[-1] if mine else None,
        "problem": problem,
    }
    response = render(request, "portal/notice.html", context, status=problem.status if problem else 200)
    devices.remember(request, response)
    return response
