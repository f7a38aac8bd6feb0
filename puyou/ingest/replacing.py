"""A courier gets another phone: the old one ends today, a new code is issued."""

from datetime import datetime

from django.db import transaction

from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.ingest import enrolling, events, problems
from puyou.ingest.models import DeviceKey
from puyou.registry import actions as registry
from puyou.registry.models import Device, DeviceBinding


@transaction.atomic
def replace_device(*, device: Device, by: str, now: datetime) -> str:
    """The courier gets another phone: returns a new code; the old binding and key end today.

    The old token stays, so that late envelopes still come in. Problem ingest.not_held.
    """
    held = DeviceBinding.objects.select_for_update(of=("self",)).select_related("courier")
    binding = held.filter(device=device, valid_to=None).first()
    if binding is None:
        raise problems.NOT_HELD(device=device.identifier)
    registry.return_device(device=device, on=day_of(now), by=by, now=now)
    DeviceKey.objects.filter(device=device, ended_at=None).update(ended_at=now)
    data = {"courier": binding.courier_id}
    log.append(events.DEVICE_REPLACED, subject=f"device:{device.pk}", actor=by, now=now, data=data)
    return enrolling.issue_enrolment_code(courier=binding.courier, by=by, now=now)
