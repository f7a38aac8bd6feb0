"""What the page of a case shows of its papers, and what the person may do about them."""

from typing import Any

from puyou.cases import reading
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.papers import actions, attaching, checklist


def papers_of(case: Case, actor: Actor) -> dict[str, Any]:
    """The context of the sections 材料, 附件 and 文书."""
    held = reading.relations_held(case, actor)
    return _materials(case, held) | _attachments(case, actor, held) | _documents(case, held)


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
        "attachments": attaching.visible_files(case, actor)
        .select_related("by", "withdrawn_by")
        .order_by("pk"),
        "may_attach": inside or (case.closed_at is None and bool(held & attaching.ATTACHING)),
        "sees_originals": inside,
    }


def _documents(case: Case, held: frozenset[str]) -> dict[str, Any]:
    return {
        "documents": case.documents.defer("data").select_related("by").order_by("-pk"),
        "may_issue": case.closed_at is None and bool(held & actions.REVIEWING),
    }
