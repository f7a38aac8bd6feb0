"""What the clock and closed weeks set going."""

from puyou.cases.rectification import actions
from puyou.core import clock


def verify_rectifications() -> int:
    """Verify or return rectifications by the weeks that have passed."""
    return actions.verify_rectifications(now=clock.now())
