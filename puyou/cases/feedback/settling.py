"""What the clock sets going: silence after a verification settles a report."""

from datetime import datetime

from puyou.accounts.scopes import Scope
from puyou.cases import actions as cases
from puyou.cases.feedback.filing import PROCEDURE
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.core.problems import Problem

SYSTEM = Actor(Scope.system("feedback"))


def settle_silent(*, now: datetime) -> int:
    """Settle verified reports whose reporters said nothing in the rule's days; how many. Safe to repeat."""
    waiting = Case.objects.filter(version__procedure__code=PROCEDURE, state="confirming", closed_at=None)
    return sum(
        _settle(pk, revision, now) for pk, revision in waiting.order_by("pk").values_list("pk", "revision")
    )


def _settle(pk: int, revision: int, now: datetime) -> bool:
    try:
        cases.perform(case_id=pk, action="go_silent", actor=SYSTEM, data={}, revision=revision, now=now)
    except Problem:
        return False
    return True
