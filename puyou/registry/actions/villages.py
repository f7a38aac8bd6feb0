"""What every action about a village asks first, and how its mail reaches people."""

from datetime import datetime

from django.db import transaction

from puyou.core import events as log
from puyou.places.arrays import VILLAGE
from puyou.places.models import Place
from puyou.registry import events, problems
from puyou.registry.models import Village


def require_village(place: Place) -> None:
    """Problem when a place is no level-5 division."""
    if place.level != VILLAGE:
        raise problems.NOT_A_VILLAGE(name=place.name)


@transaction.atomic
def set_access_mode(*, place: Place, mode: str, by: str, now: datetime) -> Village:
    """A village's mail goes to its delivery point, or to every household (直投到户)."""
    require_village(place)
    if mode not in Village.AccessMode.values:
        raise problems.UNKNOWN_ACCESS_MODE(mode=mode[:20])
    village, _ = Village.objects.update_or_create(place=place, defaults={"access_mode": mode})
    log.append(events.ACCESS_MODE_SET, subject=f"place:{place.pk}", actor=by, now=now, data={"mode": mode})
    return village
