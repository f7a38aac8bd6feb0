"""Reading one envelope: its limits, its canonical form and its fields, before anybody asks what it means."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from puyou.core.problems import Problem
from puyou.ingest import canonical, problems, rules

BYTES_LIMIT = 64 * 1024
DEPTH_LIMIT = 8  # the envelope itself is level 1
UUID7 = r"\A[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\Z"
MOMENT = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
_MOMENT = re.compile(MOMENT)
ShortText = Annotated[str, Meta(min_length=1, max_length=200)]


class Proof(msgspec.Struct, forbid_unknown_fields=True):
    """A signature by the device's key, chained to the envelope before; checked after acceptance, refusing nothing."""

    key_id: ShortText
    alg: Literal["es256", "sm2"]
    nonce: ShortText
    signature: Annotated[str, Meta(min_length=1, max_length=2000)]
    prev: ShortText | None = None


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """The fields of contracts 4, version 1."""

    schema: Literal[1]
    id: Annotated[str, Meta(pattern=UUID7)]
    kind: Annotated[str, Meta(min_length=1, max_length=30)]
    happened_at: Annotated[str, Meta(pattern=MOMENT)]
    counter: Annotated[int, Meta(ge=0, le=canonical.SAFE_INTEGER)]
    device: Annotated[str, Meta(min_length=1, max_length=64)]
    source: Literal["app", "pda", "paper", "receiver", "inspector"]
    payload: dict[str, Any]
    proof: Proof | None = None


EXPECTED = {
    "schema": "应为整数 1",
    "id": "应为 UUIDv7",
    "kind": "应为 1 至 30 个字符的文字",
    "happened_at": "应为带时区偏移的 RFC 3339 时间，不早于 1970 年，例如 2026-10-01T09:30:00+08:00",
    "counter": "应为不小于 0 的整数",
    "device": "应为 1 至 64 个字符的文字",
    "source": "应为 app、pda、paper、receiver、inspector 之一",
    "payload": "应为 JSON 对象",
    "proof": "应含 key_id、alg（es256 或 sm2）、nonce、signature，可含 prev",
}


class Reading(NamedTuple):
    """An envelope that could be read: what the door itself needs of it, and its canonical form."""

    id: str
    kind: str
    happened_at: datetime
    device: str
    payload: dict[str, Any]
    canonical: bytes
    digest: bytes
    has_proof: bool


def read(raw: bytes) -> Reading:
    """Read one envelope or raise the Problem to refuse it with. ValueError when it is no JSON at all."""
    if len(raw) > BYTES_LIMIT:
        raise problems.TOO_LARGE(bytes=len(raw), limit=BYTES_LIMIT)
    try:
        value, text = canonical.spell(raw)
    except RecursionError as error:
        raise problems.TOO_DEEP(limit=DEPTH_LIMIT) from error
    if not isinstance(value, dict):
        raise problems.NOT_AN_OBJECT()
    if raw.count(b"{") + raw.count(b"[") > DEPTH_LIMIT and _deeper_than(value, DEPTH_LIMIT):
        raise problems.TOO_DEEP(limit=DEPTH_LIMIT)
    try:
        fields = msgspec.convert(value, Envelope)
    except msgspec.ValidationError as error:
        raise _complaint(str(error)) from error
    happened_at = _parsed(fields.happened_at)  # its pattern was checked with the fields
    if happened_at is None:
        raise problems.BAD_FIELD(field="happened_at", expected=EXPECTED["happened_at"])
    return Reading(
        fields.id.lower(),
        fields.kind,
        happened_at,
        fields.device,
        fields.payload,
        text,
        canonical.digest(text),
        fields.proof is not None,
    )


def moment_or_none(text: str) -> datetime | None:
    """An RFC 3339 text with offset as an aware moment; None when it is none or lies before 1970."""
    return _parsed(text) if _MOMENT.match(text) else None


def _parsed(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
        return parsed if parsed.timestamp() >= rules.EARLIEST else None
    except (ValueError, OverflowError):
        return None


def peek_id(raw: bytes) -> str | None:
    """The id of an item that was refused, when it can be told; for the receipt only."""
    try:
        named = _peek.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return named.id if re.search(UUID7, named.id) else None


class _Named(msgspec.Struct):
    id: str


_peek = msgspec.json.Decoder(_Named)
_PATH = re.compile(r"`\$\.?([a-z_]+)?")
_FIELD = re.compile(r"field `([^`]{0,40})")


def _complaint(message: str) -> Problem:
    """The reader's English sentence as a problem with a field."""
    path = _PATH.search(message)
    field = path[1] if path and path[1] else ""
    if not field:
        named = _FIELD.search(message)
        kind = problems.MISSING_FIELD if "missing required" in message else problems.UNKNOWN_FIELD
        return kind(field=named[1] if named else "?")
    return problems.BAD_FIELD(field=field, expected=EXPECTED.get(field, "格式不对"))


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(isinstance(inner, dict | list) for inner in level)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
