"""What is done with reports: filed, confirmed, withdrawn, rated; the rest is the procedure's."""

from puyou.cases.feedback.filing import Filed, Position, file_report
from puyou.cases.feedback.loading import load_categories
from puyou.cases.feedback.reporting import confirm, rate, withdraw
from puyou.cases.feedback.settling import escalate_overdue, settle_silent

__all__ = [
    "Filed",
    "Position",
    "confirm",
    "escalate_overdue",
    "file_report",
    "load_categories",
    "rate",
    "settle_silent",
    "withdraw",
]
