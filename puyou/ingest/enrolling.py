"""Bringing a phone to the door: the office issues a code, the phone answers it with a key of its own."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.ingest import codes, events, keys, problems, standings, tokens
from puyou.ingest.models import DeviceKey, DeviceStanding, EnrolmentCode
from puyou.registry import actions as registry
from puyou.registry.models import Courier, Device, DeviceBinding

_PHONE = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_DEVICE = re.compile(r"P-[A-Za-z0-9_-]{22}\Z")
LABEL_LIMIT = 60


class Names(NamedTuple):
    """How people and the app call a phone."""

    label: str
    phone: str


class Enrolled(NamedTuple):
    """A phone that may speak now; the token's text is told this once."""

    token: str
    device: Device
    key_id: str
    courier: Courier


@transaction.atomic
def issue_enrolment_code(*, courier: Courier, by: str, now: datetime) -> str:
    """Make a code for a courier and return its text, kept nowhere; the courier's open code before it ends.

    Problem ingest.courier_gone when the courier serves no longer.
    """
    courier = Courier.objects.select_for_update().get(pk=courier.pk)
    if _is_gone(courier, now):
        raise problems.COURIER_GONE(name=courier.name)
    ended = EnrolmentCode.objects.filter(courier=courier, used_at=None, ended_at=None).update(ended_at=now)
    code = codes.mint()
    issued = EnrolmentCode.objects.create(
        digest=codes.digest(code),
        courier=courier,
        issued_by=by,
        issued_at=now,
        expires_at=now + codes.LIFETIME,
    )
    data = {"code": issued.pk, "ended": ended, "expires_at": issued.expires_at.isoformat()}
    log.append(events.ENROLMENT_CODE_ISSUED, subject=f"courier:{courier.pk}", actor=by, now=now, data=data)
    return code


@transaction.atomic
def enrol_device(
    *,
    code: str,
    device: str,
    key: dict[str, Any],
    label: str,
    signature: str,
    phone: str = "",
    now: datetime,
) -> Enrolled:
    """Answer a code with a phone's key: registers the phone, puts it into the courier's hands, makes its token.

    Repeatable with the same code, device and key while the code lives: the token given before ends.
    ``phone``: what the app calls the phone it runs on, so that enrolments of several couriers there are seen as one.
    ``signature`` over ``enrol:<code>:<device>`` shows that the phone holds the key.
    Problems: ingest.bad_code, bad_key, bad_device, device_taken, revoked_token (a suspended phone).
    """
    text = codes.normalised(code)
    issued = _living_code(text, now)
    if not _DEVICE.match(device):
        raise problems.BAD_DEVICE()
    public = keys.read(key)
    if not keys.is_signed(public, signature, f"enrol:{text}:{device}".encode()):
        raise problems.BAD_KEY(reason="签名不是用这把密钥作的")
    key_id = keys.thumbprint(key)
    by = f"enrolment_code:{issued.pk}"
    if issued.used_at is None:
        known = _hand_over(device, key_id, issued.courier, by, now)
        _end_key(known, now)
        _keep_key(known, issued.courier, key, Names(label, phone), now)
        issued.used_at, issued.device, issued.key_id = now, known, key_id
        issued.save(update_fields=["used_at", "device", "key_id"])
    else:
        known = _same_phone(issued, device, key_id)
    tokens.end_all(known, now)
    token = tokens.issue_token(courier=issued.courier, device=known, by=by, now=now)
    data = {"code": issued.pk, "courier": issued.courier_id, "key": key_id}
    log.append(events.DEVICE_ENROLLED, subject=f"device:{known.pk}", actor=by, now=now, data=data)
    return Enrolled(token, known, key_id, issued.courier)


def _is_gone(courier: Courier, now: datetime) -> bool:
    return courier.valid_to is not None and courier.valid_to <= day_of(now)


def _living_code(code: str | None, now: datetime) -> EnrolmentCode:
    """The code's row, locked; wrong, ended and expired are one answer."""
    found = None
    if code is not None:
        rows = EnrolmentCode.objects.select_for_update(of=("self",)).select_related("courier", "device")
        found = rows.filter(digest=codes.digest(code), ended_at=None, expires_at__gt=now).first()
    if found is None or _is_gone(found.courier, now):
        raise problems.BAD_CODE()
    return found


def _same_phone(issued: EnrolmentCode, device: str, key_id: str) -> Device:
    """The phone that used this code, when it is the one that asks again and nobody ended it since."""
    phone = issued.device
    if phone is None or (phone.identifier, issued.key_id) != (device, key_id):
        raise problems.BAD_CODE()
    standings.refuse_unless_active(phone)
    held = DeviceKey.objects.filter(device=phone, key_id=key_id, courier=issued.courier, ended_at=None)
    if not held.exists():
        raise problems.BAD_CODE()
    return phone


def _hand_over(identifier: str, key_id: str, courier: Courier, by: str, now: datetime) -> Device:
    """The phone in the courier's hands from today: registered, or taken over from whom it was with.

    Another courier's phone must show that it is the same phone, by its key.
    """
    today = day_of(now)
    phone = Device.objects.select_for_update().filter(identifier=identifier).first()
    if phone is None:
        phone = registry.register_device(identifier=identifier, by=by, now=now)
    _take_back(phone, by, now)
    holding = DeviceBinding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), device=phone)
    holder = holding.order_by("-valid_from", "-id").first()
    if holder is not None and holder.courier_id == courier.pk:
        return phone
    if holder is not None:
        if not DeviceKey.objects.filter(device=phone, key_id=key_id).exists():
            raise problems.DEVICE_TAKEN()
        registry.return_device(device=phone, on=today, by=by, now=now)
    registry.bind_device(device=phone, courier=courier, valid_from=today, by=by, now=now)
    return phone


def _take_back(phone: Device, by: str, now: datetime) -> None:
    """A revoked phone comes back by a new code; a suspended one must be resumed by the office."""
    if standings.of(phone) == DeviceStanding.Standing.REVOKED:
        standings.note(phone, DeviceStanding.Standing.ACTIVE, "重新开通", by, now)
    standings.refuse_unless_active(phone)


def _end_key(device: Device, now: datetime) -> None:
    DeviceKey.objects.filter(device=device, ended_at=None).update(ended_at=now)


def _keep_key(device: Device, courier: Courier, key: dict[str, Any], names: Names, now: datetime) -> None:
    DeviceKey.objects.create(
        device=device,
        courier=courier,
        key_id=keys.thumbprint(key),
        algorithm=keys.ALGORITHM,
        public_key=keys.bare(key),
        label="".join(each for each in names.label if each.isprintable()).strip()[:LABEL_LIMIT],
        phone=names.phone if _PHONE.match(names.phone) else "",
        enrolled_at=now,
    )
