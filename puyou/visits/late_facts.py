"""What each event of the registry and the rules says about visits that came before it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from puyou.core.models import Event
from puyou.core.periods import day_of
from puyou.places.models import Place, PlaceHistory
from puyou.registry import events as registry
from puyou.registry.models import DeviceBinding, VillagePoint
from puyou.standards import events as standards
from puyou.visits.rules import MASK

ALWAYS = date(1900, 1, 1)  # a number that becomes known was meant by every visit that named it
THRESHOLDS = {
    "too_far_m", "implausible_speed_kmh", "one_spot_radius_m", "one_spot_villages", "coarse_accuracy_m", "stale_hours",
    "skew_seconds", "nothing_today_counts",
}  # fmt: skip
FAR = f"""
SELECT DISTINCT place_id FROM visits_visit
WHERE day >= %s AND findings & {MASK["too_far"] | MASK["far_from_reference"]} <> 0
    OR day >= %s AND distance_m > (SELECT min(v.value::float8) FROM standards_ruleversion v
        JOIN standards_rule r ON r.id = v.rule_id WHERE r.code = 'too_far_m')
"""


@dataclass(frozen=True)
class LateFact:
    """Whose visits a fact concerns, from ``since`` on and before ``until``; ``cause`` is what the judge says of it."""

    since: date
    place_ids: list[int] = field(default_factory=list)
    courier_ids: list[int] = field(default_factory=list)
    device_ids: list[int] = field(default_factory=list)
    everybody: bool = False
    until: date | None = None
    cause: str = "review"

    @property
    def concerns_somebody(self) -> bool:
        return self.everybody or bool(self.place_ids or self.courier_ids or self.device_ids)


def _subject(event: Event) -> int:
    return int(event.subject.rsplit(":", 1)[1])


def _day(event: Event, name: str = "valid_from") -> date:
    return date.fromisoformat(event.data[name])


def _places(code: str) -> list[int]:
    """Every place that ever had a code: screening one too many does no harm."""
    past = PlaceHistory.objects.filter(code=code).values("place_id")
    return list(Place.objects.filter(Q(code=code) | Q(pk__in=past)).values_list("pk", flat=True))


def _point(event: Event) -> LateFact:
    return LateFact(_day(event), place_ids=[_subject(event)])


def _points(event: Event) -> LateFact | None:
    """A file of points holds from its day on; references that ship with the divisions come before any visit."""
    if not event.subject.startswith("file:"):
        return None
    day = day_of(event.at)
    came = VillagePoint.objects.filter(source=event.data["file"][:200], valid_from=day)
    return LateFact(day, place_ids=list(came.values_list("place_id", flat=True).distinct()))


def _village(event: Event) -> LateFact:
    return LateFact(_day(event), place_ids=_places(event.data["place"]))


def _new_courier(event: Event) -> LateFact:
    return LateFact(ALWAYS, courier_ids=[_subject(event)])


def _former_courier(event: Event) -> LateFact:
    courier = _subject(event)
    devices = DeviceBinding.objects.filter(courier_id=courier).values_list("device_id", flat=True).distinct()
    return LateFact(_day(event, "on"), courier_ids=[courier], device_ids=list(devices))


def _walking(event: Event) -> LateFact:
    return LateFact(_day(event), courier_ids=[event.data["courier"]])


def _handing_back(event: Event) -> LateFact:
    return LateFact(_day(event, "on"), courier_ids=[event.data["courier"]])


def _new_device(event: Event) -> LateFact:
    return LateFact(ALWAYS, device_ids=[_subject(event)])


def _bound(event: Event) -> LateFact:
    return LateFact(_day(event), device_ids=[_subject(event)])


def _returned(event: Event) -> LateFact:
    return LateFact(_day(event, "on"), device_ids=[_subject(event)])


def _duty(event: Event) -> LateFact:
    return LateFact(_day(event, "on"), place_ids=[event.data["place"]], cause="duty")


def _duties(event: Event) -> LateFact | None:
    """Duties say a village's area class, which only moves the limit of distance: far visits alone can change."""
    if not event.data.get("first_day"):
        return None
    since = _day(event, "first_day")
    with connection.cursor() as cursor:
        cursor.execute(FAR, [since, since])
        far = [row[0] for row in cursor.fetchall()]
    return LateFact(since, place_ids=far, cause="duty")


def _rule(event: Event) -> LateFact | None:
    """A threshold judges the days of its own period."""
    if event.data["rule"] not in THRESHOLDS:
        return None
    until = date.fromisoformat(event.data["valid_to"]) if event.data.get("valid_to") else None
    return LateFact(_day(event), everybody=True, until=until, cause="rule")


READERS: dict[str, Callable[[Any], LateFact | None]] = {
    registry.POINT_CONFIRMED: _point,
    registry.POINT_LEARNT: _point,
    registry.POINTS_IMPORTED: _points,
    registry.DELIVERY_POINT_SERVED: _village,
    registry.ROUND_EXTENDED: _village,
    registry.COURIER_REGISTERED: _new_courier,
    registry.COURIER_ENDED: _former_courier,
    registry.COURIER_ASSIGNED: _walking,
    registry.SUBSTITUTION_ENDED: _handing_back,
    registry.DEVICE_REGISTERED: _new_device,
    registry.DEVICE_BOUND: _bound,
    registry.DEVICE_RETURNED: _returned,
    registry.DUTY_ENDED: _duty,
    registry.DUTY_CHANGED: _duty,
    registry.DUTIES_IMPORTED: _duties,
    standards.RULE_PUBLISHED: _rule,
}
