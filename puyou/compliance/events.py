"""What the room compliance says happened."""

from puyou.core.events import declare

VERDICT_CHANGED = declare("verdict.changed", "达标判定变更")
VERDICTS_CHANGED = declare("verdicts.changed", "一批达标判定变更")
WEEK_CLOSED = declare("week.closed", "一周关账")
EXCUSE_PROPOSED = declare("excuse.proposed", "提出免责情形")
EXCUSE_APPROVED = declare("excuse.approved", "批准免责情形")
EXCUSE_REJECTED = declare("excuse.rejected", "不批准免责情形")
EXCUSE_WITHDRAWN = declare("excuse.withdrawn", "撤回免责情形")
EXCUSES_IMPORTED = declare("excuses.imported", "载入免责情形")
OUTAGE_RECORDED = declare("outage.recorded", "记录系统故障")
JUDGEMENT_REPAIRED = declare("judgement.repaired", "重算后修正判定")
