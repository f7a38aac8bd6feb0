"""What may go wrong with a file on its way in, and with looking at one."""

from puyou.core import problems

BAD_HASH = problems.declare("evidence.bad_hash", "“{text}”不是 SHA-256：应为 64 位小写十六进制")
BAD_TYPE = problems.declare("evidence.bad_type", "不接收“{type}”类型的文件；可用：{known}")
BAD_SIZE = problems.declare("evidence.bad_size", "文件大小应为 1 至 {limit} 字节，所报为 {size}")
UNKNOWN_FILE = problems.declare("evidence.unknown_file", "没有这个文件的上传记录，请先登记", status=404)
EMPTY_PART = problems.declare("evidence.empty_part", "这一段没有内容")
PART_TOO_LARGE = problems.declare("evidence.part_too_large", "一段最多 {limit} 字节", status=413)
BEYOND_SIZE = problems.declare("evidence.beyond_size", "所传内容超过登记的 {size} 字节")
OUT_OF_STEP = problems.declare(
    "evidence.out_of_step", "这一段应从第 {received} 字节开始，请从该处续传", status=409
)
WRONG_HASH = problems.declare("evidence.wrong_hash", "内容与登记的 SHA-256 不符，请从头重传")
NO_ROOM = problems.declare("evidence.no_room", "存储空间不足，暂时不能接收，已传部分仍有效", status=503)
TOO_MANY_OPEN = problems.declare(
    "evidence.too_many_open", "未传完的文件已有 {limit} 个，请先传完再登记新的", status=429
)
LINK_ENDED = problems.declare(
    "evidence.link_ended", "查看链接已失效或不属于您，请回到原页面重新打开", status=403
)
NOT_HERE = problems.declare("evidence.not_here", "文件尚未收齐，暂时不能查看", status=404)
GONE = problems.declare("evidence.gone", "文件内容已不在：{reason}", status=410)
NO_GROUND = problems.declare("evidence.no_ground", "请填写留存理由，不超过 {limit} 个字")
INFECTED = problems.declare("evidence.infected", "扫描发现这个文件有病毒或恶意内容，没有保存")
SCANNER_FAILS = problems.declare(
    "evidence.scanner_fails", "文件扫描程序没有回应，暂时不能接收附件，请稍后再试", status=503
)
