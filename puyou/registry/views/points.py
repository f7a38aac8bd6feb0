"""Pages of delivery points."""

from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.tables import listing
from puyou.registry import forms, queries, tables
from puyou.registry.views.parts import detail, registry_list


@officer_required("see")
def delivery_point_list(request: OfficerRequest) -> HttpResponseBase:
    """接转点 in scope."""
    rows = queries.list_delivery_points(request.scope, clock.today())
    return registry_list(request, tables.DELIVERY_POINTS, rows, forms.DeliveryPointFilters)


@officer_required("see")
def delivery_point(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One delivery point: the villages it serves."""
    row = queries.get_delivery_point(request.scope, pk)
    shown = [listing(request, tables.POINT_VILLAGES, queries.list_point_villages(request.scope, row))]
    where = f"，位于东经 {row.lon}、北纬 {row.lat}" if row.lon is not None else "，位置未登记"
    return detail(request, row.name, f"{row.get_kind_display()}，编号 {row.code}{where}。", shown)
