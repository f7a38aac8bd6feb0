"""What a supervisor's phone says, kind by kind; ``contracts/supervisor.v1.schema.json`` says the same to programs."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from puyou.cases.feedback import rules as feedback
from puyou.cases.feedback.actions import Position
from puyou.cases.supervisors import problems
from puyou.ingest.envelopes import MOMENT, UUID7

Code = Annotated[str, Meta(pattern=r"\A[0-9]{12}\Z")]
Identifier = Annotated[str, Meta(pattern=UUID7)]
Text = Annotated[str, Meta(max_length=feedback.TEXT_LIMIT)]


class Spot(msgspec.Struct, forbid_unknown_fields=True):
    """Where it was."""

    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    accuracy_m: Annotated[float, Meta(ge=0, le=1_000_000)] | None = None
    fixed_at: str | None = None


class Photo(msgspec.Struct, forbid_unknown_fields=True):
    """A photo by the SHA-256 of its bytes; the bytes follow by themselves."""

    sha256: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    role: str | None = None
    taken_at: Annotated[str, Meta(pattern=MOMENT)] | None = None


Photos = Annotated[list[Photo], Meta(max_length=feedback.PHOTOS_LIMIT)]


class Result(msgspec.Struct, forbid_unknown_fields=True):
    """supervisor_result: what was found, point by point; ``cost_cents``: what a test letter cost, by its slip."""

    task: int
    place: Code
    answers: dict[str, Any]
    note: Text | None = None
    cost_cents: int | None = None
    position: Spot | None = None
    photos: Photos = []


class Declaration(msgspec.Struct, forbid_unknown_fields=True):
    """supervisor_declaration: whether there are ties with a postal company."""

    version: Annotated[int, Meta(ge=1, le=32767)]
    tied: bool
    words: Text = ""


class FreeReport(msgspec.Struct, forbid_unknown_fields=True):
    """supervisor_report: something seen; ``hidden``: the company never learns who reported."""

    category: Annotated[str, Meta(max_length=40)]
    place: Code
    text: Text
    hidden: bool = True
    position: Spot | None = None
    photos: Photos = []


class Confirming(msgspec.Struct, forbid_unknown_fields=True):
    """supervisor_confirmation: whether one's own report is fixed."""

    report: Identifier
    fixed: bool
    text: Text = ""


class Rated(msgspec.Struct, forbid_unknown_fields=True):
    """supervisor_rating: how good the result is, 1 to 5."""

    report: Identifier
    score: Annotated[int, Meta(ge=1, le=5)]
    text: Text = ""


class TakenBack(msgspec.Struct, forbid_unknown_fields=True):
    """supervisor_withdrawal: one's own report is taken back before anybody accepted it."""

    report: Identifier
    text: Text = ""


KINDS: dict[str, type[msgspec.Struct]] = {
    "supervisor_result": Result,
    "supervisor_declaration": Declaration,
    "supervisor_report": FreeReport,
    "supervisor_confirmation": Confirming,
    "supervisor_rating": Rated,
    "supervisor_withdrawal": TakenBack,
}
Said = TypeVar("Said", bound=msgspec.Struct)


def read(payload: dict[str, Any], kind: type[Said]) -> Said:
    """A payload in its shape. Problem bad_payload with what is wrong."""
    try:
        return msgspec.convert(payload, kind)
    except msgspec.ValidationError as error:
        where = str(error).rpartition("`$")[2].strip("`. ") if "`$" in str(error) else ""
        raise problems.BAD_PAYLOAD(field=where[:40] or "payload") from error


def position_of(spot: Spot | None) -> Position | None:
    """A position as reports and results keep it."""
    return Position(spot.lon, spot.lat, spot.accuracy_m) if spot else None


def schema() -> dict[str, Any]:
    """The kinds for programs: JSON Schema, one definition a kind."""
    _, parts = msgspec.json.schema_components(KINDS.values(), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:puyou:supervisor:1",
        "title": "Payloads of a supervisor's phone, version 1, by kind",
        "kinds": {kind: {"$ref": f"#/$defs/{struct.__name__}"} for kind, struct in KINDS.items()},
        "$defs": parts,
    }
