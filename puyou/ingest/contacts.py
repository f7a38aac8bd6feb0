"""Noting when a phone was heard, how far its clock is off and which app it runs, without a write for every call."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from puyou.ingest import rules, storing
from puyou.ingest.tokens import Bearer

EVERY = timedelta(minutes=1)
SKEW_CHANGE = 1.0  # seconds of skew worth a write


class Contact(NamedTuple):
    """What a call tells of its phone: the clock's skew, the app's version where it was told."""

    skew: float
    app: int | None = None


def is_worth_noting(token: Bearer, said: Contact, now: datetime) -> bool:
    """Whether something changed, or the last note is a minute old."""
    if token.heard_at is None or abs(said.skew - token.skew_seconds) >= SKEW_CHANGE:
        return True
    return now - token.heard_at >= EVERY or said.app not in (None, token.app)


@transaction.atomic
def note_contact(
    *, token: Bearer, now: datetime, device_time: datetime | None = None, app: int | None = None
) -> None:
    """A phone called without sending envelopes: it was heard. Says no event: contacts are no decisions."""
    said = Contact(rules.estimate_skew(device_time, now, token.skew_seconds), app)
    if is_worth_noting(token, said, now):
        storing.note_contacts([storing.Heard(token.device_id, now, said.skew, said.app)])
