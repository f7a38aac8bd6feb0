"""Refusing bodies that nobody needs to send, by what the head says, before a byte of them is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from puyou.portal import problems

MIB = 1024 * 1024
LIMITS = (("/portal/feedback/new/", 64 * MIB), ("/portal/", MIB), ("/v/", MIB // 16), ("/open311/", MIB))
Handler = Callable[[HttpRequest], HttpResponse]


def refuse_large_bodies(get_response: Handler) -> Handler:
    """413 for what is larger than the door allows; other doors have limits of their own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        limit = limit_of(request.path)
        if limit is None or length_of(request) <= limit:
            return get_response(request)
        problem = problems.TOO_LARGE(limit=limit // MIB or 1)
        response = render(request, "core/error.html", {"problem": problem}, status=problem.status)
        response.headers["Connection"] = "close"
        return response

    return middleware


def limit_of(path: str) -> int | None:
    """How many bytes may be sent to an address; None where this room does not answer."""
    return next((limit for prefix, limit in LIMITS if path.startswith(prefix)), None)


def length_of(request: HttpRequest) -> int:
    """What the head says of the body's length."""
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isascii() and text.isdigit() else 0
