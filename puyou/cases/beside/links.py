"""Ties between cases: made with a ground, read from both ends, ended with a ground."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from puyou.cases import events, grounds, problems, reading
from puyou.cases.models import Case, CaseLink
from puyou.cases.names import Actor
from puyou.cases.papers import actions
from puyou.cases.papers.attaching import INSIDE
from puyou.cases.reading import Held
from puyou.cases.relations import visible

GROUND_LIMIT = 200
BY_HAND = (CaseLink.Kind.RELATED, CaseLink.Kind.DUPLICATE_OF, CaseLink.Kind.FOLLOWS_FROM)
BACKWARDS = {
    CaseLink.Kind.RELATED: "相关",
    CaseLink.Kind.DUPLICATE_OF: "有重复",
    CaseLink.Kind.FOLLOWS_FROM: "引出",
    CaseLink.Kind.MERGED_INTO: "并入此案",
}


@dataclass(frozen=True)
class Tie:
    """A tie as one of its ends tells it: ``other`` is the case at the other end."""

    link: CaseLink
    other: Case
    words: str
    from_here: bool


def find_other(number: str, actor: Actor) -> Case:
    """The case of a number among those that somebody may see; Problem when there is none."""
    found = Case.objects.filter(visible(actor), number=number.strip()).select_related("place").first()
    if found is None:
        raise problems.UNKNOWN_NUMBER(number=number.strip()[:60])
    return found


@transaction.atomic
def link_cases(*, case_id: int, number: str, kind: str, ground: str, actor: Actor, now: datetime) -> CaseLink:
    """Tie a case to another of a number. By the office of the first; both must be visible to it.

    Problems: no such case, not this person's to do, no such number, itself, tied already, no such kind.
    """
    case, other = actions.case_of(case_id, actor, INSIDE), find_other(number, actor)
    if kind not in BY_HAND:
        raise problems.BAD_DATA(field="关联方式", reason="请从所列选项中选择")
    if len(ground.strip()) > GROUND_LIMIT:
        raise problems.BAD_DATA(field="说明", reason=f"最多 {GROUND_LIMIT} 个字")
    made = tie(case, other, CaseLink.Kind(kind), ground.strip(), actor, now)
    data = {"link": made.pk, "other": other.number, "kind": kind}
    actions.say(events.CASE_LINKED, case, actor, now, data)
    return made


def tie(case: Case, other: Case, kind: CaseLink.Kind, ground: str, actor: Actor, now: datetime) -> CaseLink:
    """Write a tie down. Problems: with itself, tied this way already."""
    if case.pk == other.pk:
        raise problems.LINK_TO_ITSELF()
    either = Q(case=case, other=other)
    if kind == CaseLink.Kind.RELATED:
        either |= Q(case=other, other=case)
    if CaseLink.objects.filter(either, kind=kind, ended_at=None).exists():
        raise problems.LINKED_ALREADY(number=other.number)
    return CaseLink.objects.create(case=case, other=other, kind=kind, ground=ground, by=actor.user, at=now)


@transaction.atomic
def unlink_cases(*, case_id: int, link_id: int, ground: str, actor: Actor, now: datetime) -> CaseLink:
    """End a tie, from either end, with a ground. What was merged is parted by its own action only.

    Problems: no such case or tie, not this person's to do, ended already, no ground.
    """
    case = actions.case_of(case_id, actor, INSIDE)
    found = CaseLink.objects.select_for_update().filter(Q(case=case) | Q(other=case), pk=link_id).first()
    if found is None or found.kind == CaseLink.Kind.MERGED_INTO or found.ended_at is not None:
        raise problems.UNKNOWN_LINK()
    ground = grounds.taken_back(ground)
    end(found, ground, actor, now)
    data = {"link": found.pk, "kind": found.kind, "ground": ground}
    actions.say(events.CASE_UNLINKED, case, actor, now, data)
    return found


def end(link: CaseLink, ground: str, actor: Actor, now: datetime) -> None:
    """Say that a tie holds no more."""
    link.ended_at, link.ended_by, link.ended_ground = now, actor.user, ground
    link.save(update_fields=["ended_at", "ended_by", "ended_ground"])


def ties_of(case: Case, actor: Actor, held: Held = None) -> tuple[list[Tie], int]:
    """The ties of a case to cases that somebody may see, and how many there are besides (told to the office alone)."""
    links = list(
        CaseLink.objects.filter(Q(case=case) | Q(other=case), ended_at=None)
        .select_related("by")
        .order_by("-at", "-pk")
    )
    ends = {link.other_id if link.case_id == case.pk else link.case_id for link in links}
    found = Case.objects.filter(visible(actor), pk__in=ends).select_related("place", "version__procedure")
    seen = {one.pk: one for one in found}
    shown = list(_told(case, links, seen))
    inside = bool(reading.relations_held(case, actor, held) & INSIDE)
    return shown, len(links) - len(shown) if inside else 0


def _told(case: Case, links: Iterable[CaseLink], seen: dict[int, Case]) -> Iterable[Tie]:
    for link in links:
        from_here = link.case_id == case.pk
        other = seen.get(link.other_id if from_here else link.case_id)
        if other is not None:
            kind = CaseLink.Kind(link.kind)
            yield Tie(link, other, str(kind.label) if from_here else BACKWARDS[kind], from_here)
