"""The room's verbs: duties, people and devices, rounds, points, and whole networks at once."""

from puyou.registry.actions.bulk import fill, fill_duties
from puyou.registry.actions.duties import change_duty, end_duty
from puyou.registry.actions.duty_imports import DutyImport, import_duties
from puyou.registry.actions.people import (
    bind_device,
    end_courier,
    register_courier,
    register_device,
    register_operator,
    return_device,
)
from puyou.registry.actions.point_imports import import_points
from puyou.registry.actions.points import (
    confirm_village_point,
    create_delivery_point,
    learn_point,
    serve_village_through_point,
    set_reference_points,
)
from puyou.registry.actions.rounds import assign_courier, create_round, put_village_on_round

__all__ = [
    "DutyImport",
    "assign_courier",
    "bind_device",
    "change_duty",
    "confirm_village_point",
    "create_delivery_point",
    "create_round",
    "end_courier",
    "end_duty",
    "fill",
    "fill_duties",
    "import_duties",
    "import_points",
    "learn_point",
    "put_village_on_round",
    "register_courier",
    "register_device",
    "register_operator",
    "return_device",
    "serve_village_through_point",
    "set_reference_points",
]
