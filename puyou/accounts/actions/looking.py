"""Looks are deeds: who saw personal data or took a list away, in the log before the answer leaves."""

from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.accounts import events
from puyou.accounts.scopes import Scope
from puyou.core import events as log


@transaction.atomic
def note_look(*, exported: bool, subject: str, data: dict[str, Any], by: Scope, now: datetime) -> None:
    """One event for a page that was shown or a file that was made, never one a row."""
    kind = events.LIST_EXPORTED if exported else events.PERSONAL_READ
    log.append(kind, subject=subject[:120], actor=by.name, now=now, data=data)
