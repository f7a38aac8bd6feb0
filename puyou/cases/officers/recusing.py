"""Keeping away from a case: asked for, decided by somebody else, and then neither acting nor seeing its inner parts."""

from datetime import datetime

from django.db import IntegrityError, transaction

from puyou.accounts.models import User
from puyou.cases import events, names, problems, reading
from puyou.cases.actions.performing import Done, finish
from puyou.cases.definition import Action
from puyou.cases.models import Case, Party, Recusal
from puyou.cases.names import Actor, Performing
from puyou.cases.officers import assigning
from puyou.cases.papers import actions
from puyou.cases.papers.attaching import INSIDE
from puyou.cases.relations import RECUSED
from puyou.core.periods import day_of

ASKING = actions.HANDING_IN
GROUND_LIMIT = 500
RECUSE = Action(code="recuse", name="回避", who=("system",))


@transaction.atomic
def ask_recusal(*, case_id: int, user_id: int, ground: str, actor: Actor, now: datetime) -> Recusal:
    """Ask that an officer keeps away: by that officer, the company, a party or the office.

    Problems: no such case, not this person's to ask, closed, not an officer of this case, no ground, asked already.
    """
    case = actions.open_case_of(case_id, actor, ASKING)
    if user_id not in {user.pk for user in assigning.concerned(case, actor)}:
        raise problems.NO_OFFICER()
    if not 1 <= len(ground.strip()) <= GROUND_LIMIT:
        raise problems.RECUSAL_GROUND(limit=GROUND_LIMIT)
    try:
        with transaction.atomic():
            made = Recusal.objects.create(
                case=case, user_id=user_id, asked_by=actor.user, ground=ground.strip(), asked_at=now
            )
    except IntegrityError as error:
        raise problems.RECUSAL_ASKED() from error
    actions.say(events.RECUSAL_ASKED, case, actor, now, {"recusal": made.pk, "user": user_id})
    return made


@transaction.atomic
def decide_recusal(
    *, case_id: int, recusal_id: int, upheld: bool, ground: str, actor: Actor, now: datetime
) -> Recusal:
    """Decide about it: by somebody of the office who is not the one concerned. Upheld, it stands in the record.

    Problems: no such case or request, not this person's to do, the one concerned, decided already, no ground.
    """
    case = actions.open_case_of(case_id, actor, INSIDE)
    found = case.recusals.select_for_update(of=("self",)).select_related("user").filter(pk=recusal_id).first()
    if found is None:
        raise problems.UNKNOWN_RECUSAL()
    if actor.user is not None and found.user_id == actor.user.pk:
        raise problems.OWN_RECUSAL()
    if found.decision:
        raise problems.RECUSAL_DECIDED(decision=found.get_decision_display())
    if not 1 <= len(ground.strip()) <= GROUND_LIMIT:
        raise problems.RECUSAL_GROUND(limit=GROUND_LIMIT)
    found.decision = Recusal.Decision.UPHELD if upheld else Recusal.Decision.REFUSED
    found.decided_by, found.decided_at, found.decided_ground = actor.user, now, ground.strip()
    found.save(update_fields=["decision", "decided_by", "decided_at", "decided_ground"])
    data = {"recusal": found.pk, "user": found.user_id, "decision": found.decision}
    actions.say(events.RECUSAL_DECIDED, case, actor, now, data)
    if upheld:
        _keep_away(case, found.user, actor, now)
    return found


def _keep_away(case: Case, user: User, actor: Actor, now: datetime) -> None:
    """The record says so; the officer handles and helps no more."""
    day = day_of(now)
    Party.objects.filter(case=case, user=user, valid_to=None).exclude(role=RECUSED).update(valid_to=day)
    Party.objects.create(case=case, user=user, role=RECUSED, valid_from=day)
    if case.handler_id == user.pk:
        case.handler = None
    performing = Performing(case, reading.definition_of(case.version_id), RECUSE, actor, now)
    performing.said["recused"] = user.name
    finish(performing, Done(case.state, case.state, case.flags))


@names.guard("not_recused", "办理人没有被决定回避，也没有待决定的回避申请")
def is_not_recused(performing: Performing) -> str | None:
    """Upheld ones act nowhere, with or without this guard; it stops those about whom nothing was decided yet."""
    user = performing.actor.user
    held = performing.case.recusals.exclude(decision=Recusal.Decision.REFUSED)
    return "对您的回避申请尚未决定" if user is not None and held.filter(user=user).exists() else None
