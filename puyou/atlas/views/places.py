"""The map page of a place, its live part, and its table as a file."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.atlas import place_page, village_page
from puyou.atlas.forms import PlaceFilters
from puyou.atlas.views import village
from puyou.atlas.views.opening import (
    VILLAGE,
    answer,
    canonical,
    find_place,
    follow,
    not_modified,
    open_place,
    reads_steadily,
)
from puyou.core import paths
from puyou.places import queries as places
from puyou.places.models import Place


@require_safe
@officer_required("see")
@reads_steadily
def own_place(request: HttpRequest) -> HttpResponseBase:
    """To the highest place that the person may see."""
    top = top_of(cast(OfficerRequest, request).scope)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"/atlas/{top.code}/" + (f"?{query}" if query else ""))


def top_of(scope: Scope) -> Place:
    """The highest place of a scope."""
    path = min(scope.paths(), key=lambda one: (len(one), one))
    return next(iter(places.get_places([paths.ids(path)[-1]]).values())) if path else places.get_root()


@require_safe
@officer_required("see")
@reads_steadily
def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """The whole page of a place: a map, or what became of a village."""
    asked = cast(OfficerRequest, request)
    place = find_place(code)
    if elsewhere := canonical(asked, place, code):
        return elsewhere
    if place.level == VILLAGE:
        return village.show(asked, place)
    opened = open_place(asked, place)
    filters = PlaceFilters(opened.view, opened.place_sets, opened.levels)
    context = opened.shell() | place_page.head(request, opened) | {"filters": filters}
    return answer(request, "atlas/place.html", context)


@require_safe
@officer_required("see")
@reads_steadily
def live(request: HttpRequest, code: str) -> HttpResponseBase:
    """The part of the page that follows the figures: 304 while nothing moved."""
    asked = cast(OfficerRequest, request)
    place = find_place(code)
    opened = open_place(asked, place)
    if place.level == VILLAGE:
        return village.live(asked, opened)
    if opened.etag in request.headers.get("If-None-Match", ""):
        return not_modified(opened.etag)
    return follow(HttpResponse(place_page.live(request, opened)), opened.etag)


@require_safe
@officer_required("see")
@reads_steadily
def export(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The whole table of the page as a file; a village's table is its visits."""
    asked = cast(OfficerRequest, request)
    place = find_place(code)
    if elsewhere := canonical(asked, place, code):
        return elsewhere
    opened = open_place(asked, place)
    if place.level == VILLAGE:
        return village_page.export(opened, kind)
    return place_page.export(request, opened, kind)
