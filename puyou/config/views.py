"""The front page of 系统: how the product itself is doing, and the doors to its rooms behind the scenes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts.roles import PERMISSIONS
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.config import measures


@dataclass(frozen=True)
class Door:
    """A way to a page, for those who hold ``permission`` (empty: everybody signed in)."""

    address: str
    name: str
    meaning: str
    permission: str


SYSTEM = "system.see"
DOORS = (
    Door("/system/integrity/", "数据完整性", "区划与名录数据的已知缺陷，为什么、怎么办", SYSTEM),
    Door("/standards/", "准则", "投递频次等规定的取值、来源与核实状态", "see"),
    Door("/standards/calendar/", "工作日历", "放假与调休安排，哪些日期尚未公布", "see"),
    Door("/compliance/excuses/", "免责情形", "洪涝、冰雪、封山等停投情形的申报与批准", "see"),
    Door("/system/accounts/", "机构与人员", "机构、岗位、任职与授权", "accounts.manage"),
    Door("/system/accounts/", "授权", "岗位的角色与管辖范围", "accounts.grant"),
    Door(
        "/system/channels/",
        "通知渠道",
        "各机构向外发送通知和摘要的渠道：邮件、短信、企业微信、钉钉",
        "accounts.manage",
    ),
    Door("/system/deliveries/", "发送记录", "向外发送的每一条消息、结果与原因", "accounts.manage"),
    Door("/system/sessions/", "全部登录设备", "当前登录的设备，可逐个退出", "accounts.manage"),
    Door(
        "/system/audit/",
        "审计日志",
        "谁登录、查看个人信息、查看证据、导出清单，何时，用了什么条件",
        "audit.see",
    ),
    Door("/system/styles/", "界面样式", "界面组件一览", SYSTEM),
)
OWN_DOORS = (
    Door("/system/", "系统", "系统运行情况与管理入口", SYSTEM),
    Door("/sessions/", "登录设备", "本账号在哪些设备上登录，可逐个退出", ""),
    Door("/password/", "修改密码", "", ""),
)


def _open_doors(scope: Scope, doors: Sequence[Door]) -> list[Door]:
    held = [door for door in doors if not door.permission or scope.may(door.permission)]
    return list({door.address: door for door in reversed(held)}.values())[::-1]


@officer_required()
def home(request: HttpRequest) -> HttpResponseBase:
    """To the map for those who may see one; for others a page that says what their post is for."""
    scope = cast(OfficerRequest, request).scope
    if scope.may("see"):
        return redirect("atlas:own")
    context = {
        "title": "首页",
        "doors": _open_doors(scope, OWN_DOORS),
        "delivers": scope.may("rounds.own"),
        "may": sorted(name for code, name in PERMISSIONS.items() if scope.may(code)),
    }
    return render(request, "config/home.html", context)


@officer_required(SYSTEM)
def system_index(request: HttpRequest) -> HttpResponse:
    """Queues with their age, a few facts, and the doors the person may use."""
    doors = _open_doors(cast(OfficerRequest, request).scope, DOORS)
    context = {"title": "系统", "doors": doors, "queues": measures.queues(), "facts": measures.facts()}
    return render(request, "config/system.html", context)
