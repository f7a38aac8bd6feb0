"""The public's front page: where everything for everybody begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puyou.portal import throttling


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """``/portal/``: see one's village by its code, and what the code is."""
    throttling.take(throttling.LOOKING, throttling.caller_of(request))
    return render(request, "portal/front.html", {"title": "公众首页"})
