"""Saying where villages receive their mail: references, learnt and confirmed points, delivery points."""

import math
from datetime import date, datetime

from django.db import connection, transaction

from puyou.core import events as log
from puyou.places.models import Place
from puyou.registry import events, problems
from puyou.registry.actions.villages import require_village
from puyou.registry.models import DeliveryPoint, DeliveryPointVillage, VillagePoint

WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0  # the box around the whole territory
Standing = VillagePoint.Standing
REFERENCES = """
INSERT INTO registry_villagepoint (place_id, lon, lat, standing, source, valid_from)
SELECT p.id, p.lon, p.lat, 'reference', %s, p.valid_from FROM places_place p
WHERE p.level = 5 AND p.valid_to IS NULL AND p.lon IS NOT NULL AND p.lat IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM registry_villagepoint v
                  WHERE v.place_id = p.id AND v.standing = 'reference' AND v.valid_to IS NULL)
"""


def require_position(lon: float, lat: float) -> None:
    """Problem when a position is no number or lies outside the box around the territory."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise problems.POSITION_NOT_A_NUMBER()
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        raise problems.POSITION_OUTSIDE_CHINA(lon=lon, lat=lat)


@transaction.atomic
def confirm_village_point(
    *, place: Place, lon: float, lat: float, source: str, valid_from: date, by: str, now: datetime
) -> VillagePoint:
    """A person confirms where a village receives its mail; from then on distance can un-count visits."""
    return _set_point(
        events.POINT_CONFIRMED, Standing.CONFIRMED, place, (lon, lat), source, valid_from, by, now
    )


@transaction.atomic
def learn_point(
    *, place: Place, lon: float, lat: float, source: str, valid_from: date, by: str, now: datetime
) -> VillagePoint:
    """A point is learnt from many good visits; it can un-count visits until a person confirms another."""
    return _set_point(events.POINT_LEARNT, Standing.LEARNT, place, (lon, lat), source, valid_from, by, now)


def _set_point(
    event: str,
    standing: VillagePoint.Standing,
    place: Place,
    position: tuple[float, float],
    source: str,
    valid_from: date,
    by: str,
    now: datetime,
) -> VillagePoint:
    """Supersede the open point of the same standing from ``valid_from`` on."""
    require_village(place)
    require_position(*position)
    if not source.strip():
        raise problems.GROUND_MISSING()
    Place.objects.select_for_update().get(pk=place.pk)
    for former in VillagePoint.objects.filter(place=place, standing=standing, valid_to=None):
        former.valid_to = max(former.valid_from, valid_from)
        former.save(update_fields=["valid_to"])
    point = VillagePoint.objects.create(
        place=place,
        lon=position[0],
        lat=position[1],
        standing=standing,
        source=source.strip(),
        valid_from=valid_from,
    )
    data = {"place": place.code, "lon": point.lon, "lat": point.lat, "source": point.source}
    log.append(
        event, subject=f"place:{place.pk}", actor=by, now=now, data=data | {"valid_from": str(valid_from)}
    )
    return point


@transaction.atomic
def set_reference_points(*, by: str, now: datetime) -> int:
    """Make supplied positions of villages their reference points where there is none; how many were new."""
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES, ["区划资料所附坐标"])
        made = cursor.rowcount
    if made:
        log.append(events.POINTS_IMPORTED, subject="places", actor=by, now=now, data={"reference": made})
    return int(made)


@transaction.atomic
def create_delivery_point(
    *, code: str, name: str, kind: str, lon: float | None, lat: float | None, by: str, now: datetime
) -> DeliveryPoint:
    """Set up a delivery point (接转点); Problem when its code is taken or its position is abroad."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise problems.NAME_MISSING()
    if lon is not None and lat is not None:
        require_position(lon, lat)
    if DeliveryPoint.objects.filter(code=code).exists():
        raise problems.NUMBER_TAKEN(number=code)
    point = DeliveryPoint.objects.create(code=code, name=name, kind=kind, lon=lon, lat=lat)
    data = {"code": code, "kind": kind}
    log.append(
        events.DELIVERY_POINT_CREATED, subject=f"delivery_point:{point.pk}", actor=by, now=now, data=data
    )
    return point


@transaction.atomic
def serve_village_through_point(
    *,
    point: DeliveryPoint,
    place: Place,
    valid_from: date,
    valid_to: date | None = None,
    by: str,
    now: datetime,
) -> DeliveryPointVillage:
    """A village receives its mail at a delivery point in ``[valid_from, valid_to)``."""
    require_village(place)
    if valid_to is not None and valid_to <= valid_from:
        raise problems.ENDS_BEFORE_START(on=valid_to, first=valid_from)
    served = DeliveryPointVillage.objects.create(
        point=point, place=place, valid_from=valid_from, valid_to=valid_to
    )
    data = {"place": place.code, "valid_from": str(valid_from)}
    log.append(
        events.DELIVERY_POINT_SERVED, subject=f"delivery_point:{point.pk}", actor=by, now=now, data=data
    )
    return served
