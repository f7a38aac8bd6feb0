"""Jobs of the alcove: what its rhythms do."""

from puyou.cases.feedback import actions
from puyou.core import clock


def settle_silent() -> int:
    """Settle verified reports whose reporters stayed silent."""
    return actions.settle_silent(now=clock.now())


def escalate_overdue() -> int:
    """Hand what an office left lying to the office above."""
    return actions.escalate_overdue(now=clock.now())
