"""Whose it is to answer: the route set for a place and category, else the nearest seat of a company."""

from datetime import date

from puyou.accounts.models import Organisation, in_force
from puyou.cases.feedback.models import Category, Route
from puyou.core.paths import ids
from puyou.places.models import Place


def find_operator(place: Place, category: Category, on: date) -> Organisation | None:
    """The company that a report goes to: the nearest route above the place (one of the category before one of all),
    else the company's seat nearest above; None when there is none."""
    above = ids(place.path)
    held = Route.objects.filter(in_force(on), place_id__in=above).select_related("operator")
    fitting = [one for one in held if one.category_id in (None, category.pk)]
    if fitting:
        nearest = max(fitting, key=lambda one: (above.index(one.place_id), one.category_id is not None))
        return nearest.operator
    seats = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR, place_id__in=above)
    return max(seats, key=lambda seat: (above.index(seat.place_id), -seat.pk), default=None)
