"""The shapes of the API's answers, for its description and for the slower addresses."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


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


class AppVersions(Schema):
    """The oldest field app that may go on, and the newest."""

    minimum: int
    current: int


class Receipts(Schema):
    """One receipt per item, in order; and what the next signature needs: the nonce."""

    receipts: list[ReceiptItem]
    nonce: str
    server_time: datetime
    app: AppVersions


class EnrolmentRequest(Schema):
    """What a phone says to a code: its own identifier, its public key, and a signature that shows it holds it."""

    code: str = Field(max_length=40)
    device: str = Field(max_length=64)
    key: dict[str, Any]
    label: str = Field("", max_length=200)
    phone: str = Field("", max_length=200)
    signature: str = Field(max_length=200)


class CourierName(Schema):
    """Who the code was for."""

    number: str
    name: str


class EnrolmentAnswer(Schema):
    """A phone that may speak now; the token is told this once."""

    token: str
    device: str
    key_id: str
    courier: CourierName
    nonce: str
    server_time: datetime
    app: AppVersions


class Version(AppVersions):
    """Which field app we know, and what to tell the one that asks."""

    message: str


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
