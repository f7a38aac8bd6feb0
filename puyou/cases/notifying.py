"""Telling people in the product what happened to their case."""

from datetime import datetime

from puyou.accounts.models import Grant, in_force
from puyou.cases.definition import Action
from puyou.cases.models import Case, CaseEvent, CaseNotice
from puyou.cases.names import Actor, Performing
from puyou.cases.reading import definition_of
from puyou.cases.relations import ANSWER, HANDLE
from puyou.core.paths import ids
from puyou.core.periods import day_of


def tell(performing: Performing, event: CaseEvent) -> None:
    """A notice to everyone who watches, and to the relations that the action names; never to who acted."""
    case, action = performing.case, performing.action
    people = set(case.watches.values_list("user_id", flat=True))
    for relation in action.notifies:
        people |= _people(performing, relation)
    _notify(case, people, action.name, event.by_id, event.at)


def tell_parties(case: Case, sentence: str, actor: Actor, now: datetime) -> None:
    """A notice to the company concerned, the parties and the handler; never to who acted."""
    telling = Action(code="tell", name="告知", who=("system",))
    performing = Performing(case, definition_of(case.version_id), telling, actor, now)
    people: set[int] = set()
    for relation in ("operator", "reporter", "handler"):
        people |= _people(performing, relation)
    _notify(case, people, sentence, actor.user.pk if actor.user else None, now)


def tell_inside(case: Case, sentence: str, actor: Actor, now: datetime) -> None:
    """A notice to the handler and to everyone who watches; never to who acted."""
    people = set(case.watches.values_list("user_id", flat=True))
    if case.handler_id is not None:
        people.add(case.handler_id)
    _notify(case, people, sentence, actor.user.pk if actor.user else None, now)


def _notify(case: Case, people: set[int], said: str, acted: int | None, at: datetime) -> None:
    sentence = f"{case.title}：{said}"[:300]
    CaseNotice.objects.bulk_create(
        CaseNotice(case=case, user_id=user, sentence=sentence, at=at) for user in sorted(people - {acted})
    )


def _people(performing: Performing, relation: str) -> set[int]:
    case = performing.case
    if relation == "handler":
        return {case.handler_id} - {None}  # type: ignore[return-value]
    if relation == "office":
        return _holders(performing, HANDLE, post__organisation=case.office_id)
    if relation == "operator":
        return _holders(performing, ANSWER, organisation=case.operator_id) if case.shared else set()
    held = case.parties.filter(in_force(day_of(performing.now)), role=relation).exclude(user=None)
    return set(held.values_list("user_id", flat=True))


def _holders(performing: Performing, permission: str, **office: object) -> set[int]:
    """People who hold a permission at the case's place through the office or company, fifty at most."""
    day, place = day_of(performing.now), performing.case.place
    held = Grant.objects.filter(
        in_force(day),
        in_force(day, "post__appointments__"),
        place_id__in=ids(place.path),
        role__permissions__contains=[permission],
        **office,
    )
    return set(held.values_list("post__appointments__user", flat=True)[:50])
