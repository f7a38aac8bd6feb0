"""Pages of rounds."""

from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.tables import listing
from puyou.registry import forms, queries, tables
from puyou.registry.views.parts import detail, registry_list


@officer_required("see")
def round_list(request: OfficerRequest) -> HttpResponseBase:
    """投递段 in scope."""
    rows = queries.list_rounds(request.scope, clock.today())
    return registry_list(request, tables.ROUNDS, rows, forms.RoundFilters)


@officer_required("see")
def round_page(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One round: its villages and who walked it."""
    row = queries.get_round(request.scope, pk)
    shown = [
        listing(request, tables.ROUND_VILLAGES, queries.list_round_villages(request.scope, row)),
        listing(request, tables.ROUND_COURIERS, queries.list_round_couriers(request.scope, round=row)),
    ]
    return detail(request, f"投递段 {row.number}", f"{row.name}。", shown)
