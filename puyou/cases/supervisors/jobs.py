"""Jobs of the alcove: what its rhythms do."""

from puyou.cases.supervisors import actions
from puyou.core import clock


def award_report_points() -> int:
    """Points for reports that were accepted or made good."""
    return actions.award_report_points(now=clock.now())
