"""Reading supervisors, rounds and tasks: lists inside what somebody may handle, and what the app is told."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.cases.relations import HANDLE
from puyou.cases.supervisors import certificates, problems
from puyou.cases.supervisors.models import (
    Candidate,
    CandidateReview,
    Commendation,
    PointEntry,
    RecruitmentRound,
    Supervisor,
    SupervisorReport,
    SupervisorTask,
    SupervisorTerm,
    TaskAssignment,
    TaskResult,
    TrainingCompletion,
)


def list_rounds(scope: Scope) -> QuerySet[RecruitmentRound]:
    """Rounds in sight, each with its ``candidates_count`` and ``appointed_count``."""
    rows = RecruitmentRound.objects.filter(scope.q("place__path", HANDLE)).select_related("place", "office")
    people = Candidate.objects.filter(round=OuterRef("pk"))
    return rows.annotate(
        candidates_count=_count(people), appointed_count=_count(people.filter(supervisor__isnull=False))
    )


def get_round(scope: Scope, pk: int) -> RecruitmentRound:
    """A round in sight, or a Problem."""
    return _one(list_rounds(scope), pk, problems.UNKNOWN_ROUND)  # type: ignore[no-any-return]


def list_candidates(scope: Scope) -> QuerySet[Candidate]:
    """Candidates in sight, each with its latest ``decision`` (empty when nobody decided)."""
    latest = CandidateReview.objects.filter(candidate=OuterRef("pk")).order_by("-pk").values("decision")[:1]
    rows = Candidate.objects.filter(scope.q("place__path", HANDLE)).select_related("place", "supervisor")
    return rows.annotate(decision=Coalesce(Subquery(latest), Value("")))


def get_candidate(scope: Scope, pk: int) -> Candidate:
    """A candidate in sight, or a Problem."""
    rows = list_candidates(scope).select_related("place", "supervisor", "round__place")
    return _one(rows, pk, problems.UNKNOWN_CANDIDATE)  # type: ignore[no-any-return]


def list_supervisors(scope: Scope, today: date) -> QuerySet[Supervisor]:
    """Supervisors in sight, with ``active``, ``until`` (first day after), ``points_sum``, ``tasks``, ``done``."""
    terms = SupervisorTerm.objects.filter(supervisor=OuterRef("pk"))
    points = PointEntry.objects.filter(supervisor=OuterRef("pk")).order_by().values("supervisor")
    asked = TaskAssignment.objects.filter(supervisor=OuterRef("pk"))
    rows = Supervisor.objects.filter(scope.q("place__path", HANDLE)).select_related("place", "office")
    return rows.annotate(
        active=Exists(terms.filter(in_force(today))),
        until=Subquery(terms.order_by("-valid_to").values("valid_to")[:1]),
        points_sum=Coalesce(
            Subquery(points.annotate(n=Sum("points")).values("n"), output_field=IntegerField()), Value(0)
        ),
        tasks=_count(asked),
        done=_count(asked.filter(Exists(TaskResult.objects.filter(assignment=OuterRef("pk"))))),
    )


def get_supervisor(scope: Scope, pk: int, today: date) -> Supervisor:
    """A supervisor in sight, or a Problem."""
    return _one(list_supervisors(scope, today), pk, problems.UNKNOWN_SUPERVISOR)  # type: ignore[no-any-return]


def reports_count(supervisor: Supervisor) -> int:
    """How many reports came from a supervisor; which ones, only their cases say."""
    return SupervisorReport.objects.filter(supervisor=supervisor).count()


def list_tasks(scope: Scope) -> QuerySet[SupervisorTask]:
    """Tasks in sight, each with ``asked`` (supervisors), ``reported`` and ``wanting`` (by latest results)."""
    asked = TaskAssignment.objects.filter(task=OuterRef("pk"))
    results = TaskResult.objects.filter(assignment=OuterRef("pk")).order_by("-pk")
    latest_bad = asked.annotate(last=Subquery(results.values("bad__len")[:1])).filter(last__gt=0)
    rows = SupervisorTask.objects.filter(scope.q("place__path", HANDLE)).select_related("place", "checklist")
    return rows.annotate(
        asked=_count(asked), reported=_count(asked.filter(Exists(results))), wanting=_count(latest_bad)
    )


def get_task(scope: Scope, pk: int) -> SupervisorTask:
    """A task in sight, or a Problem."""
    return _one(list_tasks(scope), pk, problems.UNKNOWN_TASK)  # type: ignore[no-any-return]


def list_commendations(scope: Scope) -> QuerySet[Commendation]:
    """Honours of supervisors in sight."""
    rows = Commendation.objects.filter(scope.q("supervisor__place__path", HANDLE))
    return rows.select_related("supervisor__place")


def list_trainings(scope: Scope) -> QuerySet[TrainingCompletion]:
    """Lessons that supervisors in sight finished."""
    rows = TrainingCompletion.objects.filter(scope.q("supervisor__place__path", HANDLE))
    return rows.select_related("supervisor__place")


def list_open_assignments(supervisor: Supervisor, today: date) -> QuerySet[TaskAssignment]:
    """What a supervisor is asked to do and may still report, soonest due first; with ``results_count``."""
    rows = TaskAssignment.objects.filter(
        supervisor=supervisor, task__ended_at=None, task__opens_on__lte=today
    )
    return (
        rows.select_related("task__checklist", "task__place")
        .annotate(results_count=Count("results"))
        .order_by("task__due_on", "pk")
    )


def points_of(supervisor: Supervisor) -> int:
    """The sum of a supervisor's points."""
    return supervisor.points.aggregate(all=Sum("points"))["all"] or 0


def certificate_of(supervisor: Supervisor) -> dict[str, Any]:
    """Number, code and term of a supervisor's certificate, as the phone shows it."""
    span = supervisor.terms.aggregate(first=Min("valid_from"), after=Max("valid_to"))
    return {
        "number": supervisor.number,
        "code": certificates.code_for(supervisor.number),
        "from": span["first"],
        "to": span["after"],
    }


def verify_address(supervisor: Supervisor) -> str:
    """The page where anybody may check the certificate."""
    code = certificates.code_for(supervisor.number)
    return f"/cases/supervisors/certificate/{quote(supervisor.number)}/{code}/"


def find_certificate(number: str, code: str) -> Supervisor:
    """The supervisor of a number with its code; the same Problem (404) whichever is wrong."""
    known = certificates.fits(number, code)
    found = Supervisor.objects.filter(number=number).select_related("office").first()
    if found is None or not known:
        raise problems.BAD_CERTIFICATE()
    return found


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _one(rows: QuerySet[Any], pk: int, unknown: Any) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise unknown()
    return found
