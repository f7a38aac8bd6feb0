"""Notes beside a case: written, read by those they are for, taken back with a ground; never changed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from puyou.cases import events, grounds, problems, reading
from puyou.cases.models import Case, CaseNote
from puyou.cases.names import Actor
from puyou.cases.papers import actions
from puyou.cases.papers.attaching import INSIDE, side_of
from puyou.cases.reading import Held

WRITING = actions.HANDING_IN
LIMIT, MOST = 2000, 1000


@transaction.atomic
def add_note(*, case_id: int, text: str, shared: bool, actor: Actor, now: datetime) -> CaseNote:
    """Write a note, for one's own side or (``shared``) for every party; open or closed.

    Problems: no such case, not this person's to do, empty or too long, too many.
    """
    case, said = actions.case_of(case_id, actor, WRITING), text.strip()
    if not 1 <= len(said) <= LIMIT or "\x00" in said:
        raise problems.NOTE_TEXT(limit=LIMIT)
    if case.notes.count() >= MOST:
        raise problems.TOO_MANY_NOTES(limit=MOST)
    made = CaseNote.objects.create(
        case=case, text=said, side=side_of(case, actor), shared=shared, by=actor.user, at=now
    )
    actions.say(events.NOTE_ADDED, case, actor, now, {"note": made.pk, "shared": shared})
    return made


@transaction.atomic
def withdraw_note(*, case_id: int, note_id: int, ground: str, actor: Actor, now: datetime) -> CaseNote:
    """Take one's own note back with a ground; its row stays.

    Problems: no such case or note, somebody else's, taken back already, no ground.
    """
    case = actions.case_of(case_id, actor, WRITING)
    found = visible_notes(case, actor).select_for_update(of=("self",)).filter(pk=note_id).first()
    if found is None:
        raise problems.UNKNOWN_NOTE()
    if found.by_id != (actor.user.pk if actor.user else None):
        raise problems.NOT_YOURS()
    if found.withdrawn_at is not None:
        raise problems.NOTE_WITHDRAWN()
    ground = grounds.taken_back(ground)
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_ground = now, actor.user, ground
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_ground"])
    actions.say(events.NOTE_WITHDRAWN, case, actor, now, {"note": found.pk, "ground": ground})
    return found


def visible_notes(case: Case, actor: Actor, held: Held = None) -> QuerySet[CaseNote]:
    """The notes of a case that somebody who sees the case may read: the office all, else shared or their side's."""
    stands = reading.relations_held(case, actor, held)
    found = case.notes.select_related("by", "withdrawn_by").order_by("-at", "-pk")
    return found if stands & INSIDE else found.filter(Q(shared=True) | Q(side__in=stands))
