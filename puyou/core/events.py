"""The event log: what happened, said in the transaction in which it happened."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import connection, transaction

from puyou.core import partitions, prepared

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


class Said(NamedTuple):
    """One event to be written: what happened to what, by whom and when; ``data`` must be JSON."""

    kind: str
    subject: str
    actor: str
    at: datetime
    data: dict[str, Any]


APPEND = """
WITH said AS (
    SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])
        WITH ORDINALITY AS t(at, kind, subject, actor, data, row)
), event AS (
    INSERT INTO core_event (at, kind, subject, actor, data)
    SELECT at, kind, subject, actor, data::jsonb FROM said ORDER BY row RETURNING id, at
) INSERT INTO core_unsealed SELECT id, at FROM event ORDER BY id RETURNING event_id
"""


def append(kind: str, *, subject: str, actor: str, now: datetime, data: dict[str, Any]) -> int:
    """Write one event inside the caller's transaction and wake whoever listens when it commits.

    Returns the event's id. ``data`` must be JSON; ``actor`` is a scope's name such as ``user:12``.
    """
    return append_all([Said(kind, subject, actor, now, data)])[0]


def append_all(said: Sequence[Said]) -> list[int]:
    """Write events inside the caller's transaction, in order, by one statement; their ids."""
    if not said:
        return []
    for kind in {each.kind for each in said} - _declared.keys():
        raise ValueError(f"event {kind} is not declared")
    partitions.ensure_months("core_event", {each.at.astimezone(UTC).date() for each in said})
    rows = [
        (each.at, each.kind, each.subject, each.actor, json.dumps(each.data, ensure_ascii=False, default=str))
        for each in said
    ]
    ids = [row[0] for row in prepared.run(APPEND, [list(column) for column in zip(*rows, strict=True)])]
    for kind in dict.fromkeys(each.kind for each in said):
        _wake_once(kind)
    return ids


def _wake_once(kind: str) -> None:
    """Wake at the commit, once for all events of a kind in a transaction, however many were said."""
    waker, standing = _wakers.setdefault(kind, partial(_wake, kind)), set(connection.savepoint_ids)
    if not any(entry[1] is waker and entry[0] <= standing for entry in connection.run_on_commit):
        transaction.on_commit(waker)


def _wake(kind: str) -> None:
    """Tell the worker. After the commit, because a NOTIFY inside it makes all commits queue for one lock."""
    prepared.run("SELECT pg_notify(%s, %s)", [CHANNEL, kind])
