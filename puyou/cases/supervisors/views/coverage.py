"""The coverage map: counties with and without an active supervisor, and the rural share against its target."""

from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import coverage, tables
from puyou.cases.supervisors.actions.recruiting import RURAL_SHARE
from puyou.cases.supervisors.views import common
from puyou.core import clock
from puyou.core.tables import export, export_asked, listing
from puyou.places import boundaries
from puyou.places import queries as places
from puyou.standards import queries as standards


@officer_required(HANDLE)
def show(request: OfficerRequest) -> HttpResponseBase:
    """``/cases/supervisors/coverage/?place=``: the children of a place on the map, and the bare counties beside it."""
    today, code = clock.today(), request.GET.get("place", "")
    place = places.get_place(code) if code else common.top_place(request.scope)
    request.scope.require(place.path, HANDLE)
    counties = coverage.list_counties(request.scope, place, today)
    rows = coverage.list_children(request.scope, place, counties, today)
    bare = [row for row in counties if not row.covered]
    for table, lines in ((tables.COVERAGE, rows), (tables.BARE, bare)):
        if export_asked(request, table) and request.GET.get("table", tables.COVERAGE.code) == table.code:
            return export(request, table, lines, scope=place.name)
    total = coverage.total(request.scope, place, counties, today)
    context = common.tabs("supervisor_coverage") | {
        "place": place,
        "title": f"{place.name}监督员覆盖",
        "total": total,
        "target": standards.get_value(RURAL_SHARE, today, place_path=place.path),
        "table": listing(request, tables.COVERAGE, rows, scope=place.name, totals=total if rows else None),
        "bare": listing(request, tables.BARE, bare, scope=place.name),
        "boundaries_address": f"/places/boundaries/{place.code}.json?v={boundaries.tag()}",
    }
    return render(request, "supervisors/coverage.html", context)
