"""Verbs on plans and task lists: enter, set targets, evaluate; share out, report, decide, publish."""

from puyou.plans.actions.loading import load_plans, load_tasks
from puyou.plans.actions.plans import (
    change_plan_indicator,
    create_plan,
    evaluate_plan,
    keep_scenario,
    link_indicator,
    set_targets,
)
from puyou.plans.actions.publishing import publish_list
from puyou.plans.actions.reporting import Upload, decide_report, report_part
from puyou.plans.actions.tasks import add_task, assign_parts, create_list, open_gap_tasks

__all__ = [
    "Upload",
    "add_task",
    "assign_parts",
    "change_plan_indicator",
    "create_list",
    "create_plan",
    "decide_report",
    "evaluate_plan",
    "keep_scenario",
    "link_indicator",
    "load_plans",
    "load_tasks",
    "open_gap_tasks",
    "publish_list",
    "report_part",
    "set_targets",
]
