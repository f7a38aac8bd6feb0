"""What the room plans says happened."""

from puyou.core import events

PLAN_CHANGED = events.declare("plan.changed", "规划已登记或修改")
TARGETS_SET = events.declare("plan_targets.set", "规划目标值已设定")
PLAN_EVALUATED = events.declare("plan.evaluated", "规划评估已定稿")
SCENARIO_KEPT = events.declare("plan_scenario.kept", "规划测算已保存")
LIST_CHANGED = events.declare("task_list.changed", "任务表已登记或修改")
PARTS_ASSIGNED = events.declare("task_parts.assigned", "任务已分解")
TASK_REPORTED = events.declare("task_part.reported", "任务已上报")
REPORT_DECIDED = events.declare("task_report.decided", "任务报告已审")
LIST_PUBLISHED = events.declare("task_list.published", "任务表已发布")
