"""Demo accounts: one person of each kind at one place, with random passwords that only this machine knows."""

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from puyou.accounts import problems, roles, rules
from puyou.accounts.actions import accounts, sessions
from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.places import queries as places
from puyou.places.models import Place

WITH_HEADS = (roles.PROVINCIAL, roles.COMPANY)  # offices where one fills a return and another signs it


@dataclass(frozen=True)
class DemoAccount:
    """A demo account as printed; ``password`` is None when it was changed since or is not known here."""

    username: str
    name: str
    role: str
    place: str
    password: str | None


@transaction.atomic
def create_demo_accounts(*, now: datetime, place_code: str, renew: bool = False) -> list[DemoAccount]:
    """Make sure that each kind of demo account exists at a place (a province, or a city or county of one).

    Repeatable: existing accounts keep their passwords, read back from PUYOU_HOME/demo_accounts.json (0600);
    ``renew`` gives new ones. Problem accounts.demo_refused with an external database.
    """
    if settings.EXTERNAL_DATABASE:
        raise problems.DEMO_REFUSED()
    by, kept = Scope.system("demo"), _kept()
    cast = _cast(place_code)
    said = [_account(kind, place, kept, renew, by, now) for kind, place in cast]
    said += [
        _account(kind, place, kept, renew, by, now, head=True) for kind, place in cast if kind in WITH_HEADS
    ]
    kept.update({account.username: account.password for account in said if account.password})
    transaction.on_commit(lambda: _keep(kept))
    return said


def _account(
    kind: roles.RoleKind,
    place: Place,
    kept: dict[str, str],
    renew: bool,
    by: Scope,
    now: datetime,
    head: bool = False,
) -> DemoAccount:
    post = "负责人" if head else kind.post
    username = f"{kind.demo}{'-head' if head else ''}{place.code[: 2 * place.level]}"
    name = rules.office_label(kind.kind, place.level, place.name)
    account = DemoAccount(username, f"{name} {post}", kind.name, place.name, None)
    user = User.objects.filter(username=username).first()
    if user is None:
        user, password = accounts.open_account(
            username=username, name=f"演示{post}", role=kind.code, place=place, by=by, now=now
        )
    elif renew:
        password = rules.new_password()
        user.set_password(password)
        sessions.end_all(user=user, by=by, now=now)
    else:
        known = kept.get(username)
        return replace(account, password=known if known and user.check_password(known) else None)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    return replace(account, password=password)


def _cast(place_code: str) -> list[tuple[roles.RoleKind, Place]]:
    """Who there is, and where: the nation, and a province, city and county on one line of the tree."""
    given = places.get_place(place_code)
    line = {0: _first(Place.objects.filter(level=0, valid_to=None)), **_above(given)}
    province = line.get(1) or _below(line[0], 1)
    city = line.get(2) or _below(province, 2)
    line.update({1: province, 2: city, 3: line.get(3) or _below(city, 3)})
    cast = [(kind, line[kind.demo_level]) for kind in roles.CATALOGUE]
    if any(place is None for _, place in cast):
        raise problems.DEMO_PLACE_UNFIT(place=given.name)
    return [(kind, place) for kind, place in cast if place is not None]


def _above(place: Place) -> dict[int, Place | None]:
    """The place and its ancestors by level."""
    ids = paths.ids(place.path)
    return {above.level: above for above in Place.objects.filter(pk__in=ids)}


def _below(place: Place | None, level: int) -> Place | None:
    """A place of a level inside another: rural counties first, and 贵州 first among provinces."""
    if place is None:
        return None
    inside = Place.objects.filter(level=level, path__startswith=place.path, kind="admin", valid_to=None)
    likely = inside.filter(code__startswith="52") if level == 1 else inside.filter(name__endswith="县")
    return _first(likely) or _first(inside)


def _first(rows: QuerySet[Place]) -> Place | None:
    return rows.order_by("code").first()


def _file() -> Path:
    return Path(settings.PUYOU_HOME) / "demo_accounts.json"


def _kept() -> dict[str, str]:
    try:
        return {row["username"]: row["password"] for row in json.loads(_file().read_text("utf-8"))}
    except FileNotFoundError:
        return {}


def _keep(passwords: dict[str, str]) -> None:
    rows = [{"username": username, "password": password} for username, password in sorted(passwords.items())]
    draft = _file().with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sink:
        json.dump(rows, sink, ensure_ascii=False, indent=1)
    draft.replace(_file())
