"""Reading the registry: for rooms upstairs as columns, for pages as lists in scope."""

from puyou.registry.queries.duties import duties_arrays, list_duties
from puyou.registry.queries.people import couriers_by_number, devices_by_identifier
from puyou.registry.queries.points import points_for, shared_points
from puyou.registry.queries.rounds import enrolled_on, enrolled_weeks, rounds_for

__all__ = [
    "couriers_by_number",
    "devices_by_identifier",
    "duties_arrays",
    "enrolled_on",
    "enrolled_weeks",
    "list_duties",
    "points_for",
    "rounds_for",
    "shared_points",
]
