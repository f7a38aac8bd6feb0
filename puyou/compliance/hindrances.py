"""Judging and reading what couriers report from the field: why a village cannot be served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from puyou.compliance import problems
from puyou.compliance.models import Excuse
from puyou.core.problems import Problem
from puyou.visits import particulars, validators

KIND = "hindrance"
FIELDS = {"village", "ground", "from", "until", "note", "photos", "position"}
GROUNDS = tuple(value for value in Excuse.Ground.values if value != Excuse.Ground.OUTAGE)
LONGEST_DAYS, NOTE_LIMIT = 366, 500
DAY = timedelta(days=1)
Payload = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """A payload as it was understood: the days ``[first, until)``."""

    village: str
    ground: str
    first: date
    until: date
    note: str
    photos: list[dict[str, Any]]
    lon: float | None
    lat: float | None


def check_hindrances(payloads: Sequence[Payload]) -> list[Problem | None]:
    """For each payload of kind hindrance the Problem to refuse it with, or None."""
    found = [_problem_of(payload) for payload in payloads]
    well = [row for row, problem in enumerate(found) if problem is None]
    ids = validators.find_villages([payloads[row]["village"] for row in well])
    for row, place in zip(well, ids, strict=True):
        if place < 0:
            found[row] = problems.UNKNOWN_VILLAGE(field="village", code=payloads[row]["village"])
    return found


def _problem_of(payload: Payload) -> Problem | None:
    try:
        read_report(payload)
    except Problem as problem:
        return problem
    return None


def read_report(payload: Payload) -> Report:
    """What a payload says; a Problem with its ``field`` when it cannot be understood. ``until`` is its last day."""
    _require_fields(payload)
    if payload["ground"] not in GROUNDS:
        raise problems.BAD_FIELD(field="ground", expected=f"应为 {'、'.join(GROUNDS)} 之一")
    first, last = _day(payload, "from"), _day(payload, "until")
    if last < first:
        raise problems.BAD_FIELD(field="until", expected="最后一天不能早于第一天")
    if (last - first).days >= LONGEST_DAYS:
        raise problems.BAD_FIELD(field="until", expected=f"一次至多 {LONGEST_DAYS} 天")
    note = payload["note"] if payload.get("note") is not None else ""
    if note != "" and not particulars.is_text(note, NOTE_LIMIT):
        raise problems.BAD_FIELD(field="note", expected=f"应为至多 {NOTE_LIMIT} 个字符的文字")
    if payload["ground"] == Excuse.Ground.OTHER and not note.strip():
        raise problems.BAD_FIELD(field="note", expected="理由为“其他”时须写明原因")
    position = payload.get("position") or {}
    return Report(
        payload["village"], payload["ground"], first, last + DAY, note.strip(), payload.get("photos") or [],
        position.get("lon"), position.get("lat"),
    )  # fmt: skip


def _require_fields(payload: Payload) -> None:
    for name in payload:
        if name not in FIELDS:
            raise problems.UNKNOWN_FIELD(field=name[:40])
    for name in ("village", "ground", "from", "until"):
        if payload.get(name) is None:
            raise problems.MISSING_FIELD(field=name)
    code = payload["village"]
    if not isinstance(code, str) or len(code) != 12 or not (code.isascii() and code.isdigit()):
        raise problems.BAD_FIELD(field="village", expected="应为 12 位村级区划代码（文字）")
    if payload.get("photos") is not None:
        particulars.check_photos("photos", payload["photos"])
    if payload.get("position") is not None:
        validators.check_position(payload["position"])


def _day(payload: Payload, field: str) -> date:
    text = payload[field]
    try:
        if isinstance(text, str) and len(text) == 10:
            day = date.fromisoformat(text)
            if 2000 <= day.year <= 2100:
                return day
    except ValueError:
        pass
    raise problems.BAD_FIELD(field=field, expected="应为日期，如 2026-11-20")
