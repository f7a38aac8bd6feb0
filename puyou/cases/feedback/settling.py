"""What the clock sets going: silence settles a verified report, and what lies too long goes to the office above."""

from datetime import datetime, timedelta

from puyou.accounts.scopes import Scope
from puyou.cases import actions as cases
from puyou.cases.feedback.filing import PROCEDURE
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.core.periods import day_of
from puyou.core.problems import Problem
from puyou.standards import queries as standards

SYSTEM = Actor(Scope.system("feedback"))
RULE = "feedback_escalate_days"
OWN = ("received", "accepted", "verifying")  # states in which the office itself is awaited


def settle_silent(*, now: datetime) -> int:
    """Settle verified reports whose reporters said nothing in the rule's days; how many. Safe to repeat."""
    waiting = Case.objects.filter(version__procedure__code=PROCEDURE, state="confirming", closed_at=None)
    return sum(
        _do(pk, revision, "go_silent", {}, now)
        for pk, revision in waiting.order_by("pk").values_list("pk", "revision")
    )


def escalate_overdue(*, now: datetime) -> int:
    """Hand what an office left lying for a dated rule's days beyond its term to the office above; how many."""
    days = standards.find_value(RULE, day_of(now))
    if days is None:
        return 0
    last = day_of(now) - timedelta(days=int(days.number))
    late = Case.objects.filter(
        version__procedure__code=PROCEDURE, state__in=OWN, closed_at=None, due_on__lt=last
    ).exclude(flags__contains=["escalated"])
    told = {"ground": f"超期 {int(days.number)} 天未办，系统上报"}
    return sum(
        _do(pk, revision, "escalate", told, now)
        for pk, revision in late.order_by("pk").values_list("pk", "revision")
    )


def _do(pk: int, revision: int, action: str, data: dict[str, str], now: datetime) -> bool:
    """Whether the action could be done; what is not (yet) so waits for the next time."""
    try:
        cases.perform(case_id=pk, action=action, actor=SYSTEM, data=data, revision=revision, now=now)
    except Problem:
        return False
    return True
