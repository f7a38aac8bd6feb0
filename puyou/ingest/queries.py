"""What became of an envelope, and how long the queue is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from puyou.accounts.scopes import Scope
from puyou.ingest import problems
from puyou.ingest.fleet import list_device_keys, list_device_standings, list_enrolment_codes, list_fleet
from puyou.ingest.models import Envelope, Identity, Pending, Quarantine
from puyou.ingest.proof_columns import ProofColumns, proofs_of
from puyou.registry.models import Courier

__all__ = [
    "ProofColumns",
    "State",
    "get_state",
    "list_device_keys",
    "list_device_standings",
    "list_enrolment_codes",
    "list_fleet",
    "oldest_pending_at",
    "proofs_of",
]


@dataclass(frozen=True)
class State:
    """Where an accepted envelope is: waiting (accepted), understood (taken), or set aside with a reason."""

    id: UUID
    kind: str
    state: Literal["accepted", "taken", "quarantined"]
    happened_at: datetime
    received_at: datetime
    skew_seconds: float
    code: str | None = None
    message: str | None = None


def get_state(scope: Scope, identifier: UUID, *, device_id: int | None = None) -> State:
    """What became of an envelope: of the device's own, or of a courier whose office lies in scope.

    Problem ingest.unknown_envelope also when it exists and is not the asker's to know.
    """
    identity = Identity.objects.filter(id=identifier).first()
    envelope = identity and Envelope.objects.filter(id=identifier, received_at=identity.received_at).first()
    if not envelope or not _may_see(scope, envelope, device_id):
        raise problems.UNKNOWN_ENVELOPE(id=identifier)
    reason = Quarantine.objects.filter(envelope_id=identifier).first()
    waiting = Pending.objects.filter(envelope_id=identifier).exists()
    return State(
        id=identifier,
        kind=envelope.kind,
        state="quarantined" if reason else "accepted" if waiting else "taken",
        happened_at=envelope.happened_at,
        received_at=envelope.received_at,
        skew_seconds=envelope.skew_seconds,
        code=reason.code if reason else None,
        message=reason.message if reason else None,
    )


def _may_see(scope: Scope, envelope: Envelope, device_id: int | None) -> bool:
    if device_id is not None:
        return envelope.device_id == device_id
    if scope.everything:
        return True
    office = (
        Courier.objects.filter(pk=envelope.courier_id)
        .values_list("organisation__place__path", flat=True)
        .first()
    )
    return office is not None and scope.covers(office)


def oldest_pending_at(scope: Scope) -> datetime | None:
    """When the longest waiting envelope was received; a figure of the system, alike for every scope."""
    del scope
    return Pending.objects.order_by("received_at").values_list("received_at", flat=True).first()
