"""What the room indicators says happened."""

from puyou.core import events

DEFINED = events.declare("indicators.defined", "指标定义已装载")
VERSION_PUBLISHED = events.declare("indicator_version.published", "指标口径已发布")
VALUES_REPORTED = events.declare("values.reported", "填报值已录入")
VALUE_RESTATED = events.declare("value.restated", "填报值已更正")
TARGET_SET = events.declare("target.set", "指标目标值已设定")
