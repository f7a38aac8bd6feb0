"""What stands in the navigation, and the shell's share of every page's context."""

from typing import Any

from django.http import HttpRequest

from puyou.core import clock, notices
from puyou.core.shell import Entry, entries_for, split_for_phone

NAVIGATION = (
    Entry("工作台", "/workbench/", icon="desk"),
    Entry("一张图", "/atlas/", icon="map"),
    Entry("到村投递", "/visits/", icon="visit"),
    Entry("预警", "/alerts/", icon="alert"),
    Entry("案件", "/cases/", icon="case"),
    Entry("指标", "/indicators/", icon="chart"),
    Entry("台账", "/ledgers/", icon="book"),
    Entry("名录", "/registry/", icon="book"),
    Entry("公众", "/portal/", icon="people"),
    Entry("系统", "/system/", permission="system.see", icon="gear"),
)
PERSON_MENU = (Entry("登录设备", "/sessions/", permission=""), Entry("修改密码", "/password/", permission=""))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: navigation by permission, notices about the data, and the time of the data."""
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    asker = getattr(request, "scope", None) if known else None
    navigation = entries_for(asker, NAVIGATION, request.path)
    bottom, more = split_for_phone(navigation)
    return {
        "navigation": navigation,
        "bottom_navigation": bottom,
        "more_navigation": more,
        "person_menu": entries_for(asker, PERSON_MENU, request.path),
        "login_address": "/login/",
        "logout_address": "/logout/",
        "picker_address": "/places/search/",
        "notices": notices.current(),
        "as_of": clock.now(),
    }
