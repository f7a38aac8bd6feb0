"""Published results of cases: found by word and place, read by everybody."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puyou.accounts.scopes import Scope
from puyou.cases.publicity import actions as publicity
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.portal import problems, throttling

PAGE, LONGEST = 20, 60


@require_safe
def list_results(request: HttpRequest) -> HttpResponse:
    """``/portal/results/?q=…&place=CODE``: newest first."""
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    text = request.GET.get("q", "")[:LONGEST].replace("\0", "").strip()
    code = request.GET.get("place", "")[:12].strip()
    place, unknown = None, ""
    if code:
        try:
            place = places.get_place(code)
        except Problem as problem:
            unknown = problem.message
    rows = publicity.list_publications(Scope.public(), text, place.path if place else "")
    page = Paginator(rows.none() if unknown else rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "办理结果公开", "page": page, "text": text, "code": code, "place": place, "unknown": unknown,
    }  # fmt: skip
    return render(request, "portal/results.html", context)


@require_safe
def show_result(request: HttpRequest, pk: int) -> HttpResponse:
    """``/portal/results/<pk>/``: one result as it was published."""
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    found = publicity.list_publications(Scope.public()).filter(pk=pk).first()
    if found is None:
        raise problems.NO_RESULT()
    context = {"title": found.title, "told": found.snapshot, "found": found}
    return render(request, "portal/result.html", context)
