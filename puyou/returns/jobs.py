"""What runs by the clock."""

from puyou.core import clock
from puyou.returns import actions


def open_due() -> int:
    """Ask for the period that ended last."""
    return actions.open_due(now=clock.now())
