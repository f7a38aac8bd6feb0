"""Jobs of the alcove: what its rhythms do."""

from puyou.cases.feedback import actions
from puyou.core import clock


def settle_silent() -> int:
    """Settle verified reports whose reporters stayed silent."""
    return actions.settle_silent(now=clock.now())
