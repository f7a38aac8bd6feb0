"""The one write path: permission, guards, data, effects, state, clocks, record, notices, in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.accounts.models import Grant, User, in_force
from puyou.cases import chain, checking, clocks, events, names, notifying, problems, reading, rules, wording
from puyou.cases.models import Case, CaseEvent
from puyou.cases.names import Actor, Performing
from puyou.cases.papers import drafting
from puyou.cases.relations import visible
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.core.steady import steadily


@dataclass(frozen=True)
class Done:
    """Where an action led: the state before, the state after, and the flags now."""

    source: str
    target: str
    flags: Iterable[str]


@transaction.atomic
def perform(
    *, case_id: int, action: str, actor: Actor, data: dict[str, Any], revision: int, now: datetime
) -> Case:
    """Do an action on a case as it stood at ``revision``, whole or not at all.

    Problems: no such case to this person (404), no such action, stale (409, with what changed), denied (409, with the
    reason), bad data (field and reason), and whatever an effect says.
    """
    with steadily():  # an action changes no rule and no calendar: their marks are read once
        return _perform(case_id, action, actor, data, revision, now)


def _perform(
    case_id: int, action: str, actor: Actor, data: dict[str, Any], revision: int, now: datetime
) -> Case:
    case = _locked(case_id, actor)
    if case.revision != revision:
        raise problems.STALE(changes=_changes(case, revision))
    definition = reading.definition_of(case.version_id)
    found = definition.action(action)
    if found is None:
        raise problems.UNKNOWN_ACTION(code=action[:40])
    performing = Performing(case, definition, found, actor, now)
    reason = reading.why_not(performing, reading.relations_held(case, actor))
    if reason is not None:
        raise problems.DENIED(action=found.name, reason=reason)
    performing.data = checking.check(found, data)
    source = case.state
    for effect in names.effects_of(found):
        effect.function(performing)
    target, flags = rules.after(found, source, set(case.flags))
    done = finish(performing, Done(source, target, flags))
    drafting.begin_drafts(performing)
    return done


def _locked(case_id: int, actor: Actor) -> Case:
    held = Case.objects.select_for_update(of=("self",)).select_related("place", "office").filter(pk=case_id)
    case = held.filter(visible(actor)).first()
    if case is None:
        raise problems.UNKNOWN_CASE()
    return case


def _changes(case: Case, revision: int) -> str:
    since = case.events.filter(revision__gt=revision).order_by("revision").values_list("name", flat=True)[:5]
    return "、".join(since) or "版本不符"


def finish(performing: Performing, done: Done) -> Case:
    """Write what an action led to: state, clocks, record, log, notices. Only opening and performing call it."""
    case, now = performing.case, performing.now
    state = performing.definition.state(done.target)
    case.state, case.flags = done.target, sorted(done.flags)
    case.revision += 1
    clocks.apply(performing)
    _close_or_open(performing, done)
    case.words = wording.words_of(case)
    case.save()
    event = _record(performing, done)
    notifying.tell(performing, event)
    kind = events.CASE_ACTED if done.source else events.CASE_OPENED
    said = {
        "case": case.number,
        "action": performing.action.code,
        "revision": case.revision,
        "state": case.state,
    }
    log.append(kind, subject=f"case:{case.pk}", actor=performing.actor.name, now=now, data=said)
    if state.kind == "final" and done.source not in ("", done.target):
        outcome = {"case": case.number, "outcome": case.outcome, "digest": event.digest}
        log.append(
            events.CASE_CLOSED, subject=f"case:{case.pk}", actor=performing.actor.name, now=now, data=outcome
        )
    return case


def _close_or_open(performing: Performing, done: Done) -> None:
    """A final state closes the case: outcome, retention, no clock left running; leaving one opens it again.

    What is done on a closed case and leaves it where it is moves none of that.
    """
    case, state = performing.case, performing.definition.state(done.target)
    if case.closed_at is not None and done.source == done.target:
        return
    if state.kind != "final":
        case.closed_at, case.outcome, case.retain_until = None, "", None
        return
    case.closed_at, case.outcome = performing.now, str(state.outcome)
    case.retain_until = wording.years_later(day_of(performing.now), performing.definition.retention_years)
    clocks.stop_all(case, day_of(performing.now))
    case.due_on = case.warn_on = None


def _record(performing: Performing, done: Done) -> CaseEvent:
    case, actor = performing.case, performing.actor
    before = case.events.order_by("-revision").values_list("digest", flat=True).first() or chain.FIRST
    role, organisation = _standing(actor.user, case, performing.now)
    event = CaseEvent(
        case=case,
        revision=case.revision,
        action=performing.action.code,
        name=performing.action.name,
        source=done.source,
        target=done.target,
        flags=case.flags,
        data=performing.data | performing.said,
        actor=actor.name,
        by=actor.user,
        role=role,
        organisation=organisation,
        at=performing.now,
    )
    event.digest = chain.digest(before, chain.record_of(event))
    event.save(force_insert=True)
    return event


def _standing(user: User | None, case: Case, now: datetime) -> tuple[str, str]:
    """Role and organisation of a person at that time, nearest to the case's place."""
    if user is None:
        return "系统", ""
    held = Grant.objects.filter(
        in_force(day_of(now)), in_force(day_of(now), "post__appointments__"), post__appointments__user=user
    ).values_list("place__path", "role__name", "post__organisation__name")
    fitting = [row for row in held if case.place.path.startswith(row[0])]
    _, role, organisation = max(fitting, key=lambda row: (len(row[0]), row[1]), default=("", "", ""))
    return role, organisation
