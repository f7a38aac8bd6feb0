"""Reading plans and task lists: those of one's own places and of the places above; parts and reports inside only."""

from django.db.models import Q, QuerySet

from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.plans import problems
from puyou.plans.models import Plan, PlanIndicator, Task, TaskList, TaskPart, TaskReport


def _concerns(scope: Scope) -> Q:
    """Places inside the scope, and those above it: what is set for a nation concerns each of its provinces."""
    above = {number for path in scope.paths() if path for number in paths.ids(path)}
    return scope.q("place__path") | Q(place_id__in=above)


def list_plans(scope: Scope) -> QuerySet[Plan]:
    """Plans of one's own places and of those above, latest first."""
    return Plan.objects.filter(_concerns(scope)).select_related("place").order_by("-last_year", "code")


def get_plan(scope: Scope, code: str) -> Plan:
    """One plan; Problem (404) when there is none or it is another place's."""
    found = list_plans(scope).filter(code=code).first()
    if found is None:
        raise problems.UNKNOWN_PLAN()
    return found


def get_plan_indicator(scope: Scope, plan: Plan, pk: int) -> PlanIndicator:
    """One indicator of a plan."""
    found = plan.indicators.select_related("indicator", "plan__place").filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_INDICATOR()
    return found


def list_lists(scope: Scope) -> QuerySet[TaskList]:
    """Task lists of one's own places and of those above, latest first."""
    return (
        TaskList.objects.filter(_concerns(scope)).select_related("place", "plan").order_by("-last_on", "code")
    )


def get_list(scope: Scope, code: str) -> TaskList:
    """One task list; Problem (404) when there is none or it is another place's."""
    found = list_lists(scope).filter(code=code).first()
    if found is None:
        raise problems.UNKNOWN_LIST()
    return found


def get_task(scope: Scope, task_list: TaskList, pk: int) -> Task:
    """One task of a list."""
    found = task_list.tasks.filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_TASK()
    return found


def list_parts(scope: Scope) -> QuerySet[TaskPart]:
    """Parts at places inside the scope, by task and place."""
    found = TaskPart.objects.filter(scope.q("place__path"))
    related = ("place", "task__task_list__place", "task__task_list__plan", "parent__place")
    return found.select_related(*related).order_by("task__task_list", "task__position", "place__code")


def get_part(scope: Scope, pk: int) -> TaskPart:
    """One part; Problem (404) when there is none or it lies outside."""
    found = list_parts(scope).filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_PART()
    return found


def list_reports(scope: Scope) -> QuerySet[TaskReport]:
    """Reports of parts inside the scope, latest first."""
    related = (
        "part__place",
        "part__parent__place",
        "part__task__task_list",
        "by__organisation",
        "decided_by",
    )
    found = TaskReport.objects.filter(scope.q("part__place__path"))
    return found.select_related(*related).prefetch_related("evidence").order_by("-at", "-id")


def get_report(scope: Scope, pk: int) -> TaskReport:
    """One report; Problem (404) when there is none or it lies outside."""
    found = list_reports(scope).filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_REPORT()
    return found
