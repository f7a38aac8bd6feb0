"""Pages of couriers and their devices."""

from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.tables import listing
from puyou.registry import forms, queries, tables
from puyou.registry.views.parts import detail, registry_list, span_text


@officer_required("see")
def courier_list(request: OfficerRequest) -> HttpResponseBase:
    """投递员 in scope."""
    rows = queries.list_couriers(request.scope, clock.today())
    return registry_list(request, tables.COURIERS, rows, forms.CourierFilters)


@officer_required("see")
def courier(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One courier: rounds and devices over time."""
    row = queries.get_courier(request.scope, pk)
    shown = [
        listing(request, tables.ROUND_COURIERS, queries.list_round_couriers(request.scope, courier=row)),
        listing(request, tables.BINDINGS, queries.list_bindings(request.scope, courier=row)),
    ]
    firm = row.organisation.name if row.organisation else "中国邮政"
    return detail(request, f"投递员 {row.name}", f"工号 {row.number}，{firm}，{span_text(row)}。", shown)


@officer_required("see")
def device_list(request: OfficerRequest) -> HttpResponseBase:
    """设备 in scope."""
    rows = queries.list_devices(request.scope, clock.today())
    return registry_list(request, tables.DEVICES, rows, forms.DeviceFilters)


@officer_required("see")
def device(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One device: in whose hands it was."""
    row = queries.get_device(request.scope, pk)
    shown = [listing(request, tables.BINDINGS, queries.list_bindings(request.scope, device=row))]
    return detail(request, f"设备 {row.identifier}", "各时段的领用人。", shown)
