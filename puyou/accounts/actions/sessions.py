"""People's stays in the product: beginning, staying, ending."""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import transaction

from puyou.accounts import events, problems, rules
from puyou.accounts.actions import checks
from puyou.accounts.models import LoginSession, User
from puyou.accounts.scopes import Scope
from puyou.core.events import append
from puyou.core.periods import day_of


@transaction.atomic
def begin_session(*, user: User, key: str, agent: str, address: str | None, now: datetime) -> LoginSession:
    """Note that a person signed in; ``key`` is the web session's, ``agent`` what the browser calls itself."""
    row = LoginSession.objects.create(
        user=user, key=key, device=rules.describe_device(agent), address=address, began_at=now, seen_at=now
    )
    who = f"user:{user.pk}"
    data = {"session": row.pk, "device": row.device, "address": address}
    append(events.SESSION_BEGUN, subject=who, actor=who, now=now, data=data)
    return row


def touch_session(*, key: str, now: datetime) -> None:
    """Note that a person is still there."""
    LoginSession.objects.filter(key=key, ended_at=None).update(seen_at=now)


def rename_session(*, old: str, new: str) -> None:
    """Follow a web session whose key was renewed."""
    LoginSession.objects.filter(key=old).update(key=new)


@transaction.atomic
def end_session(*, session: LoginSession, by: Scope, now: datetime) -> None:
    """End one stay: one's own, or that of a person one looks after. The web session is gone at once."""
    if by.name != f"user:{session.user_id}":
        checks.require_person(by, session.user, day_of(now))
    _end([session], by, now)


@transaction.atomic
def end_other_sessions(*, user: User, key: str, by: Scope, now: datetime) -> int:
    """End all of one's stays but the one with ``key``; returns how many there were."""
    if by.name != f"user:{user.pk}":
        raise problems.OUT_OF_SCOPE()
    others = list(LoginSession.objects.filter(user=user, ended_at=None).exclude(key=key))
    _end(others, by, now)
    return len(others)


def end_all(*, user: User, by: Scope, now: datetime) -> None:
    """End every stay of a person, inside the caller's transaction and after the caller's checks."""
    _end(list(LoginSession.objects.filter(user=user, ended_at=None)), by, now)


def _end(rows: list[LoginSession], by: Scope, now: datetime) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        if LoginSession.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now):
            store(row.key).delete()
            who, data = f"user:{row.user_id}", {"session": row.pk}
            append(events.SESSION_ENDED, subject=who, actor=by.name, now=now, data=data)


def note_lock(*, username: str, address: str | None, now: datetime) -> None:
    """Note that a name is locked out from an address after repeated failures."""
    data = {"username": username, "address": address}
    append(events.SIGN_IN_LOCKED, subject="sign_in", actor="public", now=now, data=data)
