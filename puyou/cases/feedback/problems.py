"""What may go wrong with reports of supervisors and the public."""

from puyou.core.problems import declare

UNKNOWN_CATEGORY = declare("cases.unknown_category", "没有“{code}”这一反映类别")
BAD_TEXT = declare("cases.report_bad_text", "{field}应为 {least} 至 {limit} 个字，现有 {count} 个")
BAD_PHOTOS = declare(
    "cases.report_bad_photos", "照片至多 {limit} 张，每张以 64 位小写十六进制的 SHA-256 指明"
)
BAD_POSITION = declare("cases.report_bad_position", "位置不对：经度、纬度或精度超出范围")
BAD_ATTRIBUTE = declare("cases.report_bad_attribute", "“{name}”{reason}")
CONFLICT = declare("cases.report_conflict", "这个编号的反映已经收到，内容与这次不同", status=409)
UNKNOWN_TRACKING = declare("cases.unknown_tracking", "查询号或查询码不对，请核对后再试", status=404)
NOT_SETTLED = declare("cases.report_not_settled", "反映尚未办结，办结后可以评价", status=409)
NOT_ASKED = declare("cases.report_not_asked", "现在不需要确认：{reason}", status=409)
BAD_SCORE = declare("cases.report_bad_score", "评价应为 1 至 5 的整数")
NO_OPERATOR = declare("cases.report_no_operator", "“{place}”没有可以转办的企业，请先设置转办去向")
NO_EVIDENCE = declare("cases.report_no_evidence", "{method}须附照片或附件，案件里还没有")
NO_VISIT = declare(
    "cases.report_no_visit", "企业答复（{since}）之后，“{place}”还没有一次计入的到村投递，不能据此核实"
)
NOT_BY_VISITS = declare("cases.report_not_by_visits", "“{category}”不能由到村投递证实")
UNKNOWN_REPORT = declare("cases.unknown_report", "找不到反映“{number}”，或不在您的权限之内", status=404)
BAD_MERGE = declare("cases.report_bad_merge", "不能并入“{number}”：{reason}")
WITHDRAWN_LATE = declare("cases.report_accepted", "反映已经受理，不能撤回", status=409)
NO_OFFICE_ABOVE = declare("cases.report_no_office_above", "“{office}”之上没有可以上报的主管部门")
