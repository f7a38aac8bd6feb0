"""What the room compliance does: judge, close weeks, decide on excuses, recompute."""

from puyou.compliance.actions.closing import close_weeks
from puyou.compliance.actions.deciding import approve_excuse, reject_excuse, withdraw_excuse
from puyou.compliance.actions.excuse_files import import_excuses
from puyou.compliance.actions.judging import (
    bring_up_to_date,
    judge_pending,
    judge_places,
    judge_range,
    judge_rule_period,
)
from puyou.compliance.actions.proposing import propose_excuse, record_outage
from puyou.compliance.actions.rebuilding import rebuild
from puyou.compliance.actions.reporting import take_in_hindrances

__all__ = [
    "approve_excuse",
    "bring_up_to_date",
    "close_weeks",
    "import_excuses",
    "judge_pending",
    "judge_places",
    "judge_range",
    "judge_rule_period",
    "propose_excuse",
    "rebuild",
    "record_outage",
    "reject_excuse",
    "take_in_hindrances",
    "withdraw_excuse",
]
