"""Rectifications as the village page and the figures see them."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases import queries as cases
from puyou.cases.models import Case
from puyou.cases.rectification.models import RectifiedWeek
from puyou.places.models import Place


def list_of_village(scope: Scope, place: Place, user: User | None = None) -> QuerySet[Case]:
    """Rectifications that a village stands in and the asker may see, newest first."""
    if not RectifiedWeek.objects.filter(place=place).exists():
        return Case.objects.none()  # as most villages: who may see what need not be asked
    held = RectifiedWeek.objects.filter(case=OuterRef("pk"), place=place)
    return cases.list_cases(scope, user).filter(Exists(held))


def ordered_weeks(scope: Scope, place: Place) -> set[date]:
    """Mondays of a village's weeks that stand in an order; nobody learns of an order out of sight by it."""
    if not scope.covers(place.path):
        return set()
    return set(RectifiedWeek.objects.filter(place=place, released_at=None).values_list("monday", flat=True))
