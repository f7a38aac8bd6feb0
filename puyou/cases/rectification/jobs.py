"""What the clock and closed weeks set going."""

from puyou.cases.rectification import actions, by_rule
from puyou.core import clock


def verify_rectifications() -> int:
    """Verify or return rectifications by the weeks that have passed."""
    return actions.verify_rectifications(now=clock.now())


def order_by_rule() -> int:
    """Order rectifications that the rule in force asks for."""
    return by_rule.order_by_rule(now=clock.now())
