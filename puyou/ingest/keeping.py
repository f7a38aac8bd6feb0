"""Keeping what several phones sent at once: one transaction for all of them, an event for each batch.

A busy web process commits for everybody who waits (core.together). Nobody is answered before the commit that holds his
envelopes, and of one id that came in two batches at once the first has it.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import DataError, IntegrityError, transaction

from puyou.core import events as log
from puyou.core.together import Together
from puyou.ingest import contacts, events, storing
from puyou.ingest.contacts import Contact
from puyou.ingest.envelopes import Reading
from puyou.ingest.storing import Heard, Known, Sent
from puyou.ingest.tokens import Bearer

Told = dict[str, Known]


class Batch(NamedTuple):
    """What one phone sent and what is worth keeping of it; ids are distinct within it."""

    readings: Sequence[Reading]
    token: Bearer
    said: Contact
    now: datetime


def keep_batch(batch: Batch) -> Told:
    """Store what is new, durably, maybe with others' batches; what the identity table holds for each id."""
    if not batch.readings:
        return {}
    storing.ensure_partitions(batch.now)
    return _together.ask(batch)


def keep_batches(batches: Sequence[Batch]) -> list[Told]:
    """Store what is new in all batches in one transaction; for each what is held, ``fresh`` where it was first."""
    firsts = _share_out(batches)
    with transaction.atomic():
        storing.guard()
        held = storing.store(
            [_sent(batch, each) for batch, mine in zip(batches, firsts, strict=True) for each in mine]
        )
        said = [_accepted(batch, mine, held) for batch, mine in zip(batches, firsts, strict=True)]
        log.append_all([event for event in said if event is not None])
        heard = [
            _heard(batch) for batch in batches if contacts.is_worth_noting(batch.token, batch.said, batch.now)
        ]
        if heard:
            storing.note_contacts(heard)
    return [_told(batch, mine, held) for batch, mine in zip(batches, firsts, strict=True)]


def _share_out(batches: Sequence[Batch]) -> list[list[Reading]]:
    """Of each batch what no batch before it holds."""
    seen: set[str] = set()
    found: list[list[Reading]] = []
    for batch in batches:
        found.append([each for each in batch.readings if each.id not in seen])
        seen |= {each.id for each in batch.readings}
    return found


def _sent(batch: Batch, reading: Reading) -> Sent:
    return Sent(reading, batch.now, float(batch.said.skew), batch.token.device_id, batch.token.courier_id)


def _heard(batch: Batch) -> Heard:
    return Heard(batch.token.device_id, batch.now, float(batch.said.skew), batch.said.app)


def _accepted(batch: Batch, mine: Sequence[Reading], held: Told) -> log.Said | None:
    """The event of a batch that brought something new: how many, and one digest over all of them in order of id."""
    digests = [each.digest for each in sorted(mine, key=lambda each: each.id) if held[each.id].fresh]
    if not digests:
        return None
    device = f"device:{batch.token.device_id}"
    whole = hashlib.sha256(b"".join(digests)).hexdigest()
    data = {"count": len(digests), "digest": whole, "courier": batch.token.courier_id}
    return log.Said(events.BATCH_ACCEPTED, device, device, batch.now, data)


def _told(batch: Batch, mine: Sequence[Reading], held: Told) -> Told:
    own = {each.id for each in mine}
    return {
        each.id: held[each.id] if each.id in own else held[each.id]._replace(fresh=False)
        for each in batch.readings
    }


_together = Together(
    keep_batches, most=1000, weigh=lambda batch: len(batch.readings), alone=(DataError, IntegrityError)
)
