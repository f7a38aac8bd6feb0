"""Deciding on excuses. Verdicts are judged again, never edited."""

from datetime import datetime

from django.db import transaction

from puyou.accounts.models import Grant, Organisation, User, in_force
from puyou.accounts.scopes import Scope
from puyou.compliance import events, problems
from puyou.compliance.actions.judging import judge_places
from puyou.compliance.models import Excuse
from puyou.core import events as log
from puyou.core.periods import day_of

PERMISSION = "compliance.approve_excuse"


@transaction.atomic
def approve_excuse(*, excuse: Excuse, note: str = "", scope: Scope, by: User, now: datetime) -> Excuse:
    """Accept a ground for days without delivery and judge the days again.

    The approver holds the permission at the place through a regulator's post, and is neither the applicant
    nor of the applicant's company. Problems: not a regulator, own application, out of scope, already decided.
    """
    held = _held(excuse, "批准")
    _require_approver(held, scope, by, now)
    _decide(held, Excuse.Status.APPROVED, note, by, now)
    log.append(
        events.EXCUSE_APPROVED, subject=f"excuse:{held.pk}", actor=scope.name, now=now, data=_said(held)
    )
    judge_places(
        among=[held.place], first=held.valid_from, last=held.valid_to, cause="excuse", now=now, by=scope.name
    )
    return held


@transaction.atomic
def reject_excuse(*, excuse: Excuse, note: str, scope: Scope, by: User, now: datetime) -> Excuse:
    """Refuse a ground; the same people may who may approve."""
    held = _held(excuse, "否决")
    _require_approver(held, scope, by, now)
    _decide(held, Excuse.Status.REJECTED, note, by, now)
    log.append(
        events.EXCUSE_REJECTED, subject=f"excuse:{held.pk}", actor=scope.name, now=now, data=_said(held)
    )
    return held


@transaction.atomic
def withdraw_excuse(*, excuse: Excuse, note: str = "", scope: Scope, by: User, now: datetime) -> Excuse:
    """Take back a proposal (its proposer) or a mistaken approval (who may approve); days are judged again."""
    held = Excuse.objects.select_for_update(of=("self",)).select_related("place").get(pk=excuse.pk)
    approved = held.status == Excuse.Status.APPROVED
    if approved:
        _require_approver(held, scope, by, now)
    elif held.status != Excuse.Status.PROPOSED:
        raise problems.DECIDED(status=held.get_status_display(), verb="撤回")
    elif held.proposed_by_id != by.pk:
        raise problems.NOT_THE_APPLICANT()
    _decide(held, Excuse.Status.WITHDRAWN, note, by, now)
    log.append(
        events.EXCUSE_WITHDRAWN, subject=f"excuse:{held.pk}", actor=scope.name, now=now, data=_said(held)
    )
    if approved:
        judge_places(
            among=[held.place],
            first=held.valid_from,
            last=held.valid_to,
            cause="excuse",
            now=now,
            by=scope.name,
        )
    return held


def _held(excuse: Excuse, verb: str) -> Excuse:
    held = Excuse.objects.select_for_update(of=("self",)).select_related("place").get(pk=excuse.pk)
    if held.status != Excuse.Status.PROPOSED:
        raise problems.DECIDED(status=held.get_status_display(), verb=verb)
    return held


def _require_approver(excuse: Excuse, scope: Scope, by: User, now: datetime) -> None:
    scope.require(excuse.place.path, PERMISSION)
    holding = [
        (kind, organisation, path)
        for kind, organisation, path in Grant.objects.filter(
            in_force(day_of(now)),
            in_force(day_of(now), "post__appointments__"),
            post__appointments__user=by,
            role__permissions__contains=[PERMISSION],
        ).values_list("post__organisation__kind", "post__organisation_id", "place__path")
        if excuse.place.path.startswith(path)
    ]
    if not any(kind == Organisation.Kind.REGULATOR for kind, _, _ in holding):
        raise problems.NOT_A_REGULATOR()
    if excuse.proposed_by_id == by.pk or excuse.applicant_id in _organisations(by, now):
        raise problems.OWN_APPLICATION()


def _organisations(by: User, now: datetime) -> set[int]:
    """Every organisation in which a person holds a post; one in the applicant's company disqualifies."""
    held = by.appointments.filter(in_force(day_of(now))).values_list("post__organisation_id", flat=True)
    return set(held)


def _decide(excuse: Excuse, status: str, note: str, by: User, now: datetime) -> None:
    excuse.status, excuse.decision_note = status, note.strip()
    excuse.decided_by, excuse.decided_at = by, now
    excuse.save(update_fields=["status", "decision_note", "decided_by", "decided_at"])


def _said(excuse: Excuse) -> dict[str, object]:
    return {
        "place": excuse.place_id,
        "from": excuse.valid_from,
        "to": excuse.valid_to,
        "ground": excuse.ground,
        "document": excuse.document,
    }
