"""What the room audits says happened."""

from puyou.core import events

FRAME_FROZEN = events.declare("audit_frame.frozen", "抽样框已固定并公布摘要")
VISITS_DRAWN = events.declare("audit.drawn", "抽核件已抽取")
RESULT_RECORDED = events.declare("audit_result.recorded", "抽核结果已录入")
RESULTS_IMPORTED = events.declare("audit_results.imported", "抽核结果已批量录入")
