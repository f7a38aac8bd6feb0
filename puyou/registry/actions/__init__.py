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
from puyou.registry.actions.substitutions import end_leave, end_substitution, substitute, take_leave
from puyou.registry.actions.tags import end_tag, issue_tag
from puyou.registry.actions.villages import set_access_mode

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
    "end_leave",
    "end_substitution",
    "end_tag",
    "fill",
    "fill_duties",
    "import_duties",
    "import_points",
    "issue_tag",
    "learn_point",
    "put_village_on_round",
    "register_courier",
    "register_device",
    "register_operator",
    "return_device",
    "serve_village_through_point",
    "set_access_mode",
    "set_reference_points",
    "substitute",
    "take_leave",
]
