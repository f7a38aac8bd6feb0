"""What may go wrong with recruiting, appointing and tasks."""

from puyou.core.problems import declare

UNKNOWN_ROUND = declare(
    "cases.supervisor_unknown_round", "找不到这个选聘批次，或不在您的权限之内", status=404
)
UNKNOWN_CANDIDATE = declare(
    "cases.supervisor_unknown_candidate", "找不到这位候选人，或不在您的权限之内", status=404
)
UNKNOWN_SUPERVISOR = declare(
    "cases.supervisor_unknown_supervisor", "找不到这位监督员，或不在您的权限之内", status=404
)
UNKNOWN_TASK = declare("cases.supervisor_unknown_task", "找不到这项任务，或不在您的权限之内", status=404)
BAD_PLACES = declare("cases.supervisor_bad_places", "名额须在 1 至 {limit} 之间")
BACKWARDS = declare("cases.supervisor_backwards", "截止日期不能早于开始日期")
NO_COUNTIES = declare("cases.supervisor_no_counties", "“{place}”之下没有县级区划，不能分配名额")
ROUND_CLOSED = declare("cases.supervisor_round_closed", "选聘“{title}”已经结束", status=409)
OUTSIDE_ROUND = declare("cases.supervisor_outside_round", "“{place}”不在选聘“{title}”的地区之内")
CANDIDATE_TWICE = declare("cases.supervisor_candidate_twice", "这个电话号码已在本批次登记过", status=409)
GROUND_NEEDED = declare("cases.supervisor_ground_needed", "须写明理由，1 至 {limit} 个字")
NOT_APPROVED = declare("cases.supervisor_not_approved", "“{name}”尚未审查为拟聘，不能聘任", status=409)
APPOINTED_ALREADY = declare(
    "cases.supervisor_appointed_already", "“{name}”已经聘任，证书号 {number}", status=409
)
QUOTA_FULL = declare("cases.supervisor_quota_full", "“{place}”的 {places} 个名额已经聘满", status=409)
QUOTA_RURAL = declare(
    "cases.supervisor_quota_rural",
    "“{place}”的 {places} 个名额中有 {rural} 个用于农村地区，城镇名额已经聘满",
    status=409,
)
NOT_ACTIVE = declare("cases.supervisor_not_active", "“{name}”不在聘期内", status=409)
RENEWED_ALREADY = declare("cases.supervisor_renewed_already", "“{name}”已有此后的聘期", status=409)
NOBODY = declare("cases.supervisor_nobody", "“{place}”没有在聘的监督员，任务无人可派")
BAD_DUE = declare("cases.supervisor_bad_due", "完成期限不能早于今天")
BAD_ANSWER = declare("cases.supervisor_bad_answer", "{reason}")
NOT_ASSIGNED = declare("cases.supervisor_not_assigned", "这项任务没有派给您，或已经结束", status=409)
RESULT_CONFLICT = declare(
    "cases.supervisor_result_conflict", "这个编号的结果已经收到，内容与这次不同", status=409
)
UNKNOWN_CHECKLIST = declare("cases.supervisor_unknown_checklist", "没有这份检查清单，或已经停用")
TASK_ENDED = declare("cases.supervisor_task_ended", "任务“{title}”已经收回", status=409)
BAD_COUNT = declare("cases.supervisor_bad_count", "一次可下达 1 至 {limit} 项任务，请缩小地区")
BAD_SCORE = declare("cases.supervisor_bad_score", "成绩须在 0 至 100 之间")
INTEREST_WORDS = declare("cases.supervisor_interest_words", "有利益关系的须写明，至多 {limit} 个字")
BAD_CERTIFICATE = declare("cases.supervisor_bad_certificate", "没有这份证书，请核对编号和验证码", status=404)
SLOW_DOWN = declare("cases.supervisor_slow_down", "核验过于频繁，请过一会儿再试", status=429)
BAD_LINK = declare(
    "cases.supervisor_bad_link", "开通码不对，或已经用过、过期，请向聘任您的邮政管理局要一个新的", status=403
)
NO_PHONE = declare(
    "cases.supervisor_no_phone", "这台手机未开通或已停用，请向聘任您的邮政管理局要一个新的开通码", status=401
)
BAD_PAYLOAD = declare("cases.supervisor_bad_payload", "内容不合格式，请更新应用后重发（{field}）")
NOT_SIGNED = declare("cases.supervisor_not_signed", "签名与这台手机的密钥不符，没有收下")
UNKNOWN_REPORT = declare("cases.supervisor_unknown_report", "没有您的这件反映")
