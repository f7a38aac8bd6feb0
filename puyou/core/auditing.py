"""Handing the event log to an auditor: as lines of JSON with its seals, and the anchors kept outside."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from django.db import connection, transaction

from puyou.core import chaining
from puyou.core.chaining import Anchor, Fault, Link
from puyou.core.models import Anchor as KeptAnchor
from puyou.core.models import Seal

HEAD = "puyou-log-1"
# Sealed events in order; then events that stand in no seal and do not wait for one either.
LINES = """
SELECT s.sequence, s.event_id, e.id, e.at, e.kind, e.subject, e.actor, e.data::text, s.digest, s.sm3
FROM core_seal s LEFT JOIN core_event e ON e.id = s.event_id AND e.at = s.event_at
WHERE s.sequence BETWEEN %s AND %s ORDER BY s.sequence
"""
STRANGERS = """
SELECT e.id, e.at, e.kind, e.subject, e.actor, e.data::text FROM core_event e
WHERE NOT EXISTS (SELECT 1 FROM core_seal s WHERE s.event_id = e.id)
    AND NOT EXISTS (SELECT 1 FROM core_unsealed u WHERE u.event_id = e.id) ORDER BY e.id
"""


@transaction.atomic
def export_log(sink: TextIO, first: int = 1, last: int = 2**62) -> int:
    """Write the sealed log from one sequence to another; how many lines. The first line says what comes before."""
    before = Seal.objects.filter(sequence=first - 1).first()
    head = {
        "format": HEAD,
        "first": first,
        "before": {"sha256": _hex(before and before.digest), "sm3": _hex(before and before.sm3)},
    }
    sink.write(json.dumps(head) + "\n")
    count = 0
    for line in _lines(first, last):
        sink.write(json.dumps(line, ensure_ascii=False) + "\n")
        count += 1
    return count


def _hex(value: Any) -> str:
    return bytes(value).hex() if value else ""


def _lines(first: int, last: int) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("DECLARE log NO SCROLL CURSOR FOR " + LINES, [first, last])
        while True:
            cursor.execute("FETCH 5000 FROM log")
            rows = cursor.fetchall()
            if not rows:
                break
            for sequence, _, *event, digest, sm3 in rows:
                yield {"sequence": sequence, "event": _event(event), "sha256": _hex(digest), "sm3": _hex(sm3)}
        cursor.execute("CLOSE log")
        cursor.execute(STRANGERS)
        for event in cursor.fetchall():
            yield {"sequence": None, "event": _event(event), "sha256": "", "sm3": ""}


def _event(event: Any) -> list[Any] | None:
    identifier, at, kind, subject, actor, data = event
    return None if identifier is None else [identifier, at.isoformat(), kind, subject, actor, data]


def kept_anchors() -> list[Anchor]:
    """Every anchor, oldest first, to be printed or sent out."""
    return [
        Anchor(row.day.isoformat(), row.first, row.last, _hex(row.sha256), _hex(row.sm3))
        for row in KeptAnchor.objects.order_by("first")
    ]


def verify(log: Path, anchors: Path | None = None) -> tuple[int, list[Fault]]:
    """How many lines an exported log has, and its faults; needs no database. ValueError: not such a file."""
    with log.open(encoding="utf-8") as source:
        head = json.loads(source.readline() or "null")
        if not isinstance(head, dict) or head.get("format") != HEAD:
            raise ValueError("not an exported log")
        links = [_link(json.loads(line)) for line in source]
    found = chaining.faults(links, head["before"], head["first"])
    if anchors is not None:
        kept = [Anchor(**one) for one in json.loads(anchors.read_text(encoding="utf-8"))]
        found += chaining.anchor_faults(links, kept)
    return len(links), found


def _link(line: dict[str, Any]) -> Link:
    event = line["event"]
    return Link(line["sequence"], tuple(event) if event else None, line["sha256"], line["sm3"])


def plain(faults: list[Fault]) -> list[dict[str, Any]]:
    """Faults as plain values."""
    return [asdict(one) for one in faults]
