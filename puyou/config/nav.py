"""What stands in the navigation, and the shell's share of every page's context."""

from typing import Any

from django.http import HttpRequest

from puyou.core import clock, notices
from puyou.core.shell import Entry, Shown, entries_for, split_for_phone

NAVIGATION = (
    Entry("工作台", "/workbench/", icon="desk"),
    Entry("一张图", "/atlas/", icon="map"),
    Entry("到村投递", "/visits/", icon="visit"),
    Entry("外勤", "/fieldwork/", icon="phone"),
    Entry("预警", "/alerts/", icon="alert"),
    Entry("案件", "/cases/", icon="case"),
    Entry("指标", "/indicators/", icon="chart"),
    Entry("规划与任务", "/plans/", icon="case"),
    Entry("成绩单", "/reports/", icon="chart"),
    Entry("台账", "/ledgers/", icon="book"),
    Entry("名录", "/registry/", icon="book"),
    Entry("公众", "/portal/", icon="people"),
    Entry("系统", "/system/", permission="system.see", icon="gear"),
)
# Rooms that share one door of the navigation: what stands beneath it on all of their pages.
SECTIONS = {
    "/visits/": (
        Entry("到村打卡", "/visits/"),
        Entry("审核", "/reviews/", "visits.review"),
        Entry("复核", "/reviews/proposals/", "visits.review"),
        Entry("询问与答复", "/reviews/questions/", "visits.review"),
        Entry("申诉", "/reviews/appeals/", "visits.review"),
        Entry("投递员", "/reviews/couriers/", "visits.review"),
        Entry("无定位占比", "/visits/couriers/"),
        Entry("抽核", "/audits/", "audits.record"),
    ),
    "/cases/": (
        Entry("全部案件", "/cases/"),
        Entry("社会监督反映", "/cases/feedback/"),
        Entry("停滞案件", "/cases/stuck/", "cases.handle"),
        Entry("反映统计", "/cases/feedback/figures/"),
        Entry("归档", "/cases/archive/", "cases.handle"),
        Entry("监督员", "/cases/supervisors/", "cases.handle"),
        Entry("执法资格", "/cases/qualifications/", "cases.handle"),
        Entry("文书模板", "/cases/templates/", "cases.handle"),
    ),
    "/indicators/": (
        Entry("指标", "/indicators/"),
        Entry("填报", "/returns/"),
        Entry("填报表式", "/returns/forms/"),
        Entry("填报值", "/indicators/returns/"),
    ),
    "/plans/": (
        Entry("规划与任务表", "/plans/"),
        Entry("超期任务", "/plans/tasks/overdue/"),
        Entry("区域集合", "/plans/sets/"),
    ),
    "/portal/": (
        Entry("公众首页", "/portal/"),
        Entry("公示码", "/portal/notices/"),
        Entry("村民反映", "/portal/words/"),
    ),
}
PERSON_MENU = (
    Entry("接收设置", "/workbench/notices/"),
    Entry("登录设备", "/sessions/", permission=""),
    Entry("接口密钥", "/keys/", permission=""),
    Entry("修改密码", "/password/", permission=""),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: navigation by permission, notices about the data, and the time of the data."""
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    asker = getattr(request, "scope", None) if known else None
    door, beneath = _section(asker, request.path)
    navigation = entries_for(asker, NAVIGATION, door or request.path)
    bottom, more = split_for_phone(navigation)
    return {
        "navigation": navigation,
        "section": beneath,
        "bottom_navigation": bottom,
        "more_navigation": more,
        "person_menu": entries_for(asker, PERSON_MENU, request.path),
        "login_address": "/login/",
        "logout_address": "/logout/",
        "picker_address": "/places/search/",
        "notices": notices.current(),
        "as_of": clock.now(),
    }


def _section(asker: Any, path: str) -> tuple[str, list[Shown]]:
    """The door that a page lies behind, and what stands beneath that door; nothing for most pages."""
    for door, entries in SECTIONS.items():
        shown = entries_for(asker, entries, path)
        if any(entry.here for entry in shown):
            return door, shown
    return "", []
