"""Noting who says that a file belongs to what; and holding a subject's files back from deletion."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from puyou.core import events as log
from puyou.evidence import events, problems, rules
from puyou.evidence.models import EvidenceHold

GROUND_LIMIT = 200
DELETION_LOCK = 7_064_001  # shared with expiring: a hold and a deletion never cross
# In order of the hash, so that two batches wait for each other in the same order.
MENTION = """
INSERT INTO evidence_mention (sha256, subject, owner, role, taken_at, at)
SELECT sha256, subject, owner, role, taken_at, %s
FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
    WITH ORDINALITY AS t(sha256, subject, owner, role, taken_at, place)
ORDER BY sha256, place ON CONFLICT (sha256, subject) DO NOTHING
"""


class Mention(NamedTuple):
    """That a file belongs to a subject such as ``visit:<uuid>``, said by an owner such as ``device:12``.

    ``role`` is one of rules.ROLES; ``taken_at`` is the owner's word.
    """

    sha256: str
    subject: str
    owner: str
    role: str
    taken_at: datetime | None = None


@transaction.atomic
def mention_files(*, mentions: Sequence[Mention], now: datetime) -> int:
    """Note mentions; returns how many were new. The bytes may have come, or come later, or never.

    Says no event of its own: the caller's says what was taken in. Problem evidence.bad_hash.
    """
    for mention in mentions:
        rules.refuse_bad_hash(mention.sha256)
    if not mentions:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            MENTION,
            [
                now,
                [bytes.fromhex(each.sha256) for each in mentions],
                [each.subject for each in mentions],
                [each.owner for each in mentions],
                [each.role for each in mentions],
                [each.taken_at for each in mentions],
            ],
        )
        return int(cursor.rowcount)


@transaction.atomic
def hold_files(*, subject: str, ground: str, by: str, now: datetime) -> bool:
    """Keep a subject's files, mentioned now or later, until released; False when they were held already."""
    if not 0 < len(ground.strip()) <= GROUND_LIMIT:
        raise problems.NO_GROUND(limit=GROUND_LIMIT)
    lock_deletion()
    if EvidenceHold.objects.filter(subject=subject, released_at=None).exists():
        return False
    EvidenceHold.objects.create(subject=subject, ground=ground.strip(), since=now)
    log.append(events.FILES_HELD, subject=subject, actor=by, now=now, data={"ground": ground.strip()})
    return True


@transaction.atomic
def release_files(*, subject: str, by: str, now: datetime) -> bool:
    """End a hold; False when there was none."""
    ended = EvidenceHold.objects.filter(subject=subject, released_at=None).update(released_at=now)
    if ended:
        log.append(events.FILES_RELEASED, subject=subject, actor=by, now=now, data={})
    return bool(ended)


def lock_deletion() -> None:
    """Let no hold come between the choice of files and their deletion, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DELETION_LOCK])
