"""What may go wrong at the desk, and with what phones say to it."""

from puyou.core import problems

# The desk.
NOTHING_CHOSEN = problems.declare("reviews.nothing_chosen", "没有选中任何打卡")
NO_TEXT = problems.declare("reviews.no_text", "须写明{what}")
NOT_OFFERED = problems.declare("reviews.not_offered", "请选择要办理的事项")
CHANGED = problems.declare(
    "reviews.changed",
    "{village}的打卡在您打开页面之后有变化（{what}），本次没有写入，请核对后再办",
    status=409,
)
PROPOSED = problems.declare(
    "reviews.proposed",
    "{village}的打卡已由{name}拟不予认可，待另一人复核；先复核或撤回，再办其他",
    status=409,
)
NOT_PROPOSED = problems.declare("reviews.not_proposed", "{village}的打卡没有待复核的拟不予认可", status=409)
REJECTED = problems.declare("reviews.rejected", "{village}的打卡已不予认可，不能再{verb}", status=409)
SAME_PERSON = problems.declare("reviews.same_person", "拟不予认可须由提出人以外的另一人复核", status=403)
NOT_THE_PROPOSER = problems.declare("reviews.not_the_proposer", "只有提出人能撤回拟不予认可", status=403)
TOOK_PART = problems.declare(
    "reviews.took_part", "提出或复核过这次不予认可的人，不能再决定是否恢复", status=403
)
APPEALED = problems.declare("reviews.appealed", "{village}的打卡有申诉待决定，请先决定申诉", status=409)
NOT_APPEALED = problems.declare("reviews.not_appealed", "{village}的打卡没有待决定的申诉", status=409)
TAKEN_BACK = problems.declare(
    "reviews.taken_back", "{village}的打卡已由投递员撤回或更正，不再审核", status=409
)
NO_COURIER = problems.declare("reviews.no_courier", "{village}的打卡没有登记在册的投递员，无人可询问")
SEVERAL_COURIERS = problems.declare("reviews.several_couriers", "一次只能询问同一名投递员")
UNKNOWN_DAY = problems.declare("reviews.unknown_day", "没有这名投递员这一天的打卡", status=404)
UNKNOWN_COURIER = problems.declare("reviews.unknown_courier", "管辖范围内没有这名投递员的打卡", status=404)
BAD_WEEK = problems.declare("reviews.bad_week", "“{name}”不是一个周，应形如 2026-W40", status=400)

# One message from a phone; at the door, or in quarantine.
MISSING_FIELD = problems.declare("reviews.missing_field", "缺少字段 payload.{field}")
UNKNOWN_FIELD = problems.declare("reviews.unknown_field", "字段 payload.{field} 不属于这种信封")
BAD_FIELD = problems.declare("reviews.bad_field", "字段 payload.{field}：{expected}")
UNKNOWN_QUESTION = problems.declare("reviews.unknown_question", "没有问过您这个问题")
NOT_YOURS = problems.declare("reviews.not_yours", "只能对本人的打卡提出申诉")
NOT_REJECTED = problems.declare("reviews.not_rejected", "这次打卡没有被不予认可，不需要申诉")
ALREADY_APPEALED = problems.declare("reviews.already_appealed", "这次不予认可已经申诉过")
TOO_LATE = problems.declare("reviews.too_late", "申诉期限到 {due} 为止，已经过了")
