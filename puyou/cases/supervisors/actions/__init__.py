"""What is done with supervisors: recruited, appointed, renewed, ended, commended, trained, and given tasks."""

from puyou.cases.supervisors.actions.appointing import (
    appoint_candidate,
    commend_supervisor,
    end_supervisor,
    renew_supervisor,
)
from puyou.cases.supervisors.actions.credits import (
    attribute_report,
    award_report_points,
    complete_training,
    declare_interest,
)
from puyou.cases.supervisors.actions.loading import load_checklists
from puyou.cases.supervisors.actions.phones import enrol_phone, issue_link
from puyou.cases.supervisors.actions.recruiting import (
    close_round,
    enter_candidate,
    open_round,
    review_candidate,
)
from puyou.cases.supervisors.actions.tasking import issue_tasks, take_task_result, withdraw_task

__all__ = [
    "appoint_candidate",
    "attribute_report",
    "award_report_points",
    "close_round",
    "commend_supervisor",
    "complete_training",
    "declare_interest",
    "end_supervisor",
    "enrol_phone",
    "enter_candidate",
    "issue_link",
    "issue_tasks",
    "load_checklists",
    "open_round",
    "renew_supervisor",
    "review_candidate",
    "take_task_result",
    "withdraw_task",
]
