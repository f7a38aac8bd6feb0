"""What the phone is told, as msgspec structures: they are written out as they stand here (docs/field.md 5)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec


class Person(msgspec.Struct):
    number: str
    name: str


class AppVersion(msgspec.Struct):
    minimum: int
    current: int
    message: str


class ConsentState(msgspec.Struct):
    """``agreed``: the answer to this version; null when there is none yet."""

    version: str
    text: str
    agreed: bool | None


class RuleValue(msgspec.Struct):
    """``standing``: verified, unverified, or none when no rule says anything."""

    value: bool
    standing: str


class PointOfDay(msgspec.Struct):
    code: str
    name: str
    kind: str
    lon: float | None
    lat: float | None
    villages: list[str]


class DueOfWeek(msgspec.Struct):
    times: int
    period: str
    need: int
    made: int


class VillageOfDay(msgspec.Struct):
    code: str
    name: str
    township: str
    lon: float | None
    lat: float | None
    point: PointOfDay | None
    planned: bool
    order: int
    mode: str
    tag: bool
    due: DueOfWeek | None
    last_visit: date | None
    note: str


class QuestionAsked(msgspec.Struct):
    id: int
    visit: UUID
    village_name: str
    text: str
    asked_at: datetime


class AppealHeard(msgspec.Struct):
    state: str
    at: datetime
    ground: str


class DecisionTold(msgspec.Struct):
    visit: UUID
    village_name: str
    day: date
    decision: str
    ground: str
    at: datetime
    appealable_until: date | None
    appeal: AppealHeard | None


class Outline(msgspec.Struct):
    name: str
    rings: list[list[list[float]]]


class Today(msgspec.Struct):
    """``GET /field/today``: what a day without signal needs. ``nonce`` and ``server_time`` are not part of the ETag."""

    day: date
    app: AppVersion
    courier: Person
    consent: ConsentState
    rules: dict[str, RuleValue]
    villages: list[VillageOfDay]
    questions: list[QuestionAsked]
    decisions: list[DecisionTold]
    outlines: list[Outline]
    practice: bool = False
    on_leave: bool = False
    server_time: datetime | None = None
    nonce: str = ""


class DeviceHeld(msgspec.Struct):
    identifier: str
    valid_from: date
    valid_to: date | None
    last_contact: datetime | None
    standing: str


class DayOfMonth(msgspec.Struct):
    day: date
    visits: int
    counting: int
    findings: int


class OwnVisit(msgspec.Struct):
    id: UUID
    village_name: str
    happened_at: datetime
    received_at: datetime
    standing: str
    score: float | None
    reasons: list[str]
    decision: str
    ground: str
    photos: int


class Kept(msgspec.Struct):
    """A kind of data, why it is kept, and until when: a sentence with the rule that says so."""

    what: str
    why: str
    until: str


class ConsentGiven(msgspec.Struct):
    version: str
    agreed: bool
    at: datetime


class Mark(msgspec.Struct):
    day: date
    event: str
    at: datetime


class Own(msgspec.Struct):
    """``GET /field/me``: everything that is kept about the courier, of one month."""

    courier: Person
    of: str
    devices: list[DeviceHeld]
    month: list[DayOfMonth]
    visits: list[OwnVisit]
    marks: list[Mark]
    consents: list[ConsentGiven]
    retention: list[Kept]


class FoundVillage(msgspec.Struct):
    code: str
    name: str
    township: str
    lon: float | None
    lat: float | None


def encode(value: Any) -> bytes:
    """As JSON."""
    return msgspec.json.encode(value)
