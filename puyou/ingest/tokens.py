"""Keys to the door: issued to a device in a courier's hands, kept as hashes only, ended by revoking."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from puyou.core import events as log
from puyou.core import prepared
from puyou.core.problems import Problem
from puyou.core.together import Together
from puyou.ingest import events, problems
from puyou.ingest.models import Token
from puyou.registry.models import Courier, Device

# One look-up for all who knock at once; the text is 256 random bits, so a plain SHA-256 keeps it.
BEARER = """
SELECT t.digest, t.id, t.device_id, d.identifier, t.courier_id, coalesce(c.skew_seconds, 0), c.at, c.app,
    coalesce(nullif(s.standing, 'active'), CASE WHEN t.revoked_at IS NOT NULL THEN 'ended' END)
FROM ingest_token t JOIN registry_device d ON d.id = t.device_id
LEFT JOIN ingest_contact c ON c.device_id = t.device_id
LEFT JOIN LATERAL (
    SELECT standing FROM ingest_devicestanding WHERE device_id = t.device_id ORDER BY id DESC LIMIT 1
) s ON true
WHERE t.digest = ANY(%s)
"""
WHY = {
    "suspended": "这台手机已暂停使用",
    "revoked": "这台手机已被收回",
    "ended": "设备令牌已停用",
}


class Bearer(NamedTuple):
    """Who is calling: a valid token with its device, courier and what is known of the device's clock."""

    token_id: int
    device_id: int
    device_identifier: str
    courier_id: int
    skew_seconds: float
    heard_at: datetime | None
    app: int | None


def bearer_of(text: str) -> Bearer:
    """The bearer of a token text. Problems: ingest.no_token (401), ingest.revoked_token (403)."""
    row = _together.ask(_digest(text))
    if row is None:
        raise problems.NO_TOKEN()
    if row[7]:
        raise refusal(row[7])
    return Bearer(*row[:7])


def _look_up(digests: Sequence[bytes]) -> list[tuple[Any, ...] | None]:
    """What is known of each token, its standing last; None where nobody issued it."""
    found = {row[0]: row[1:] for row in prepared.run(BEARER, [sorted(set(digests))])}
    return [found.get(digest) for digest in digests]


_together = Together(_look_up)


def refusal(standing: str) -> Problem:
    """Why a token opens nothing now: the phone is ``suspended`` or ``revoked``, or the token itself ``ended``."""
    return problems.REVOKED_TOKEN(what=WHY[standing], standing=standing)


@transaction.atomic
def issue_token(*, courier: Courier, device: Device, by: str, now: datetime) -> str:
    """Make a token for a device; its text is returned once and kept nowhere. Older tokens stay valid."""
    text = "puyou_" + secrets.token_urlsafe(32)
    token = Token.objects.create(digest=_digest(text), device=device, courier=courier, issued_at=now)
    data = {"token": token.pk, "courier": courier.pk}
    log.append(events.TOKEN_ISSUED, subject=f"device:{device.pk}", actor=by, now=now, data=data)
    return text


@transaction.atomic
def revoke_tokens(*, device: Device, by: str, now: datetime) -> int:
    """End every valid token of a device and return how many; Problem ingest.unknown_token if none."""
    ended = end_all(device, now)
    if not ended:
        raise problems.UNKNOWN_TOKEN(device=device.identifier)
    log.append(events.TOKEN_REVOKED, subject=f"device:{device.pk}", actor=by, now=now, data={"count": ended})
    return ended


def end_all(device: Device, now: datetime) -> int:
    """End every valid token of a device inside the caller's action, which says the event; returns how many."""
    return Token.objects.filter(device=device, revoked_at=None).update(revoked_at=now)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
