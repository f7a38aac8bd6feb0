"""The phones of an area: who holds them, when they were last heard, what they may, and who shares which."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, ExtractDay, TruncDate

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.periods import day_of
from puyou.ingest.models import Contact, DeviceKey, DeviceStanding, EnrolmentCode, Token
from puyou.registry import queries as registry
from puyou.registry.models import Device, DeviceBinding

SHARED_WITHIN = timedelta(days=30)
HOLDER = {
    "courier_id": "courier_id",
    "courier_number": "courier__number",
    "courier_name": "courier__name",
    "organisation_name": "courier__organisation__name",
    "bound_from": "valid_from",
}
KEY = {"key_id": "key_id", "label": "label", "key_enrolled_at": "enrolled_at", "key_ended_at": "ended_at"}


def list_fleet(scope: Scope, now: datetime | None = None) -> QuerySet[Device]:
    """Devices in scope, each with what the desk asks about it; None where there is nothing.

    ``courier_id, courier_number, courier_name, organisation_name, bound_from``: who holds it today.
    ``contact_at, skew_seconds, app, silent_days``: when it was last heard (days of Shanghai since).
    ``standing, standing_at, standing_by, standing_ground``: active, suspended or revoked.
    ``key_id, label, key_enrolled_at, key_ended_at``: its latest key; ``has_token``: whether a token opens the door.
    ``couriers_on_phone``: couriers seen on the phone in 30 days, by its bindings, its key or its own name;
    ``phones_of_courier``: phones its holder has today. More than 1 of either is worth a look.
    """
    now = now or clock.now()
    today = day_of(now)
    visible = registry.list_couriers(scope, today).values("pk")
    held = DeviceBinding.objects.filter(in_force(today), device=OuterRef("pk"), courier_id__in=visible)
    told = Contact.objects.filter(device=OuterRef("pk"))
    turns = DeviceStanding.objects.filter(device=OuterRef("pk")).order_by("-id")
    own_keys = DeviceKey.objects.filter(device=OuterRef("pk")).order_by("-id")
    found = Device.objects.filter(pk__in=registry.list_devices(scope, today).values("pk")).annotate(
        **_first(held.order_by("-valid_from", "-id"), HOLDER),
        **_first(told, {"contact_at": "at", "skew_seconds": "skew_seconds", "app": "app"}),
        **_first(turns, {"standing_at": "at", "standing_by": "by", "standing_ground": "ground"}),
        **_first(own_keys, KEY),
        standing=Coalesce(Subquery(turns.values("standing")[:1]), Value("active")),
        has_token=Exists(Token.objects.filter(device=OuterRef("pk"), revoked_at=None)),
    )
    return found.annotate(
        silent_days=_days_since("contact_at", today),
        couriers_on_phone=_couriers_on_phone(today),
        phones_of_courier=_phones_of_courier(today),
    )


def _first(rows: QuerySet[Any], columns: dict[str, str]) -> dict[str, Subquery]:
    """Annotations: columns of the first of the rows."""
    return {name: Subquery(rows.values(column)[:1]) for name, column in columns.items()}


def _days_since(field: str, today: date) -> ExtractDay:
    passed = ExpressionWrapper(
        Value(today, output_field=DateField()) - TruncDate(field, tzinfo=clock.SHANGHAI),
        output_field=DurationField(),
    )
    return ExtractDay(passed)


def _couriers_on_phone(today: date) -> Coalesce:
    """How many people held this phone lately; one key or one name of a phone on several devices makes them one."""
    own = DeviceKey.objects.filter(device=OuterRef(OuterRef(OuterRef("pk"))))
    same_key = DeviceKey.objects.filter(key_id__in=own.values("key_id")).values("device_id")
    same_phone = DeviceKey.objects.filter(phone__in=own.exclude(phone="").values("phone")).values("device_id")
    here = Q(device=OuterRef("pk")) | Q(device_id__in=same_key) | Q(device_id__in=same_phone)
    lately = Q(valid_to=None) | Q(valid_to__gte=today - SHARED_WITHIN)
    bindings = DeviceBinding.objects.filter(lately, here)
    return _distinct(bindings, "courier_id")


def _phones_of_courier(today: date) -> Coalesce:
    return _distinct(
        DeviceBinding.objects.filter(in_force(today), courier=OuterRef("courier_id")), "device_id"
    )


def _distinct(rows: QuerySet[Any], field: str) -> Coalesce:
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count(field, distinct=True))
    return Coalesce(Subquery(counted.values("n")), Value(0))


def list_enrolment_codes(scope: Scope, now: datetime | None = None) -> QuerySet[EnrolmentCode]:
    """Codes for couriers in scope, newest first; ``is_open``: whether one may still be used."""
    now = now or clock.now()
    couriers = registry.list_couriers(scope, day_of(now)).values("pk")
    is_open = Q(used_at=None, ended_at=None, expires_at__gt=now)
    return (
        EnrolmentCode.objects.filter(courier_id__in=couriers)
        .select_related("courier", "device")
        .annotate(is_open=ExpressionWrapper(is_open, output_field=BooleanField()))
        .order_by("-issued_at", "-id")
    )


def list_device_standings(scope: Scope, device: Device) -> QuerySet[DeviceStanding]:
    """How a phone's standing changed, newest first; nothing for a phone out of scope."""
    devices = registry.list_devices(scope, clock.today()).values("pk")
    return DeviceStanding.objects.filter(device=device, device_id__in=devices).order_by("-id")


def list_device_keys(scope: Scope, device: Device) -> QuerySet[DeviceKey]:
    """The keys a phone signed with, newest first; nothing for a phone out of scope."""
    devices = registry.list_devices(scope, clock.today()).values("pk")
    found = DeviceKey.objects.filter(device=device, device_id__in=devices)
    return found.select_related("courier").order_by("-id")
