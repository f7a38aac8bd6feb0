"""What the phone is told about each envelope; it may forget an envelope only after one of the first two."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

import msgspec

from puyou.core.problems import Problem
from puyou.ingest.versions import App


class Receipt(msgspec.Struct, omit_defaults=True):
    """One item's answer: when it was first received, or a code and a sentence when it was refused."""

    id: str | None
    status: Literal["accepted", "duplicate", "refused"]
    received_at: str | None = None
    code: str | None = None
    field: str | None = None
    message: str | None = None


class Answer(msgspec.Struct):
    """The answer to a batch: one receipt per item, in order, and what the phone needs for its next signature."""

    receipts: list[Receipt]
    nonce: str
    server_time: datetime
    app: App


def kept(identifier: str, received_at: datetime, *, first: bool) -> Receipt:
    """The receipt of an envelope that is safe here."""
    return Receipt(identifier, "accepted" if first else "duplicate", received_at=_spelled(received_at))


@lru_cache(maxsize=64)  # all of a batch were received at one moment
def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def refused(identifier: str | None, problem: Problem) -> Receipt:
    """The receipt of an envelope that was not taken; its code is the reason without the room."""
    room, _, code = problem.code.partition(".")
    room, _, code = problem.code.partition(".")
    field = problem.details.get("field")
    path = f"{field}" if room == "ingest" else f"payload.{field}"  # other rooms judge the payload only
    return Receipt(identifier, "refused", code=code, message=problem.message, field=path if field else None)
