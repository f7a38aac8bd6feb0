"""Drafts of documents: begun by an action or by hand, written on by the office, issued or thrown away."""

from datetime import datetime

from django.db import transaction

from puyou.cases import events, grounds, problems, reading
from puyou.cases.models import Case, DocumentDraft
from puyou.cases.names import Actor, Performing
from puyou.cases.papers.actions import REVIEWING, case_of, say
from puyou.cases.papers.kinds import KINDS, OPERATOR, filled
from puyou.cases.papers.templating import TEXT_LIMIT, template_of
from puyou.core import formats
from puyou.core.periods import day_of

TO_LIMIT = 100


def begin_drafts(performing: Performing) -> None:
    """A draft of each document that the action produces, in the words of the template in force."""
    for kind in performing.action.documents:
        begin_draft(performing.case, kind, performing.actor, performing.now, performing.action.code)


def begin_draft(case: Case, kind: str, actor: Actor, now: datetime, action: str = "") -> DocumentDraft:
    """A draft with its first words filled in. Problem: no such kind."""
    template = template_of(kind, day_of(now))
    return DocumentDraft.objects.create(
        case=case, kind=kind, template=template, action=action, to=addressee(case, kind),
        text=filled(template.text, values_of(case, now)), by=actor.user, at=now, changed_at=now,
    )  # fmt: skip


def addressee(case: Case, kind: str) -> str:
    """Whom a document is for, as far as the case knows; a reporter is never named by the product."""
    if KINDS[kind].side == OPERATOR:
        return case.operator.name if case.operator else ""
    return "反映人"


def values_of(case: Case, now: datetime) -> dict[str, str]:
    """What the fields of first words stand for."""
    definition = reading.definition_of(case.version_id)
    return {
        "事项": case.title,
        "地点": case.place.name,
        "企业": case.operator.name if case.operator else "",
        "机关": case.office.name,
        "日期": formats.day(day_of(now)),
        "依据": definition.legal_basis,
        "状态": definition.state(case.state).name,
        "案号": case.number,
        "到期日": formats.day(case.due_on) if case.due_on else "",
    }


@transaction.atomic
def save_draft(
    *, case_id: int, draft_id: int, to: str, text: str, seen: datetime, actor: Actor, now: datetime
) -> DocumentDraft:
    """Write on a draft as it was ``seen``; Problems: no such case or draft, not this person's, stale, issued, empty."""
    case, found = draft_of(case_id, draft_id, actor)
    if found.changed_at != seen:
        raise problems.STALE(changes="文书稿已被修改")
    found.to, found.text = checked(to, text)
    found.changed_at, found.changed_by = now, actor.user
    found.save(update_fields=["to", "text", "changed_at", "changed_by"])
    say(events.DRAFT_SAVED, case, actor, now, {"draft": found.pk, "kind": found.kind})
    return found


@transaction.atomic
def drop_draft(*, case_id: int, draft_id: int, ground: str, actor: Actor, now: datetime) -> DocumentDraft:
    """Throw a draft away with a ground; its row stays."""
    case, found = draft_of(case_id, draft_id, actor)
    ground = grounds.taken_back(ground)
    found.status, found.ground = DocumentDraft.Status.DROPPED, ground
    found.changed_at, found.changed_by = now, actor.user
    found.save(update_fields=["status", "ground", "changed_at", "changed_by"])
    say(events.DRAFT_DROPPED, case, actor, now, {"draft": found.pk, "ground": ground})
    return found


def draft_of(case_id: int, draft_id: int, actor: Actor) -> tuple[Case, DocumentDraft]:
    """The case and its draft, locked, for the office, open or closed; Problem when it is no draft any more."""
    case = case_of(case_id, actor, REVIEWING)
    found = case.drafts.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if found is None:
        raise problems.UNKNOWN_DRAFT()
    if found.status != DocumentDraft.Status.DRAFT:
        raise problems.NO_DRAFT_ANY_MORE(status=found.get_status_display())
    return case, found


def checked(to: str, text: str) -> tuple[str, str]:
    """Addressee and words, trimmed. Problem: empty or too long."""
    to, text = to.strip(), text.replace("\r\n", "\n").strip()
    if not 1 <= len(to) <= TO_LIMIT or not 1 <= len(text) <= TEXT_LIMIT or "\x00" in to + text:
        raise problems.DOCUMENT_TEXT(limit=TEXT_LIMIT)
    return to, text
