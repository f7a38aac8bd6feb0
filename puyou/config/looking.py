"""Which pages show personal data, and the record of every look at one and of every list taken away. Read it aloud."""

from typing import cast

from django.http import HttpRequest, HttpResponse

from puyou.accounts import actions
from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.security import Handler

# The name of an address, and what people see there. Live parts of pages that were recorded when opened are left out.
PERSONAL = {
    "account_people": "人员名单",
    "account_person": "人员",
    "all_sessions": "登录设备",
    "account_session": "登录设备",
    "audit_trail": "审计日志",
    "registry_couriers": "投递员名单",
    "registry_courier": "投递员",
    "registry_devices": "设备清单",
    "registry_device": "设备",
    "fieldwork_round": "投递段当日",
    "fieldwork_courier": "投递员一月",
    "fieldwork_devices": "手机清单",
    "fieldwork_device": "手机",
    "fieldwork_leave": "请假与代班",
    "review_couriers": "投递员（审核）",
    "review_courier": "投递员（审核）",
    "review_day": "投递员一日",
    "review_visit": "到村打卡（审核）",
    "question_list": "询问与答复",
    "appeal_list": "申诉",
    "villager_words": "村民反映",
    "delivery_list": "发送记录",
    "case_detail": "案件及当事人",
    "report_list": "社会监督反映",
    "qualification_list": "执法资格",
    "supervisors": "社会监督员名单",
    "supervisor": "社会监督员",
    "supervisor_letter": "监督员聘书",
    "supervisor_round": "监督员候选人名单",
    "supervisor_candidate": "监督员候选人",
    "supervisor_task": "监督任务结果",
    "supervisor_result": "监督任务结果",
    "supervisor_commendations": "监督员表扬",
    "supervisor_trainings": "监督员培训",
}
EXPORTS = ("csv", "xlsx")


def on_record(get_response: Handler) -> Handler:
    """Write down what was shown or taken away: who, what, by which filters. Nothing leaves without its record."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        found = request.resolver_match
        if request.method != "GET" or response.status_code != 200 or not found:
            return response
        exported = request.GET.get("format") in EXPORTS and response.has_header("Content-Disposition")
        what = PERSONAL.get(found.url_name or "", "")
        if (exported or what) and request.user.is_authenticated:
            _note(request, exported, what)
        return response

    return middleware


def _note(request: HttpRequest, exported: bool, what: str) -> None:
    found = request.resolver_match
    assert found is not None
    filters = {name: values[0][:100] for name, values in request.GET.lists() if values[0] and name != "page"}
    actions.note_look(
        exported=exported,
        subject=":".join(
            ["page", found.url_name or found.route, *(str(one) for one in found.kwargs.values())]
        ),
        data={"what": what, "path": request.path[:200], "filters": filters},
        by=cast(Scope, request.scope),  # type: ignore[attr-defined]
        now=clock.now(),
    )
