"""The list of returns: what is due, late and missing; several approved at once."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.views.decorators import officer_required
from puyou.core.tables import export, export_asked, listing
from puyou.returns import powers, queries, tables
from puyou.returns.views.common import scope_of, trail


@officer_required("see")
def return_list(request: HttpRequest) -> HttpResponseBase:
    """``/returns/``: returns in scope with filters; those that wait for one's own check can be approved together."""
    scope = scope_of(request)
    filters = tables.ReturnFilters(request.GET)
    mine = request.GET.get("mine", "")
    rows = {"fill": queries.to_fill, "check": queries.to_check}.get(mine, queries.list_returns)(scope)
    narrowed, chosen = filters.narrowed(rows), filters.chosen()
    if export_asked(request, tables.RETURNS):
        return export(request, tables.RETURNS, narrowed, scope="管辖范围", chosen=chosen)
    checkable = queries.to_check(scope)
    context = {
        "title": "填报", "crumbs": trail()[:0], "filters": filters,
        "table": listing(request, tables.RETURNS, narrowed, scope="管辖范围", chosen=chosen),
        "waiting": queries.to_fill(scope).count(), "checking": checkable.count(),
        "approvable": list(filters.narrowed(checkable)[:100]) if mine == "check" else [],
        "may_check": scope.may(powers.CHECK),
    }  # fmt: skip
    return render(request, "returns/list.html", context)
