"""The event log: what happened, said in the transaction in which it happened."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from puyou.core import partitions

_declared: dict[str, str] = {}
_wakers: dict[str, Callable[[], None]] = {}
CHANNEL = "puyou"


def declare(code: str, chinese: str) -> str:
    """Enter an event kind (``thing.past_participle``) with its Chinese name; once only."""
    if code in _declared:
        raise ValueError(f"event {code} is declared twice")
    _declared[code] = chinese
    return code


def declared() -> dict[str, str]:
    """Every declared kind with its Chinese name."""
    return dict(_declared)


def append(kind: str, *, subject: str, actor: str, now: datetime, data: dict[str, Any]) -> int:
    """Write one event inside the caller's transaction and wake whoever listens when it commits.

    Returns the event's id. ``data`` must be JSON; ``actor`` is a scope's name such as ``user:12``.
    """
    if kind not in _declared:
        raise ValueError(f"event {kind} is not declared")
    partitions.ensure_months("core_event", [now.astimezone(UTC).date()])
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH event AS (INSERT INTO core_event (at, kind, subject, actor, data) VALUES (%s, %s, %s, %s, %s)"
            " RETURNING id, at) INSERT INTO core_unsealed SELECT id, at FROM event RETURNING event_id",
            [now, kind, subject, actor, json.dumps(data, ensure_ascii=False, default=str)],
        )
        row = cursor.fetchone()
    assert row is not None
    _wake_once(kind)
    return int(row[0])


def _wake_once(kind: str) -> None:
    """Wake at the commit, once for all events of a kind in a transaction, however many were said."""
    waker, standing = _wakers.setdefault(kind, partial(_wake, kind)), set(connection.savepoint_ids)
    if not any(entry[1] is waker and entry[0] <= standing for entry in connection.run_on_commit):
        transaction.on_commit(waker)


def _wake(kind: str) -> None:
    """Tell the worker. After the commit, because a NOTIFY inside it makes all commits queue for one lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, kind])
