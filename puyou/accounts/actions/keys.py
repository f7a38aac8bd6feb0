"""Keys by which programs act as a person: issued and ended by the person; shown once, kept as a hash."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction

from puyou.accounts import events, problems
from puyou.accounts.models import AccessKey, User
from puyou.accounts.scopes import Scope
from puyou.core.events import append
from puyou.core.periods import day_of

LONGEST = timedelta(days=366)
MOST = 10  # in use at once
USED_EVERY = timedelta(minutes=5)  # how finely the last use is noted


@transaction.atomic
def issue_key(*, user: User, name: str, valid_to: date, by: Scope, now: datetime) -> str:
    """Make a key for oneself that holds until the end of ``valid_to``; its text is returned once and kept nowhere."""
    _require_own(user, by)
    name, today = name.strip(), day_of(now)
    if not 0 < len(name) <= 40:
        raise problems.NAME_MISSING(what="用途", limit=40)
    if not today < valid_to <= today + LONGEST:
        raise problems.KEY_TERM_UNFIT()
    User.objects.select_for_update().get(pk=user.pk)
    if AccessKey.objects.filter(user=user, ended_at=None, valid_to__gte=today).count() >= MOST:
        raise problems.TOO_MANY_KEYS(limit=MOST)
    text = "puyoukey_" + secrets.token_urlsafe(32)
    key = AccessKey.objects.create(user=user, name=name, digest=_digest(text), made_at=now, valid_to=valid_to)
    data = {"key": key.pk, "name": name, "valid_to": str(valid_to)}
    append(events.ACCESS_KEY_ISSUED, subject=f"user:{user.pk}", actor=by.name, now=now, data=data)
    return text


@transaction.atomic
def end_key(*, key: AccessKey, by: Scope, now: datetime) -> None:
    """End one of one's own keys at once; ending it twice changes nothing."""
    _require_own(key.user, by)
    if AccessKey.objects.filter(pk=key.pk, ended_at=None).update(ended_at=now):
        data = {"key": key.pk, "name": key.name}
        append(events.ACCESS_KEY_ENDED, subject=f"user:{key.user_id}", actor=by.name, now=now, data=data)


def use_key(*, username: str, text: str, now: datetime) -> User:
    """Whom a key speaks for; ``username`` may be empty. Problem accounts.bad_key (401) for anything else."""
    key = AccessKey.objects.select_related("user").filter(digest=_digest(text), ended_at=None).first()
    if key is None or key.valid_to < day_of(now) or not key.user.is_active:
        raise problems.BAD_KEY()
    if username and username != key.user.username:
        raise problems.BAD_KEY()
    if key.used_at is None or now - key.used_at >= USED_EVERY:
        AccessKey.objects.filter(pk=key.pk).update(used_at=now)
    return key.user


def _require_own(user: User, by: Scope) -> None:
    if by.name != f"user:{user.pk}":
        raise problems.OUT_OF_SCOPE()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
