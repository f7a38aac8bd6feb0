"""Reading duties: as columns for the judgement, as lists for pages."""

from datetime import date

import numpy as np
from django.db.models import QuerySet

from puyou.accounts.scopes import Scope
from puyou.core.copying import copy_out
from puyou.places.arrays import Tree
from puyou.registry import problems
from puyou.registry.arrays import AREA_CLASSES, DutyTable, day_numbers
from puyou.registry.models import Duty
from puyou.registry.queries import spans

CLASS_NUMBER = " ".join(f"WHEN '{code}' THEN {number}" for number, code in enumerate(AREA_CLASSES))
TYPES = {
    "place": "int8",
    "duty": "int8",
    "area_class": "int2",
    "times": "int2",
    "per_day": "bool",
    "first": "date",
    "until": "date",
    "timetable": "int2",
}


def duties_arrays(tree: Tree, first_day: date, last_day: date) -> DutyTable:
    """The duties in force on some day of ``[first_day, last_day]`` of the villages that the tree holds."""
    found = copy_out(
        f"SELECT place_id::int8, id, (CASE area_class {CLASS_NUMBER} END)::int2, times, period = 'day',"
        f" valid_from, {spans.end()}, timetable FROM registry_duty"
        f" WHERE {spans.touches(first_day, last_day)}",
        TYPES,
    )
    position = tree.position(found["place"])
    known = np.flatnonzero(position >= 0)
    order = known[np.lexsort((found["duty"][known], position[known]))]
    return DutyTable(
        position[order].astype(np.int32),
        found["duty"][order],
        found["area_class"][order].astype(np.uint8),
        found["times"][order].astype(np.uint8),
        found["per_day"][order],
        day_numbers(found["first"][order]).astype(np.int32),
        day_numbers(found["until"][order]).astype(np.int32),
        found["timetable"][order].astype(np.uint8),
    )


def get_duty(scope: Scope, pk: int) -> Duty:
    """One duty in scope; Problem otherwise."""
    found = Duty.objects.filter(scope.q("place__path"), pk=pk).select_related("operator", "place").first()
    if found is None:
        raise problems.UNKNOWN_DUTY()
    return found


def list_duties(scope: Scope, place_id: int) -> QuerySet[Duty]:
    """A village's duties in scope, newest first."""
    found = Duty.objects.filter(scope.q("place__path"), place_id=place_id)
    return found.select_related("operator", "place").order_by("-valid_from", "-id")
