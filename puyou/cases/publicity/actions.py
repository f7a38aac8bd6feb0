"""Publishing how a case ended, and taking that back."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from puyou.accounts.scopes import Scope
from puyou.cases import events, grounds, problems, reading
from puyou.cases.models import Case, Publication
from puyou.cases.names import Actor
from puyou.cases.papers.actions import REVIEWING, case_of, say
from puyou.cases.publicity import rules
from puyou.cases.relations import below
from puyou.core.periods import day_of

TITLE_LIMIT, SUMMARY_LIMIT = 120, 2000
WITHDRAWN = ("withdrawn",)  # what its reporter took back is nobody else's business


@transaction.atomic
def publish_case(*, case_id: int, title: str, summary: str, actor: Actor, now: datetime) -> Publication:
    """Publish how a case ended: the words of its procedure for the public, and a summary that the office wrote.

    Problems: no such case, not this person's to do, not closed or withdrawn, words missing or with personal numbers,
    published already.
    """
    case = case_of(case_id, actor, REVIEWING)
    if case.closed_at is None or case.outcome in WITHDRAWN:
        raise problems.NOT_PUBLISHABLE()
    title, summary = title.strip(), summary.replace("\r\n", "\n").strip()
    if not 1 <= len(title) <= TITLE_LIMIT or not 1 <= len(summary) <= SUMMARY_LIMIT:
        raise problems.PUBLIC_WORDS(title=TITLE_LIMIT, summary=SUMMARY_LIMIT)
    names_held = case.parties.exclude(name="").values_list("name", flat=True)
    if found := rules.personal_in(f"{title}\n{summary}", names_held):
        raise problems.PERSONAL_WORDS(kinds="、".join(found))
    snapshot = snapshot_of(case, title, summary)
    try:
        with transaction.atomic():
            made = Publication.objects.create(
                case=case, title=title, path=case.place.path, snapshot=snapshot, sha256=digest_of(snapshot),
                by=actor.user, at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise problems.PUBLISHED_ALREADY() from error
    say(events.CASE_PUBLISHED, case, actor, now, {"publication": made.pk, "sha256": made.sha256})
    return made


def snapshot_of(case: Case, title: str, summary: str) -> dict[str, Any]:
    """What everybody reads; people and companies' people are not in it."""
    definition = reading.definition_of(case.version_id)
    state = definition.state(case.state)
    return {
        "number": case.number,
        "title": title,
        "procedure": definition.name,
        "legal_basis": definition.legal_basis,
        "place": case.place.name,
        "place_code": case.place.code,
        "office": case.office.name,
        "operator": case.operator.name if case.operator and case.shared else "",
        "outcome": state.public or state.name,
        "opened_on": str(day_of(case.opened_at)),
        "closed_on": str(day_of(case.closed_at)) if case.closed_at else "",
        "summary": summary,
    }


def digest_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of a snapshot spelt in one way."""
    return hashlib.sha256(json.dumps(snapshot, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def withdraw_publication(
    *, case_id: int, publication_id: int, ground: str, actor: Actor, now: datetime
) -> Publication:
    """Show it no more, with a ground; its row stays. Problems: no such one, withdrawn already, no ground."""
    case = case_of(case_id, actor, REVIEWING)
    found = case.publications.select_for_update().filter(pk=publication_id, withdrawn_at=None).first()
    if found is None:
        raise problems.UNKNOWN_PUBLICATION()
    ground = grounds.taken_back(ground)
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_ground = now, actor.user, ground
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_ground"])
    say(events.PUBLICATION_WITHDRAWN, case, actor, now, {"publication": found.pk, "ground": ground})
    return found


def list_publications(scope: Scope, text: str = "", path: str = "") -> QuerySet[Publication]:
    """What is published, newest first, the same for everybody; ``text`` in its title, at and below ``path``.

    What was opened again since, closed anew or not, is shown no more: its result no longer holds.
    """
    still = Publication.objects.filter(withdrawn_at=None, case__closed_at__lte=F("at"))
    found = still.order_by("-at", "-pk")
    if text:
        found = found.filter(title__contains=text)
    return found.filter(below(path)) if path else found
