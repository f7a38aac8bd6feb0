"""What may go wrong on the public's pages."""

from puyou.core.problems import declare

SLOW_DOWN = declare("portal.slow_down", "操作太频繁，请稍等 {seconds} 秒再试", status=429)
UNKNOWN_CODE_ROW = declare("portal.unknown_notice", "没有这张公示码，或不在您的管辖范围", status=404)
TOO_LARGE = declare(
    "portal.too_large", "发送的内容超过 {limit} MB，没有接收；照片请少选几张或改用较小的照片", status=413
)
NO_TICKET = declare("portal.no_ticket", "这张表单无法识别，请从头填写", status=400)
NOT_TAKEN = declare("portal.not_taken", "没有接收：请不要填写标明留空的一栏")
OUTSIDE = declare("portal.outside", "这个位置不在已知的区划之内，请按名称查找地点")
BAD_POSITION = declare("portal.bad_position", "没有取得位置，请按名称查找地点", status=400)
NO_RECEIPT = declare("portal.no_receipt", "查询号和查询码只在提交后显示一次；请用记下的号码查询", status=410)
NOT_FOLLOWING = declare("portal.not_following", "查询已过时，请重新输入查询号和查询码", status=403)
CHOOSE = declare("portal.choose", "请先选一项，再提交")
NO_STEP = declare("portal.no_step", "没有这一步", status=404)
NO_CARD = declare("portal.no_card", "找不到这份成绩单，或已有新的一版", status=404)
NO_RESULT = declare("portal.no_result", "找不到这项公开的结果，或已经撤回", status=404)

# Other systems (GeoReport v2).
UNKNOWN_JURISDICTION = declare(
    "portal.unknown_jurisdiction", "没有 jurisdiction_id“{code}”，应为区划代码", status=404
)
UNKNOWN_SERVICE = declare("portal.unknown_service", "没有 service_code“{code}”", status=404)
UNKNOWN_REQUEST = declare("portal.unknown_request", "没有这一编号的反映", status=404)
BAD_QUESTION = declare("portal.bad_question", "{reason}")
NO_KEY = declare("portal.no_key", "api_key 缺少或不正确", status=403)
NO_SUCH_METHOD = declare("portal.no_such_method", "此地址只接受 {methods}", status=405)
