"""Putting a closed case away: what is in it is fixed, and its digest stands in the log of the whole product."""

import json
from datetime import datetime

from django.db import transaction

from puyou.cases import events, problems, queries
from puyou.cases.archive import contents, packing
from puyou.cases.archive.verifying import INDEX
from puyou.cases.models import Case, CaseArchive
from puyou.cases.names import Actor
from puyou.cases.papers import actions
from puyou.core import chaining


@transaction.atomic
def archive_case(*, case_id: int, actor: Actor, now: datetime) -> CaseArchive:
    """Archive a closed case as it stands; what has not changed since is the same archive and makes no second row.

    Problems: no such case, not the office, not closed, a file that is missing or changed.
    """
    locked = actions.case_of(case_id, actor, actions.REVIEWING)
    if locked.closed_at is None or locked.retain_until is None:
        raise problems.NOT_CLOSED()
    case = queries.get_case(actor.scope, case_id, actor.user)
    texts = contents.texts_of(case)
    data = texts[INDEX].encode()
    sha256, sm3 = chaining.sha256(data).hex(), chaining.sm3(data).hex()
    if held := case.archives.filter(sha256=sha256).first():
        return held
    listed = json.loads(texts[INDEX])["files"]
    made = CaseArchive(
        case=case, revision=case.revision, retain_until=locked.retain_until, files=len(listed),
        size=sum(entry["size"] for entry in listed), texts=texts, sha256=sha256, sm3=sm3, by=actor.user, at=now,
    )  # fmt: skip
    packing.pack(made).close()  # whatever is lost or changed is found now, not when somebody needs it
    made.save(force_insert=True)
    said = {"archive": made.pk, "sha256": sha256, "sm3": sm3, "files": made.files}
    actions.say(events.CASE_ARCHIVED, case, actor, now, said)
    return made


@transaction.atomic
def note_taken(*, archive: CaseArchive, actor: Actor, now: datetime) -> None:
    """Write down that somebody took an archive away: originals are in it."""
    actions.say(
        events.ARCHIVE_TAKEN, archive.case, actor, now, {"archive": archive.pk, "sha256": archive.sha256}
    )


def newest_of(case: Case) -> CaseArchive | None:
    """The latest archive of a case, without its texts."""
    return case.archives.defer("texts").select_related("by").order_by("-pk").first()
