"""What may go wrong with a call of the API before a room is asked."""

from puyou.core import problems

BAD_PARAMETERS = problems.declare("config.bad_parameters", "参数有误：{fields}")
NO_SESSION = problems.declare("config.no_session", "请先登录，或提供设备令牌", status=401)
UNAVAILABLE = problems.declare("config.unavailable", "系统暂时无法处理，请稍后再试", status=503)
TOO_WIDE = problems.declare("config.too_wide", "一次最多查询 {limit} 周，所给日期涉及 {weeks} 周")
UNKNOWN_ADDRESS = problems.declare("config.unknown_address", "没有这个接口地址", status=404)
BAD_METHOD = problems.declare("config.bad_method", "这个地址不接受 {method}，只接受 {allowed}", status=405)
REFUSED = problems.declare("config.refused", "请求无法受理", status=400)
FAILED = problems.declare(
    "config.failed", "系统出错，已有记录；请稍后再试，未收到回执的信封请勿删除", status=500
)
