"""What may go wrong at the front door: with one envelope, with a whole request, with a token."""

from puyou.core import problems

# One envelope: the receipt says ``refused`` with the part of the code behind the dot.
NOT_AN_OBJECT = problems.declare("ingest.not_an_object", "这一项不是 JSON 对象")
TOO_LARGE = problems.declare("ingest.too_large", "信封有 {bytes} 字节，超过 {limit} 字节的上限")
TOO_DEEP = problems.declare("ingest.too_deep", "信封嵌套超过 {limit} 层")
DUPLICATE_KEY = problems.declare("ingest.duplicate_key", "字段 {field} 在同一对象中出现两次")
BAD_TEXT = problems.declare("ingest.bad_text", "含有不成对的代理字符，无法用 UTF-8 表示")
BAD_NUMBER = problems.declare("ingest.bad_number", "含有超出双精度可精确表示范围的数值")
MISSING_FIELD = problems.declare("ingest.missing_field", "缺少字段 {field}")
UNKNOWN_FIELD = problems.declare("ingest.unknown_field", "字段 {field} 不属于信封格式")
BAD_FIELD = problems.declare("ingest.bad_field", "字段 {field}：{expected}")
WRONG_DEVICE = problems.declare("ingest.wrong_device", "字段 device：与令牌所属设备不一致")
UNKNOWN_KIND = problems.declare("ingest.unknown_kind", "字段 kind：没有“{kind}”这种信封")
FUTURE = problems.declare("ingest.future", "字段 happened_at：比收到时间晚 10 分钟以上，请核对设备时钟")
CONFLICT = problems.declare("ingest.conflict", "字段 id：同一编号已用于内容不同的信封")

# The whole request: nothing was stored.
UNREADABLE = problems.declare("ingest.unreadable", "请求体不是可读的 UTF-8 JSON：{reason}", status=400)
BAD_GZIP = problems.declare("ingest.bad_gzip", "请求体不是完整的 gzip 数据", status=400)
BAD_ENCODING = problems.declare("ingest.bad_encoding", "不支持内容编码“{encoding}”，只接受 gzip", status=400)
BAD_SHAPE = problems.declare(
    "ingest.bad_shape", '请求体应为信封数组，或形如 {{"envelopes": […]}} 的对象', status=400
)
TOO_MUCH_SENT = problems.declare("ingest.too_much_sent", "请求体超过 {limit} 字节的上限", status=413)
TOO_MUCH_INFLATED = problems.declare("ingest.too_much_inflated", "解压后超过 {limit} 字节的上限", status=413)
TOO_MANY = problems.declare("ingest.too_many", "一次最多 {limit} 个信封，收到 {count} 个", status=413)
SLOW_DOWN = problems.declare("ingest.slow_down", "请求过于频繁，请 {seconds} 秒后再试", status=429)
BUSY = problems.declare("ingest.busy", "系统暂时无法接收，请稍后重发，未收到回执的信封请勿删除", status=503)
BEHIND = problems.declare(
    "ingest.behind", "系统积压较多，请 {seconds} 秒后重发，未收到回执的信封请勿删除", status=503
)

# The caller.
NO_TOKEN = problems.declare("ingest.no_token", "缺少有效的设备令牌", status=401)
REVOKED_TOKEN = problems.declare(
    "ingest.revoked_token", "{what}，请联系所在县局；没有上传的记录会留在手机里", status=403
)
UNKNOWN_TOKEN = problems.declare("ingest.unknown_token", "没有设备“{device}”的有效令牌")
UNKNOWN_ENVELOPE = problems.declare("ingest.unknown_envelope", "没有编号为 {id} 的信封", status=404)
BAD_NAME = problems.declare("ingest.bad_name", "姓名“{text}”应为 1 至 {limit} 个可见字符")
BAD_IDENTIFIER = problems.declare("ingest.bad_identifier", "编号“{text}”应为 1 至 {limit} 个可见字符")

# Enrolment, and the standing of a phone.
BAD_CODE = problems.declare("ingest.bad_code", "开通码不对，或已经用过、过期，请向县局要一个新的开通码")
BAD_KEY = problems.declare("ingest.bad_key", "手机的密钥无法使用：{reason}")
BAD_DEVICE = problems.declare("ingest.bad_device", "设备标识应为 P- 加 22 个字母、数字、下划线或连字符")
DEVICE_TAKEN = problems.declare(
    "ingest.device_taken", "这个设备标识已由其他投递员的手机使用，请清除应用数据后再试"
)
COURIER_GONE = problems.declare("ingest.courier_gone", "投递员“{name}”已不在岗，不能发放开通码")
GROUND_NEEDED = problems.declare("ingest.ground_needed", "请写明原因，不超过 {limit} 个字")
STANDING_ALREADY = problems.declare("ingest.standing_already", "设备“{device}”已经是“{standing}”状态")
REVOKED_FOR_GOOD = problems.declare(
    "ingest.revoked_for_good", "设备“{device}”已收回，不能恢复；请为投递员发放新的开通码"
)
NOT_HELD = problems.declare("ingest.not_held", "设备“{device}”目前没有投递员领用，无从更换")
