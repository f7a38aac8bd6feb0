"""What may go wrong with report cards."""

from puyou.core import problems

UNKNOWN_CARD = problems.declare("reports.unknown_card", "没有代码为“{code}”的成绩单", status=404)
UNKNOWN_REVISION = problems.declare(
    "reports.unknown_revision", "没有这个发布版，或不在您的管辖范围", status=404
)
UNKNOWN_FILE = problems.declare("reports.unknown_file", "没有“{kind}”这种格式的文件", status=404)
TAKEN = problems.declare("reports.taken", "代码“{code}”已经有了，请换一个", status=409)
CHANGED = problems.declare(
    "reports.changed",
    "这张成绩单已由他人修改（第 {version} 稿）；您写的内容还在页面上，请核对后再保存",
    status=409,
)
BAD_LAYOUT = problems.declare("reports.bad_layout", "{where}：{reason}")
EMPTY = problems.declare("reports.empty", "成绩单里还没有一项指标，不能发布")
SAME_AS_BEFORE = problems.declare("reports.same_as_before", "内容与第 {number} 版相同，不必发布", status=409)
NOT_OURS = problems.declare("reports.not_ours", "文件的签名与内容不符，或不是成绩单文件")
UNKNOWN_KIND = problems.declare("reports.unknown_kind", "没有“{code}”这种公文", status=404)
UNKNOWN_BULLETIN = problems.declare(
    "reports.unknown_bulletin", "没有这份公文，或不在您的管辖范围", status=404
)
BULLETIN_CHANGED = problems.declare(
    "reports.bulletin_changed",
    "这份公文已由他人修改（第 {version} 稿）；您写的内容还在页面上，请核对后再保存",
    status=409,
)
BAD_TEXT = problems.declare("reports.bad_text", "{where}：{reason}")
NO_COMPANY = problems.declare("reports.no_company", "{kind}须指明企业，其他公文不指明企业")
EMPTY_BULLETIN = problems.declare("reports.empty_bulletin", "全文还没有一句话，不能定稿")
