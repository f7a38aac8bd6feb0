"""Verifying: what an office notes when it has looked for itself, and what later visits in the village prove."""

from datetime import datetime
from typing import Any

from puyou.accounts.scopes import Scope
from puyou.cases.feedback import problems
from puyou.cases.feedback.models import Report, Verification
from puyou.cases.models import Case
from puyou.cases.names import Performing
from puyou.core import formats
from puyou.core.periods import day_of
from puyou.visits import queries as visits

SYSTEM = Scope.system("feedback")
VILLAGE = 5


def last_of(case: Case) -> Verification | None:
    """The newest verification of a case's report."""
    return Verification.objects.filter(report__case=case).order_by("-pk").first()


def note(performing: Performing, report: Report, result: Verification.Result) -> None:
    """Write a verification down as an action does it: how, with what result, on which evidence."""
    method = performing.data["method"]
    proof = (
        _proof(performing, report) if method == Verification.Method.VISITS else evidence_of(performing.case)
    )
    if method == Verification.Method.PHOTO and not proof and not report.photos:
        raise problems.NO_EVIDENCE(method=Verification.Method.PHOTO.label)
    Verification.objects.create(
        report=report,
        method=method,
        result=result,
        text=performing.data.get("text", ""),
        evidence=proof,
        revision=performing.case.revision + 1,
        by=performing.actor.user,
        at=performing.now,
    )
    cause = performing.data.get("cause") or ("none" if result == Verification.Result.REFUTED else "")
    if cause:
        Report.objects.filter(pk=report.pk).update(cause=cause)
    performing.said["verification"] = {"result": str(result), "evidence": proof}


def _proof(performing: Performing, report: Report) -> list[dict[str, Any]]:
    """Counting visits in the village since the company last spoke; Problem when there is none."""
    if not report.category.by_visits:
        raise problems.NOT_BY_VISITS(category=report.category.name)
    since = _answered_at(performing.case) or report.filed_at
    found = visits_since(report, since)
    if not found:
        raise problems.NO_VISIT(since=formats.moment(since), place=report.place.name)
    return found


def _answered_at(case: Case) -> datetime | None:
    said = case.events.filter(action__in=("answer_fixed", "report_done", "deny", "answer"))
    return said.order_by("-revision").values_list("at", flat=True).first()


def visits_since(report: Report, since: datetime, limit: int = 10) -> list[dict[str, Any]]:
    """Visits in the report's village after a moment that count, newest first; none where it names no village."""
    if report.place.level != VILLAGE:
        return []
    held = visits.list_visits(SYSTEM, report.place).filter(happened_at__gt=since, counting=True)
    rows = held.filter(day__gte=day_of(since)).values_list("pk", "day", "happened_at")[:limit]
    return [{"visit": str(pk), "day": str(day), "at": at.isoformat()} for pk, day, at in rows]


def evidence_of(case: Case) -> list[dict[str, Any]]:
    """The case's attachments by name and hash, as they stand."""
    held = case.attachments.filter(withdrawn_at=None).order_by("pk")
    return [dict(row) for row in held.values("name", "sha256", "shared")]
