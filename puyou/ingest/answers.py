"""The shapes of the API's answers, for its description and for the slower addresses."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema


class Failure(Schema):
    """Any refusal of a whole request."""

    code: str
    message: str
    details: dict[str, Any] = {}


class ReceiptItem(Schema):
    """One item's answer."""

    id: UUID | None
    status: Literal["accepted", "duplicate", "refused"]
    received_at: datetime | None = None
    code: str | None = None
    field: str | None = None
    message: str | None = None


class Receipts(Schema):
    """One receipt per item, in order."""

    receipts: list[ReceiptItem]


class EnvelopeState(Schema):
    """Where an accepted envelope is."""

    id: UUID
    kind: str
    state: Literal["accepted", "taken", "quarantined"]
    happened_at: datetime
    received_at: datetime
    skew_seconds: float
    code: str | None = None
    message: str | None = None
