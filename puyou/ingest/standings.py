"""Whether a phone may speak: suspended for a while or revoked for good; dated rows say so."""

from datetime import datetime

from django.db import transaction

from puyou.core import events as log
from puyou.ingest import events, problems, tokens
from puyou.ingest.models import DeviceKey, DeviceStanding
from puyou.registry.models import Device

Standing = DeviceStanding.Standing
GROUND_LIMIT = 200


def of(device: Device) -> str:
    """The standing that holds: the latest row's, active when there is none."""
    rows = DeviceStanding.objects.filter(device=device).order_by("-id")
    return rows.values_list("standing", flat=True).first() or Standing.ACTIVE


def refuse_unless_active(device: Device) -> None:
    """Problem ingest.revoked_token (403) that tells a suspended from a revoked phone."""
    standing = of(device)
    if standing != Standing.ACTIVE:
        raise tokens.refusal(standing)


def note(device: Device, standing: str, ground: str, by: str, now: datetime) -> None:
    """Write one row; the caller says the event."""
    DeviceStanding.objects.create(device=device, standing=standing, ground=ground, by=by[:60], at=now)


@transaction.atomic
def suspend_device(*, device: Device, ground: str, by: str, now: datetime) -> None:
    """The phone may not speak until it is resumed; its key and its holder stay."""
    _change(device, Standing.SUSPENDED, events.DEVICE_SUSPENDED, ground, by, now)


@transaction.atomic
def resume_device(*, device: Device, ground: str, by: str, now: datetime) -> None:
    """A suspended phone may speak again. Problem ingest.revoked_for_good: a revoked one needs a new code."""
    _change(device, Standing.ACTIVE, events.DEVICE_RESUMED, ground, by, now)


@transaction.atomic
def revoke_device(*, device: Device, ground: str, by: str, now: datetime) -> None:
    """The phone may never speak again by what it holds: tokens and key end; a new code could bring it back."""
    _change(device, Standing.REVOKED, events.DEVICE_REVOKED, ground, by, now)
    tokens.end_all(device, now)
    DeviceKey.objects.filter(device=device, ended_at=None).update(ended_at=now)


def _change(device: Device, standing: Standing, event: str, ground: str, by: str, now: datetime) -> None:
    Device.objects.select_for_update().get(pk=device.pk)
    ground = ground.strip()
    if not 0 < len(ground) <= GROUND_LIMIT:
        raise problems.GROUND_NEEDED(limit=GROUND_LIMIT)
    before = of(device)
    if before == standing:
        raise problems.STANDING_ALREADY(device=device.identifier, standing=standing.label)
    if before == Standing.REVOKED:
        raise problems.REVOKED_FOR_GOOD(device=device.identifier)
    note(device, standing, ground, by, now)
    log.append(event, subject=f"device:{device.pk}", actor=by, now=now, data={"ground": ground})
