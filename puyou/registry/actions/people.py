"""Registering operators, couriers and their devices; every tie has its span."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest

from puyou.accounts.models import Organisation
from puyou.core import events as log
from puyou.registry import events, problems
from puyou.registry.models import Courier, Device, DeviceBinding, Operator, RoundCourier


@transaction.atomic
def register_operator(*, organisation: Organisation, licence: str = "", by: str, now: datetime) -> Operator:
    """Give a company its profile as an operator; repeatable, the licence is then replaced."""
    operator, _ = Operator.objects.update_or_create(organisation=organisation, defaults={"licence": licence})
    data = {"licence": licence}
    log.append(
        events.OPERATOR_REGISTERED, subject=f"organisation:{organisation.pk}", actor=by, now=now, data=data
    )
    return operator


@transaction.atomic
def register_courier(
    *,
    number: str,
    name: str,
    valid_from: date,
    organisation: Organisation | None = None,
    kind: str = Courier.Kind.EMPLOYEE,
    by: str,
    now: datetime,
) -> Courier:
    """Register a courier or agent (委办) under the operator's number; Problem when taken or missing."""
    number, name = number.strip(), name.strip()
    if not number or not name:
        raise problems.NAME_MISSING()
    if Courier.objects.filter(number=number).exists():
        raise problems.NUMBER_TAKEN(number=number)
    courier = Courier.objects.create(
        number=number, name=name, organisation=organisation, kind=kind, valid_from=valid_from
    )
    data = {"number": number, "valid_from": str(valid_from), "kind": kind}
    log.append(events.COURIER_REGISTERED, subject=f"courier:{courier.pk}", actor=by, now=now, data=data)
    return courier


@transaction.atomic
def end_courier(*, courier: Courier, on: date, ground: str, by: str, now: datetime) -> Courier:
    """A courier serves no longer from ``on``; devices and rounds end with the service."""
    courier = Courier.objects.select_for_update().get(pk=courier.pk)
    if not ground.strip():
        raise problems.GROUND_MISSING()
    if on < courier.valid_from:
        raise problems.ENDS_BEFORE_START(on=on, first=courier.valid_from)
    if courier.valid_to is not None and courier.valid_to <= on:
        raise problems.ENDED_ALREADY(on=courier.valid_to)
    courier.valid_to = on
    courier.save(update_fields=["valid_to"])
    later = Q(valid_to=None) | Q(valid_to__gt=on)
    for ties in (DeviceBinding.objects.filter(courier=courier), RoundCourier.objects.filter(courier=courier)):
        ties.filter(later).update(valid_to=Greatest("valid_from", Value(on)))
    data = {"on": str(on), "ground": ground}
    log.append(events.COURIER_ENDED, subject=f"courier:{courier.pk}", actor=by, now=now, data=data)
    return courier


@transaction.atomic
def register_device(*, identifier: str, by: str, now: datetime) -> Device:
    """Register a phone; Problem when its identifier is taken or missing."""
    identifier = identifier.strip()
    if not identifier:
        raise problems.NAME_MISSING()
    if Device.objects.filter(identifier=identifier).exists():
        raise problems.NUMBER_TAKEN(number=identifier)
    device = Device.objects.create(identifier=identifier, enrolled_at=now)
    log.append(events.DEVICE_REGISTERED, subject=f"device:{device.pk}", actor=by, now=now, data={})
    return device


@transaction.atomic
def bind_device(
    *, device: Device, courier: Courier, valid_from: date, by: str, now: datetime
) -> DeviceBinding:
    """Put a device into a courier's hands from a day on; Problem while another courier holds it then."""
    Device.objects.select_for_update().get(pk=device.pk)
    holding = DeviceBinding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from), device=device)
    if holding.exists():
        raise problems.DEVICE_IN_USE(identifier=device.identifier)
    binding = DeviceBinding.objects.create(device=device, courier=courier, valid_from=valid_from)
    data = {"courier": courier.pk, "valid_from": str(valid_from)}
    log.append(events.DEVICE_BOUND, subject=f"device:{device.pk}", actor=by, now=now, data=data)
    return binding


@transaction.atomic
def return_device(*, device: Device, on: date, by: str, now: datetime) -> DeviceBinding:
    """A device comes back on ``on``, the first day no longer in the courier's hands."""
    binding = DeviceBinding.objects.select_for_update().filter(device=device, valid_to=None).first()
    if binding is None:
        raise problems.DEVICE_NOT_OUT(identifier=device.identifier)
    if on < binding.valid_from:
        raise problems.ENDS_BEFORE_START(on=on, first=binding.valid_from)
    binding.valid_to = on
    binding.save(update_fields=["valid_to"])
    data = {"courier": binding.courier_id, "on": str(on)}
    log.append(events.DEVICE_RETURNED, subject=f"device:{device.pk}", actor=by, now=now, data=data)
    return binding
