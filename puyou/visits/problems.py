"""What may go wrong with visits: in a message, in a file, at the review desk."""

from puyou.core import problems

# One message from a phone; the receipt says ``refused`` with the part of the code behind the dot.
MISSING_FIELD = problems.declare("visits.missing_field", "缺少字段 payload.{field}")
UNKNOWN_FIELD = problems.declare("visits.unknown_field", "字段 payload.{field} 不属于到村打卡")
BAD_FIELD = problems.declare("visits.bad_field", "字段 payload.{field}：{expected}")
UNKNOWN_VILLAGE = problems.declare("visits.unknown_village", "字段 payload.village：没有代码为“{code}”的村")
NULL_ISLAND = problems.declare("visits.null_island", "字段 payload.position：经纬度为 0/0，不是真实位置")
OUTSIDE_CHINA = problems.declare(
    "visits.outside_china", "字段 payload.position：经度 {lon}、纬度 {lat} 不在中国境内（73–136°E，3–54°N）"
)
NOT_UNDERSTOOD = problems.declare("visits.not_understood", "到村打卡无法处理：{reason}")
CORRECTS_ITSELF = problems.declare("visits.corrects_itself", "字段 payload.corrects：一条打卡不能更正自己")
NOT_YOURS = problems.declare("visits.not_yours", "只能撤回本人或本机报告的到村打卡")

# The review desk.
UNKNOWN_VISIT = problems.declare("visits.unknown_visit", "没有这条到村打卡记录", status=404)
OWN_VISIT = problems.declare("visits.own_visit", "不能审核本人的到村打卡", status=403)
TWO_NEEDED = problems.declare("visits.two_needed", "不予认可须由一人提出、另一人复核", status=403)
NO_GROUND = problems.declare("visits.no_ground", "不予认可时须写明理由")
BAD_DECISION = problems.declare("visits.bad_decision", "审核结论只能是“认可”或“不予认可”")
ALREADY_DECIDED = problems.declare("visits.already_decided", "该记录的审核结论已是“{decision}”")

# Slips of paper typed in afterwards.
NOT_A_VILLAGE = problems.declare("visits.not_a_village", "“{name}”不是村级单位")
OWN_SLIP = problems.declare("visits.own_slip", "不能补录本人的交接单，请由他人办理", status=403)
NO_SLIP_NUMBER = problems.declare("visits.no_slip_number", "请填写交接单编号，不超过 {limit} 个字")
SLIP_OF_THE_FUTURE = problems.declare("visits.slip_of_the_future", "{day} 还没有到，不能补录")
NOT_SERVING_THEN = problems.declare("visits.not_serving_then", "{name}在 {day} 不在岗")
SLIP_RECORDED = problems.declare("visits.slip_recorded", "交接单“{number}”已经补录过", status=409)
SLIP_CONFLICT = problems.declare(
    "visits.slip_conflict",
    "交接单“{number}”已经补录过，内容与这次不同；如原来录错，请不予认可后另编号补录",
    status=409,
)

# Reviews of couriers who give too few positions.
UNKNOWN_POSITION_REVIEW = problems.declare("visits.unknown_position_review", "没有这条无定位审核", status=404)
NO_CLOSING_GROUND = problems.declare("visits.no_closing_ground", "结束审核时须写明理由")
POSITION_REVIEW_CLOSED = problems.declare("visits.position_review_closed", "这条无定位审核已结", status=409)
OWN_POSITIONS = problems.declare("visits.own_positions", "不能审核本人的无定位占比", status=403)

# Whole years of day sets.
YEAR_LOADED = problems.declare("visits.year_loaded", "{year} 年的投递日集已经载入过，不能重复载入")
BAD_SETS = problems.declare("visits.bad_sets", "投递日集格式不对：应为每村 {bytes} 字节")

# Pages.
BAD_WEEK = problems.declare("visits.bad_week", "“{name}”不是一个周，应形如 2026-W40", status=400)
