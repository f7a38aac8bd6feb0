"""What the page of a case shows of what stands beside it."""

from typing import Any

from puyou.cases.beside import links, notes
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.papers.attaching import INSIDE


def beside(case: Case, actor: Actor, held: frozenset[str]) -> dict[str, Any]:
    """The context of the sections 备注, 关联案件 and 移送."""
    ties, besides = links.ties_of(case, actor, held)
    moves = case.transfers.select_related("source", "target", "by", "place_before").order_by("-pk")
    return {
        "notes": list(notes.visible_notes(case, actor, held)),
        "may_note": bool(held & notes.WRITING),
        "ties": ties,
        "ties_besides": besides,
        "may_link": bool(held & INSIDE),
        "transfers": list(moves) if held & INSIDE else [],
    }
