"""A supervisor's phone: an office gives a link, a phone answers it with a key of its own, and is known from then on."""

import hashlib
import hmac
import re
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from puyou.accounts.scopes import Scope
from puyou.cases import events
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import problems
from puyou.cases.supervisors.models import Supervisor, SupervisorLink, SupervisorPhone
from puyou.cases.supervisors.phones import digest_of, is_active
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.ingest import base64url, codes, derived, keys
from puyou.ingest import problems as door

DEVICE = re.compile(r"P-[A-Za-z0-9_-]{22}\Z")
LABEL_LIMIT = 60


class Enrolled(NamedTuple):
    """A phone that may speak now, and the text of its token, kept nowhere."""

    phone: SupervisorPhone
    token: str


@transaction.atomic
def issue_link(*, supervisor: Supervisor, scope: Scope, by: str, now: datetime) -> str:
    """A code for one phone, told once; ends the link and the phone before it. Problems: out of scope, not active."""
    scope.require(supervisor.place.path, HANDLE)
    if not is_active(supervisor, day_of(now)):
        raise problems.NOT_ACTIVE(name=supervisor.name)
    code = codes.mint()
    SupervisorLink.objects.create(
        supervisor=supervisor, digest=codes.digest(code), issued_by=by, issued_at=now,
        expires_at=now + codes.LIFETIME,
    )  # fmt: skip
    subject = f"supervisor:{supervisor.pk}"
    log.append(events.SUPERVISOR_LINK_ISSUED, subject=subject, actor=by, now=now, data={})
    return code


@transaction.atomic
def enrol_phone(
    *, code: str, device: str, key: dict[str, Any], signature: str, label: str = "", now: datetime
) -> Enrolled:
    """A phone answers a link with its key. The same phone asking again is given the same token.

    ``signature`` over ``enrol:<code>:<device>`` shows that the phone holds the key.
    Problems: bad_link (unknown, used, expired, replaced, no longer active: all alike), ingest.bad_key, bad_device.
    """
    typed = codes.normalised(code)
    link = _link(typed)
    if not DEVICE.match(device):
        raise door.BAD_DEVICE()
    if not keys.is_signed(keys.read(key), signature, f"enrol:{typed}:{device}".encode()):
        raise door.BAD_KEY(reason="签名不是用这把密钥作的")
    key_id = keys.thumbprint(key)
    token = _token(link, device, key_id)
    before = SupervisorPhone.objects.filter(link=link).first()
    if before is not None:
        if (before.device, before.key_id) != (device, key_id):
            raise problems.BAD_LINK()
        return Enrolled(before, token)
    if link.expires_at <= now or not is_active(link.supervisor, day_of(now)):
        raise problems.BAD_LINK()
    shown = "".join(each for each in label if each.isprintable()).strip()[:LABEL_LIMIT]
    phone = SupervisorPhone.objects.create(
        link=link, device=device, key_id=key_id, public_key=keys.bare(key), label=shown, digest=digest_of(token),
        enrolled_at=now,
    )  # fmt: skip
    subject = f"supervisor:{link.supervisor_id}"
    log.append(
        events.SUPERVISOR_PHONE_ENROLLED, subject=subject, actor=subject, now=now, data={"key": key_id}
    )
    return Enrolled(phone, token)


def _token(link: SupervisorLink, device: str, key_id: str) -> str:
    """The token of a phone: derived, so that a lost answer can be asked for again and nothing new is kept."""
    said = f"{link.pk}:{device}:{key_id}".encode()
    return "puyou_s_" + base64url.encode(hmac.digest(derived.key("supervisor"), said, hashlib.sha256))


def _link(typed: str | None) -> SupervisorLink:
    """The link of a code, held against a second phone, while no later link was given."""
    rows = SupervisorLink.objects.select_for_update(of=("self",)).select_related("supervisor__place")
    link = rows.filter(digest=codes.digest(typed)).first() if typed else None
    if link is None or SupervisorLink.objects.filter(supervisor=link.supervisor, pk__gt=link.pk).exists():
        raise problems.BAD_LINK()
    return link
