"""``/cockpit/<code>/``: the wall screen, and its live part that answers 304 while nothing moved."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.atlas import place_page
from puyou.atlas.cockpit import facts
from puyou.atlas.views.opening import (
    VILLAGE,
    Opened,
    answer,
    find_place,
    follow,
    not_modified,
    open_place,
    reads_steadily,
)
from puyou.atlas.views.places import top_of
from puyou.core import clock

LIVE = "atlas/cockpit_live.html"
EVERY_SECONDS = 3


@require_safe
@officer_required("see")
@reads_steadily
def own(request: HttpRequest) -> HttpResponseBase:
    """To the wall screen of the highest place that the person may see."""
    return redirect(f"/cockpit/{top_of(cast(OfficerRequest, request).scope).code}/")


@require_safe
@officer_required("see")
@reads_steadily
def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """The whole screen; a village has its own page instead."""
    asked = cast(OfficerRequest, request)
    place = find_place(code)
    if place.level == VILLAGE:
        return HttpResponseRedirect(f"/atlas/{place.code}/")
    if place.code != code:
        return HttpResponseRedirect(f"/cockpit/{place.code}/")
    opened = open_place(asked, place)
    tag = _tag(opened)
    context = opened.shell() | {
        "live": _live(asked, opened), "live_address": f"/cockpit/{place.code}/live/", "every": EVERY_SECONDS,
        "etag": tag,
    }  # fmt: skip
    return answer(request, "atlas/cockpit.html", context, tag)


@require_safe
@officer_required("see")
@reads_steadily
def live(request: HttpRequest, code: str) -> HttpResponseBase:
    """What changes: 304 while neither figures nor cases moved."""
    asked = cast(OfficerRequest, request)
    opened = open_place(asked, find_place(code))
    tag = _tag(opened)
    if tag in request.headers.get("If-None-Match", ""):
        return not_modified(tag)
    return follow(HttpResponse(_live(asked, opened)), tag)


def _tag(opened: Opened) -> str:
    return f'{opened.etag[:-1]}-{facts.mark()}"'


def _live(request: OfficerRequest, opened: Opened) -> str:
    return render_to_string(LIVE, _context(request, opened), request)


def _context(request: OfficerRequest, opened: Opened) -> dict[str, Any]:
    shown = place_page.context(request, opened)
    year = place_page.own_weeks(opened)
    return opened.shell() | shown | {
        "bigs": [*facts.service(opened, year), *facts.matters(opened, request.user)],
        "aims": facts.aims(opened),
        "events": facts.ticker(opened, request.user, clock.now()),
        "as_of": clock.now(),
    }  # fmt: skip
