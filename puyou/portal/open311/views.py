"""The addresses of GeoReport v2 under ``/open311/v2/``, each in JSON and XML."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from puyou.accounts.scopes import Scope
from puyou.cases.feedback import queries as reports
from puyou.cases.feedback.models import Report
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.portal import problems, throttling
from puyou.portal.open311 import asking, filing, keys, telling
from puyou.portal.open311.writing import answer

Answer = tuple[str, Any, int]
STANDARD = {422: 400}  # the standard knows no 422


def _door(*methods: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponse]]:
    """Limits, methods, and the standard's form of an error. Keys open it, never a session: no form's token is asked."""

    def lock(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def opened(request: HttpRequest, form: str, **named: str) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise problems.NO_SUCH_METHOD(methods="、".join(methods))
                throttling.take(throttling.LOOKING, throttling.caller_of(request))
                root, said, status = view(request, **named)
            except Problem as problem:
                return _refused(problem, form)
            return answer(root, said, form, status)

        return opened

    return lock


def _refused(problem: Problem, form: str) -> HttpResponse:
    status = STANDARD.get(problem.status, problem.status)
    response = answer("errors", [{"code": status, "description": problem.message}], form, status)
    if status == 429:
        response.headers["Retry-After"] = str(problem.details.get("seconds", 1))
    return response


@_door("GET", "HEAD")
def discovery(request: HttpRequest) -> Answer:
    """``discovery``: where the endpoint is."""
    return "discovery", telling.discovery(f"{request.scheme}://{request.get_host()}"), 200


@_door("GET", "HEAD")
def services(request: HttpRequest) -> Answer:
    """``services``: what may be reported."""
    asking.jurisdiction(request.GET.dict())
    return "services", telling.services(), 200


@_door("GET", "HEAD")
def service(request: HttpRequest, code: str) -> Answer:
    """``services/<code>``: the further questions of one."""
    asking.jurisdiction(request.GET.dict())
    try:
        category = reports.get_category(Scope.public(), code)
    except Problem:
        raise problems.UNKNOWN_SERVICE(code=code[:40]) from None
    return "service_definition", telling.definition(category), 200


@_door("GET", "HEAD", "POST")
def requests(request: HttpRequest) -> Answer:
    """``requests``: how far reports are; by POST, file one."""
    if request.method == "POST":
        return _file(request)
    return "service_requests", telling.requests(asking.narrowed(telling.shown(), request.GET.dict())), 200


def _file(request: HttpRequest) -> Answer:
    said = request.POST.dict()
    asking.jurisdiction(said)
    holder = keys.holder_of(said.get("api_key", ""))
    if holder is None:
        throttling.take(throttling.GUESSING, throttling.caller_of(request))
        raise problems.NO_KEY()
    throttling.take(throttling.RELAYING, holder)
    filed = filing.take(said, dict(request.POST.lists()), holder, clock.now())
    notice = f"凭编号 {filed.tracking} 和查询码 {filed.code} 在 {reverse('feedback_track')} 查询、确认和评价"
    made = {
        "service_request_id": filed.tracking,
        "token": str(filed.report.client_id),
        "service_notice": notice,
        "account_id": None,
    }
    return "service_requests", [made], 200 if filed.repeated else 201


@_door("GET", "HEAD")
def one_request(request: HttpRequest, number: str) -> Answer:
    """``requests/<id>``: one of them."""
    asking.jurisdiction(request.GET.dict())
    found = telling.shown().filter(tracking=number)
    if not found:
        raise problems.UNKNOWN_REQUEST()
    return "service_requests", telling.requests(found), 200


@_door("GET", "HEAD")
def token(request: HttpRequest, identifier: str) -> Answer:
    """``tokens/<token>``: the request that a token stands for."""
    found = Report.objects.filter(client_id=identifier, source__in=telling.SHOWN).first()
    if found is None:
        raise problems.UNKNOWN_REQUEST()
    return "service_requests", [{"service_request_id": found.tracking, "token": str(identifier)}], 200
