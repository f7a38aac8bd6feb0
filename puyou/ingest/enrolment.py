"""Making sure that a courier and a device exist and belong together, before commands issue tokens or codes."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from puyou.core.periods import day_of
from puyou.ingest import problems
from puyou.registry import actions as registry
from puyou.registry.models import Courier, Device, DeviceBinding

NUMBER_LIMIT, IDENTIFIER_LIMIT, NAME_LIMIT = 40, 64, 60


class Enrolment(NamedTuple):
    """A courier holding a device, and what of it was registered just now."""

    courier: Courier
    device: Device
    registered: list[str]


@transaction.atomic
def enrol(*, number: str, identifier: str, name: str = "", by: str, now: datetime) -> Enrolment:
    """The courier and the device by their identifiers, registered and bound from today where they were not.

    ``name`` is for a courier not yet known; without it the number stands in.
    Problems: ingest.bad_identifier, ingest.bad_name; registry.device_in_use when another courier holds the device.
    """
    identifier = _checked(identifier, IDENTIFIER_LIMIT)
    today = day_of(now)
    courier, is_new = find_or_register(number=number, name=name, by=by, now=now)
    registered = ["courier"] if is_new else []
    device = Device.objects.filter(identifier=identifier).first()
    if device is None:
        device = registry.register_device(identifier=identifier, by=by, now=now)
        registered.append("device")
    holding = DeviceBinding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), device=device)
    if not holding.filter(courier=courier).exists():
        registry.bind_device(device=device, courier=courier, valid_from=today, by=by, now=now)
        registered.append("binding")
    return Enrolment(courier, device, registered)


@transaction.atomic
def find_or_register(*, number: str, name: str = "", by: str, now: datetime) -> tuple[Courier, bool]:
    """The courier of a number, registered from today under ``name`` where there was none; and whether that was so."""
    number = _checked(number, NUMBER_LIMIT)
    name = name.strip() or number
    if len(name) > NAME_LIMIT or not name.isprintable():
        raise problems.BAD_NAME(text=name[:20], limit=NAME_LIMIT)
    courier = Courier.objects.filter(number=number).first()
    if courier is not None:
        return courier, False
    today = day_of(now)
    return registry.register_courier(number=number, name=name, valid_from=today, by=by, now=now), True


def _checked(text: str, limit: int) -> str:
    text = text.strip()
    if not 0 < len(text) <= limit or not text.isprintable():
        raise problems.BAD_IDENTIFIER(text=text[:20], limit=limit)
    return text
