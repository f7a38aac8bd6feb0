"""What every action about a village asks first."""

from puyou.places.arrays import VILLAGE
from puyou.places.models import Place
from puyou.registry import problems


def require_village(place: Place) -> None:
    """Problem when a place is no level-5 division."""
    if place.level != VILLAGE:
        raise problems.NOT_A_VILLAGE(name=place.name)
