"""Reading the registry: for rooms upstairs as columns, for pages as lists in scope."""

from puyou.registry.queries.duties import duties_arrays, list_duties
from puyou.registry.queries.lists import (
    get_courier,
    get_delivery_point,
    get_device,
    get_round,
    get_village,
    list_bindings,
    list_couriers,
    list_delivery_points,
    list_devices,
    list_point_villages,
    list_round_couriers,
    list_round_villages,
    list_rounds,
    list_village_delivery_points,
    list_village_points,
    list_village_rounds,
    list_villages,
)
from puyou.registry.queries.people import couriers_by_number, devices_by_identifier
from puyou.registry.queries.points import points_for, shared_points
from puyou.registry.queries.rounds import enrolled_on, enrolled_weeks, rounds_for

__all__ = [
    "couriers_by_number",
    "devices_by_identifier",
    "duties_arrays",
    "enrolled_on",
    "enrolled_weeks",
    "get_courier",
    "get_delivery_point",
    "get_device",
    "get_round",
    "get_village",
    "list_bindings",
    "list_couriers",
    "list_delivery_points",
    "list_devices",
    "list_duties",
    "list_point_villages",
    "list_round_couriers",
    "list_round_villages",
    "list_rounds",
    "list_village_delivery_points",
    "list_village_points",
    "list_village_rounds",
    "list_villages",
    "points_for",
    "rounds_for",
    "shared_points",
]
