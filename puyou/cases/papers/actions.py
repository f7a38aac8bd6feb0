"""Handing in the papers of a checklist, and reviewing them all at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from puyou.cases import events, notifying, problems, reading
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.papers import checklist
from puyou.cases.papers.checklist import Item, Status
from puyou.cases.papers.models import MaterialRecord
from puyou.cases.relations import visible
from puyou.core import events as log

GROUND_LIMIT = 500
HANDING_IN = frozenset({"office", "operator", "reporter", "handler", "system"})
REVIEWING = frozenset({"office", "system"})
Decisions = Mapping[str, tuple[str, str]]  # code → status and ground


@transaction.atomic
def hand_in_material(*, case_id: int, code: str, actor: Actor, now: datetime) -> MaterialRecord:
    """Say that a paper was handed in; it then waits for review.

    Problems: no such case, not this person's to do, closed, no such paper, handed in or accepted already.
    """
    case = open_case_of(case_id, actor, HANDING_IN)
    item = {one.material.code: one for one in _items(case)}.get(code)
    if item is None:
        raise problems.UNKNOWN_MATERIAL(code=code[:40])
    if not item.is_open:
        raise problems.MATERIAL_STANDS(name=item.material.name, status=item.words)
    record = MaterialRecord.objects.create(
        case=case, code=code, status=Status.HANDED_IN, by=actor.user, at=now
    )
    say(events.MATERIAL_HANDED_IN, case, actor, now, {"material": code})
    return record


@transaction.atomic
def review_materials(*, case_id: int, decisions: Decisions, actor: Actor, now: datetime) -> list[Item]:
    """Accept or return every paper that waits, in one go, so that all that is amiss is told at once (一次告知).

    Returns what is still lacking. The company and the parties are told of it in one notice.
    Problems: no such case, not this person's to do, closed, nothing waits, a paper left undecided, no ground.
    """
    case = open_case_of(case_id, actor, REVIEWING)
    waiting = {item.material.code: item for item in _items(case) if item.status == Status.HANDED_IN}
    if not waiting:
        raise problems.NOTHING_TO_REVIEW()
    if decisions.keys() != waiting.keys():
        names = "、".join(item.material.name for code, item in waiting.items() if code not in decisions)
        raise problems.REVIEW_WHOLE(names=names or "清单已有变化，请重新打开")
    MaterialRecord.objects.bulk_create(
        _decided(case, item, decisions[code], actor, now) for code, item in waiting.items()
    )
    lacking = [item for item in _items(case) if item.is_open]
    said = {code: status for code, (status, _) in decisions.items()}
    say(events.MATERIALS_REVIEWED, case, actor, now, {"decisions": said})
    if lacking:
        notifying.tell_parties(case, f"请补正或提交：{checklist.listed(lacking)}", actor, now)
    return lacking


def _decided(
    case: Case, item: Item, decision: tuple[str, str], actor: Actor, now: datetime
) -> MaterialRecord:
    status, ground = decision[0], decision[1].strip()
    if status not in (Status.ACCEPTED, Status.RETURNED):
        raise problems.REVIEW_WHOLE(names=item.material.name)
    if status == Status.RETURNED and not 1 <= len(ground) <= GROUND_LIMIT:
        raise problems.RETURN_GROUND(name=item.material.name, limit=GROUND_LIMIT)
    return MaterialRecord(
        case=case, code=item.material.code, status=status, ground=ground, by=actor.user, at=now
    )


def open_case_of(case_id: int, actor: Actor, who: frozenset[str]) -> Case:
    """The case, locked, when it is open and one of the relations ``who`` may work on it; else a Problem."""
    case = case_of(case_id, actor, who)
    if case.closed_at is not None:
        raise problems.CLOSED()
    return case


def case_of(case_id: int, actor: Actor, who: frozenset[str]) -> Case:
    """The case, locked, open or closed, when one of the relations ``who`` may work on it; else a Problem."""
    held = Case.objects.select_for_update(of=("self",)).select_related("place").filter(visible(actor))
    case = held.filter(pk=case_id).first()
    if case is None:
        raise problems.UNKNOWN_CASE()
    if not reading.relations_held(case, actor) & who:
        raise problems.NOT_YOURS()
    return case


def _items(case: Case) -> list[Item]:
    return checklist.items_of(case, reading.definition_of(case.version_id))


def say(kind: str, case: Case, actor: Actor, now: datetime, data: Mapping[str, object]) -> None:
    """Enter into the log what happened to a case's papers."""
    log.append(kind, subject=f"case:{case.pk}", actor=actor.name, now=now, data={"case": case.number, **data})
