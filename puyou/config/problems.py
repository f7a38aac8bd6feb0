"""What may go wrong with a call of the API before a room is asked."""

from puyou.core import problems

BAD_PARAMETERS = problems.declare("config.bad_parameters", "参数有误：{fields}")
NO_SESSION = problems.declare("config.no_session", "请先登录，或提供设备令牌", status=401)
UNAVAILABLE = problems.declare("config.unavailable", "系统暂时无法处理，请稍后再试", status=503)
TOO_WIDE = problems.declare("config.too_wide", "一次最多查询 {limit} 周，所给日期涉及 {weeks} 周")
