"""Recording what a re-check by telephone or on the spot found."""

from datetime import date, datetime

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.audits import events, problems
from puyou.audits.models import AuditItem, AuditResult
from puyou.core import events as log
from puyou.core import formats
from puyou.core.periods import day_of
from puyou.registry.models import Courier

PERMISSION = "audits.record"
Outcome = AuditResult.Outcome
EXPLAINED = {Outcome.REFUTED, Outcome.NOT_ESTABLISHED}


@transaction.atomic
def record_result(
    *,
    item: AuditItem,
    outcome: str,
    method: str,
    checked_on: date,
    note: str = "",
    seen: int | None = None,
    scope: Scope,
    by: User,
    now: datetime,
) -> AuditResult:
    """Record a result; an earlier one is kept, and no longer holds.

    ``seen``: the result that the person saw, 0 for none; another one since is a refusal. Problems: out of scope, own
    visit, dates, no note, changed since.
    """
    held = AuditItem.objects.select_for_update(of=("self",)).select_related("place").get(pk=item.pk)
    scope.require(held.place.path, PERMISSION)
    if held.courier_id and Courier.objects.filter(pk=held.courier_id, user=by).exists():
        raise problems.OWN_VISIT()
    _require_unchanged(held, seen)
    check(held, outcome, method, checked_on, note, now)
    made = AuditResult.objects.create(
        item=held,
        outcome=outcome,
        method=method,
        checked_on=checked_on,
        note=note.strip()[:300],
        by=by,
        at=now,
    )
    data = {"draw": held.draw_id, "visit": str(held.visit_id), "outcome": outcome, "method": method}
    log.append(
        events.RESULT_RECORDED, subject=f"audit_item:{held.pk}", actor=f"user:{by.pk}", now=now, data=data
    )
    return made


def check(item: AuditItem, outcome: str, method: str, checked_on: date, note: str, now: datetime) -> None:
    """Raise the Problem of a result's content."""
    if outcome not in Outcome.values:
        raise problems.UNKNOWN_OUTCOME()
    if method not in AuditResult.Method.values:
        raise problems.UNKNOWN_METHOD()
    if not item.day <= checked_on <= day_of(now):
        raise problems.CHECKED_TOO_EARLY()
    if outcome in EXPLAINED and not note.strip():
        raise problems.NO_NOTE()


def _require_unchanged(item: AuditItem, seen: int | None) -> None:
    latest = item.results.select_related("by").order_by("-pk").first()
    if seen is not None and (latest.pk if latest else 0) != seen:
        assert latest is not None  # results are never taken away
        raise problems.CHANGED(
            name=latest.by.name, at=formats.moment(latest.at), outcome=latest.get_outcome_display()
        )
