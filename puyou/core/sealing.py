"""Chaining committed events: each seal's digest covers its event and the seal before it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from puyou.core import chaining, clock
from puyou.core.models import Anchor, Seal
from puyou.core.periods import day_of

BATCH = 5_000
LOCK = 7_011_001  # one sealer at a time


def digest(previous: bytes, row: tuple[int, datetime, str, str, str, Any]) -> bytes:
    """SHA-256 over the seal before and the event's canonical JSON."""
    return chaining.sha256(previous + chaining.spell(row))


@transaction.atomic
def seal_pending() -> int:
    """Seal committed events that have no seal yet, in id order; returns how many. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not (cursor.fetchone() or [False])[0]:
            return 0
        cursor.execute("SELECT sequence, digest, sm3 FROM core_seal ORDER BY sequence DESC LIMIT 1")
        sequence, previous, second = cursor.fetchone() or (0, b"", b"")
        cursor.execute(
            "WITH taken AS (DELETE FROM core_unsealed WHERE event_id IN"
            " (SELECT event_id FROM core_unsealed ORDER BY event_id LIMIT %s) RETURNING event_id, at)"
            " SELECT e.id, e.at, e.kind, e.subject, e.actor, e.data::text FROM core_event e"
            " JOIN taken t ON t.event_id = e.id AND t.at = e.at ORDER BY e.id",
            [BATCH],
        )
        rows = cursor.fetchall()
        seals = []
        for row in rows:
            text = chaining.spell(row)
            sequence, previous = sequence + 1, chaining.sha256(bytes(previous) + text)
            second = chaining.sm3(bytes(second or b"") + text)
            seals.append((sequence, row[0], row[1], previous, second))
        cursor.executemany(
            "INSERT INTO core_seal (sequence, event_id, event_at, digest, sm3) VALUES (%s, %s, %s, %s, %s)",
            seals,
        )
    return len(rows)


def anchor_day() -> int:
    """Make yesterday's anchor over all seals since the one before, unless there is one; how many were made (0 or 1)."""
    return int(_anchor(clock.now()) is not None)


@transaction.atomic
def _anchor(now: datetime) -> Anchor | None:
    yesterday = day_of(now) - timedelta(days=1)
    newest = Anchor.objects.order_by("-last").first()
    if newest is not None and newest.day >= yesterday:
        return None
    first = newest.last + 1 if newest else 1
    seals = list(Seal.objects.filter(sequence__gte=first).order_by("sequence").values_list("digest", "sm3"))
    if not seals:
        return None
    return Anchor.objects.create(
        day=yesterday,
        first=first,
        last=first + len(seals) - 1,
        sha256=chaining.merkle_root([bytes(one) for one, _ in seals], "sha256"),
        sm3=chaining.merkle_root([bytes(two or b"") for _, two in seals], "sm3"),
        at=now,
    )
