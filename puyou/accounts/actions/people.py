"""Opening and closing people's accounts, and their passwords."""

from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from puyou.accounts import events, problems, rules
from puyou.accounts.actions import checks, sessions
from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core.events import append
from puyou.core.periods import day_of


@transaction.atomic
def create_user(
    *, username: str, name: str, organisation: Organisation | None, by: Scope, now: datetime
) -> tuple[User, str]:
    """A new account, which may do nothing until it is appointed; returns it with its one-time password."""
    by.require(checks.seat(organisation), checks.MANAGE)
    username = rules.plain_username(username)
    if not rules.is_fit_username(username):
        raise problems.USERNAME_UNFIT()
    user, new = User.objects.get_or_create(
        username=username,
        defaults={"name": checks.text(name, "姓名", 60), "organisation": organisation},
    )
    if not new:
        raise problems.USERNAME_TAKEN(username=username)
    password = _hand_out_password(user)
    data = {"username": username, "name": user.name, "organisation": user.organisation_id}
    append(events.USER_CREATED, subject=f"user:{user.pk}", actor=by.name, now=now, data=data)
    return user, password


@transaction.atomic
def reset_password(*, user: User, by: Scope, now: datetime) -> str:
    """A new one-time password for someone else; all sessions of the account end."""
    row = _held(user, by, now)
    password = _hand_out_password(row)
    sessions.end_all(user=row, by=by, now=now)
    append(events.PASSWORD_RESET, subject=f"user:{row.pk}", actor=by.name, now=now, data={})
    return password


@transaction.atomic
def change_password(*, user: User, old: str, new: str, by: Scope, now: datetime) -> User:
    """A person's own new password; problems wrong_password, password_unfit. Other sessions fall out."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.check_password(old):
        raise problems.WRONG_PASSWORD()
    try:
        if old == new:
            raise ValidationError("新密码不能与原密码相同")
        password_validation.validate_password(new, row)
    except ValidationError as error:
        raise problems.PASSWORD_UNFIT(reason="；".join(error.messages)) from error
    row.set_password(new)
    row.must_change_password = False
    row.save(update_fields=["password", "must_change_password"])
    append(events.PASSWORD_CHANGED, subject=f"user:{row.pk}", actor=by.name, now=now, data={})
    return row


@transaction.atomic
def suspend_user(*, user: User, ground: str, by: Scope, now: datetime) -> User:
    """Close an account at once, sessions included; its posts and its history stay."""
    row = _held(user, by, now)
    row.is_active = False
    row.save(update_fields=["is_active"])
    sessions.end_all(user=row, by=by, now=now)
    data = {"ground": checks.text(ground, "停用原因", 300)}
    append(events.USER_SUSPENDED, subject=f"user:{row.pk}", actor=by.name, now=now, data=data)
    return row


@transaction.atomic
def resume_user(*, user: User, by: Scope, now: datetime) -> User:
    """Open a suspended account again, with the password it had."""
    row = _held(user, by, now)
    row.is_active = True
    row.save(update_fields=["is_active"])
    append(events.USER_RESUMED, subject=f"user:{row.pk}", actor=by.name, now=now, data={})
    return row


def _held(user: User, by: Scope, now: datetime) -> User:
    row = User.objects.select_for_update(of=("self",)).select_related("organisation__place").get(pk=user.pk)
    checks.not_oneself(by, row)
    checks.require_person(by, row, day_of(now))
    return row


def _hand_out_password(user: User) -> str:
    password = rules.new_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    return password
