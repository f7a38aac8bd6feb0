"""Making sure that a courier and a device exist and belong together, before a token is issued."""

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
    number, identifier = number.strip(), identifier.strip()
    for text, limit in ((number, NUMBER_LIMIT), (identifier, IDENTIFIER_LIMIT)):
        if not 0 < len(text) <= limit or not text.isprintable():
            raise problems.BAD_IDENTIFIER(text=text[:20], limit=limit)
    name = name.strip() or number
    if len(name) > NAME_LIMIT or not name.isprintable():
        raise problems.BAD_NAME(text=name[:20], limit=NAME_LIMIT)
    registered = []
    today = day_of(now)
    courier = Courier.objects.filter(number=number).first()
    if courier is None:
        courier = registry.register_courier(number=number, name=name, valid_from=today, by=by, now=now)
        registered.append("courier")
    device = Device.objects.filter(identifier=identifier).first()
    if device is None:
        device = registry.register_device(identifier=identifier, by=by, now=now)
        registered.append("device")
    holding = DeviceBinding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), device=device)
    if not holding.filter(courier=courier).exists():
        registry.bind_device(device=device, courier=courier, valid_from=today, by=by, now=now)
        registered.append("binding")
    return Enrolment(courier, device, registered)
