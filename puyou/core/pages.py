"""The pages that belong to no room: errors, and the style page."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from puyou.core import clock, problems
from puyou.core.problems import ProblemKind

BAD_REQUEST = problems.declare("core.bad_request", "请求的内容无法识别", status=400)
FORGERY = problems.declare("core.form_expired", "表单已过期，这一步没有提交", status=403)
FORBIDDEN = problems.declare("core.forbidden", "您没有办理此事的权限", status=403)
NOT_FOUND = problems.declare("core.not_found", "没有找到这个页面", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: an address or a form that cannot be read."""
    return error_page(request, BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not allowed."""
    return error_page(request, FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or none that this person may know of."""
    return error_page(request, NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was open for too long, or came from elsewhere."""
    return error_page(request, FORGERY)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without any context processor, since the database may be what failed."""
    return HttpResponseServerError(render_to_string("core/error_bare.html", {"as_of": clock.now()}))


def error_page(request: HttpRequest, kind: ProblemKind) -> HttpResponse:
    """Any problem as a page with its status."""
    return render(request, "core/error.html", {"problem": kind()}, status=kind.status)
