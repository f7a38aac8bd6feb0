"""What the page of a case shows of its papers, and what the person may do about them."""

from typing import Any

from django.db.models import QuerySet

from puyou.cases import reading
from puyou.cases.models import Case, CaseDocument, DocumentDraft
from puyou.cases.names import Actor
from puyou.cases.papers import actions, attaching, checklist
from puyou.cases.papers.kinds import KINDS
from puyou.cases.reading import Held


def papers_of(case: Case, actor: Actor, held: frozenset[str]) -> dict[str, Any]:
    """The context of the sections 材料, 附件 and 文书."""
    return _materials(case, held) | _attachments(case, actor, held) | _documents(case, actor, held)


def _materials(case: Case, held: frozenset[str]) -> dict[str, Any]:
    items = checklist.items_of(case, reading.definition_of(case.version_id))
    waits, is_open = any(item.status == checklist.Status.HANDED_IN for item in items), case.closed_at is None
    return {
        "materials": items,
        "may_hand_in": is_open and bool(held & actions.HANDING_IN),
        "may_review": waits and is_open and bool(held & actions.REVIEWING),
    }


def _attachments(case: Case, actor: Actor, held: frozenset[str]) -> dict[str, Any]:
    inside = bool(held & attaching.INSIDE)
    return {
        "attachments": attaching.visible_files(case, actor, held)
        .select_related("by", "withdrawn_by")
        .order_by("pk"),
        "may_attach": inside or (case.closed_at is None and bool(held & attaching.ATTACHING)),
        "sees_originals": inside,
    }


def _documents(case: Case, actor: Actor, held: frozenset[str]) -> dict[str, Any]:
    inside = bool(held & actions.REVIEWING)
    drafts = case.drafts.filter(status=DocumentDraft.Status.DRAFT).select_related("by", "changed_by")
    shown = visible_documents(case, actor, held).defer("data").select_related("by", "template")
    return {
        "documents": shown.prefetch_related("scans__attachment", "services").order_by("-pk"),
        "drafts": [(one, KINDS[one.kind].name) for one in drafts.order_by("pk")] if inside else [],
        "may_issue": inside,
    }


def visible_documents(case: Case, actor: Actor, held: Held = None) -> QuerySet[CaseDocument]:
    """The documents of a case that somebody who sees the case may read: the office all, a side those meant for it."""
    stands = reading.relations_held(case, actor, held)
    if stands & attaching.INSIDE:
        return case.documents.all()
    return case.documents.filter(kind__in=[code for code, kind in KINDS.items() if kind.side in stands])
