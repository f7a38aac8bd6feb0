"""What the room reviews says happened."""

from puyou.core import events

REJECTION_PROPOSED = events.declare("rejection.proposed", "拟不予认可到村打卡")
REJECTION_CONFIRMED = events.declare("rejection.confirmed", "不予认可已复核同意")
REJECTION_RETURNED = events.declare("rejection.returned", "拟不予认可已复核退回")
REJECTION_WITHDRAWN = events.declare("rejection.withdrawn", "拟不予认可已撤回")
REVIEW_DROPPED = events.declare("review.dropped", "打卡已由投递员撤回，审核终结")
VISITS_ACCEPTED = events.declare("visits.accepted", "到村打卡已认可")
COURIER_ASKED = events.declare("courier.asked", "已询问投递员")
QUESTION_ANSWERED = events.declare("question.answered", "投递员已答复")
APPEAL_FILED = events.declare("appeal.filed", "投递员提出申诉")
APPEAL_DECIDED = events.declare("appeal.decided", "申诉已决定")
