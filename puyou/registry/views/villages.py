"""Pages of villages: the list of a place, one village, confirming its point."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import handle
from puyou.core import clock
from puyou.core.tables import listing
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry import actions, forms, queries, tables
from puyou.registry.views.parts import detail, registry_list

EDIT = "registry.edit"


@officer_required("see")
def village_list(request: OfficerRequest) -> HttpResponseBase:
    """建制村名录 of a place (``?place=`` code; else the widest place of the officer)."""
    place = _place_asked(request)
    rows = queries.list_villages(request.scope, place, clock.today())
    return registry_list(
        request,
        tables.VILLAGES,
        rows,
        forms.VillageFilters,
        sentence=f"{place.name}承担投递频次的村，附今天有效的频次、村点、投递段与投递员。",
        scope_name=place.name,
        place_chain=_chain(place),
        crumbs=[],
    )


def _place_asked(request: OfficerRequest) -> Place:
    code = request.GET.get("place", "")
    if code:
        place = places.get_place(code)
        request.scope.require(place.path)
        return place
    widest = min(request.scope.paths(), key=lambda path: (len(path), path))
    return Place.objects.filter(path=widest).first() or places.get_root()


def _chain(place: Place) -> list[dict[str, str]]:
    steps = [*places.ancestors(place), place]
    return [{"name": step.name, "url": f"{reverse('registry')}?place={step.code}"} for step in steps]


@officer_required("see")
def village(request: OfficerRequest, code: str) -> HttpResponseBase:
    """One village: its duties, points, rounds and delivery points, with their spans."""
    scope, place = request.scope, queries.get_village(request.scope, code)
    shown = [
        listing(request, tables.DUTIES, queries.list_duties(scope, place.pk)),
        listing(request, tables.POINTS, queries.list_village_points(scope, place.pk)),
        listing(request, tables.VILLAGE_ROUNDS, queries.list_village_rounds(scope, place.pk)),
        listing(
            request, tables.VILLAGE_DELIVERY_POINTS, queries.list_village_delivery_points(scope, place.pk)
        ),
    ]
    may_edit = scope.covers(place.path, EDIT)
    return detail(
        request,
        place.name,
        f"代码 {place.code}。",
        shown,
        place_chain=_chain(place)[:-1],
        crumbs=[{"name": place.name}],
        action=reverse("registry_point_confirm", args=[code]) if may_edit else "",
        action_label="确认村点",
    )


@officer_required(EDIT)
def point_confirm(request: OfficerRequest, code: str) -> HttpResponseBase:
    """A person confirms where a village receives its mail."""
    place = queries.get_village(request.scope, code)
    request.scope.require(place.path, EDIT)

    def make(*args: Any) -> forms.PointForm:
        form = forms.PointForm(*args)
        form.initial = {"lon": place.lon, "lat": place.lat, "valid_from": clock.today()}
        return form

    def act(data: dict[str, Any]) -> HttpResponseBase:
        actions.confirm_village_point(place=place, **data, by=request.scope.name, now=clock.now())
        messages.success(request, f"已确认{place.name}的村点")
        return redirect("registry_village", code=place.code)

    return handle(
        request,
        make,
        act,
        title=f"确认{place.name}的村点",
        back=("registry_village", place.code),
        crumbs=[
            {"name": "名录", "url": reverse("registry")},
            {"name": place.name, "url": reverse("registry_village", args=[place.code])},
            {"name": "确认村点", "url": ""},
        ],
        sentence="确认之后，减去精度仍距村点过远的打卡不再计入投递次数。",
        submit="确认",
    )
