"""Refusals under /api/ that no operation speaks (unknown address, wrong method, failure), in the API's own shape."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from puyou.config import problems
from puyou.core.problems import Problem
from puyou.core.security import Handler

PREFIX = "/api/"
JSON = "application/json"


def for_machines(get_response: Handler) -> Handler:
    """Answer machines with ``{code, message, details}`` where people would get a page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400 or not request.path.startswith(PREFIX):
            return response
        return (
            response
            if response.headers.get("Content-Type", "").startswith(JSON)
            else _said(request, response)
        )

    return middleware


def _said(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    problem = _problem(request, response)
    body = {"code": problem.code, "message": problem.message, "details": problem.details}
    answer = JsonResponse(body, status=response.status_code, json_dumps_params={"ensure_ascii": False})
    for name in response.headers:
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = response.headers[name]
    return answer


def _problem(request: HttpRequest, response: HttpResponse) -> Problem:
    if response.status_code == 404:
        return problems.UNKNOWN_ADDRESS()
    if response.status_code == 405:
        return problems.BAD_METHOD(method=request.method, allowed=response.headers.get("Allow", ""))
    return problems.FAILED() if response.status_code >= 500 else problems.REFUSED()
