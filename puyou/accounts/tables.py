"""The room's lists as declarations."""

from dataclasses import replace

from django.urls import reverse

from puyou.accounts.models import Appointment, Grant, Organisation, Post, User
from puyou.core import clock
from puyou.core.tables import Column, Empty, Table


def _held_posts(user: User) -> str:
    return "；".join(_held(appointment.post) for appointment in getattr(user, "present", []))


def _held(post: Post) -> str:
    return f"{post.organisation.name} {post.title}（{_powers(post)}）"


def _powers(post: Post) -> str:
    return (
        "、".join(f"{grant.role.name}·{grant.place.name}" for grant in getattr(post, "held", [])) or "未授权"
    )


def _holders(post: Post) -> str:
    return "、".join(appointment.user.name for appointment in getattr(post, "present", [])) or "空缺"


def _indented(organisation: Organisation) -> str:
    return "　" * organisation.place.level + organisation.name


def _state(row: Appointment | Grant) -> str:
    today = clock.today()
    if row.valid_to is not None and row.valid_to <= today:
        return "已结束"
    return "有效" if row.valid_from <= today else "未开始"


def _end_link(name: str, row: Appointment | Grant) -> str | None:
    return None if _state(row) == "已结束" else reverse(name, args=[row.pk])


def person_link(pk: int) -> str:
    return reverse("account_person", args=[pk])


PEOPLE = Table(
    code="people",
    title="人员",
    counter="人",
    columns=(
        Column("姓名", "name", sort="name", head=True, link=lambda row: person_link(row.pk)),
        Column("用户名", "username", sort="username"),
        Column("所属机构", "organisation.name", sort="organisation__name"),
        Column("岗位与授权", _held_posts),
        Column("状态", lambda row: "在用" if row.is_active else "已停用", sort="is_active"),
        Column("最近登录", "last_login", format="moment", sort="last_login", minor=True),
    ),
    order="username",
    empty=Empty("没有符合条件的人员。", "在机构页面可以开立用户；放宽筛选条件再看。"),
)
ORGANISATIONS = Table(
    code="organisations",
    title="机构",
    counter="个",
    columns=(
        Column(
            "机构",
            "name",
            head=True,
            link=lambda row: reverse("account_organisation", args=[row.pk]),
            show=_indented,
        ),
        Column("类别", lambda row: row.get_kind_display()),
        Column("所在地", "place.name"),
        Column("上级机构", "parent.name", minor=True),
    ),
    empty=Empty("您的管辖范围内还没有机构。", "由上级机构的系统管理员设立后，会出现在这里。"),
)
PEOPLE_HERE = replace(PEOPLE, title="所属人员", exports=False)
BELOW = replace(ORGANISATIONS, title="下级机构", exports=False, empty=Empty("没有下级机构。", ""))
POSTS = Table(
    code="posts",
    title="岗位",
    counter="个",
    columns=(
        Column("岗位", "title", head=True, link=lambda row: reverse("account_post", args=[row.pk])),
        Column("任职的人", _holders),
        Column("授权", _powers),
    ),
    empty=Empty("这个机构还没有岗位。", "新设岗位后，可以任职和授权。"),
    exports=False,
)
APPOINTMENTS = Table(
    code="appointments",
    title="任职",
    columns=(
        Column("姓名", "user.name", head=True, link=lambda row: person_link(row.user_id)),
        Column(
            "岗位",
            lambda row: f"{row.post.organisation.name} {row.post.title}",
            link=lambda row: reverse("account_post", args=[row.post_id]),
        ),
        Column("开始", "valid_from", format="day"),
        Column("结束", "valid_to", format="day"),
        Column("状态", _state),
        Column(
            "办理",
            lambda row: "免职" if _state(row) != "已结束" else "",
            link=lambda row: _end_link("account_appointment_end", row),
            exported=False,
        ),
    ),
    empty=Empty("还没有任职记录。", "任职后会出现在这里。"),
    exports=False,
)
GRANTS = Table(
    code="grants",
    title="授权",
    columns=(
        Column("角色", "role.name", head=True),
        Column("地区", "place.name"),
        Column("限于企业", "organisation.name"),
        Column("开始", "valid_from", format="day"),
        Column("结束", "valid_to", format="day"),
        Column("状态", _state),
        Column(
            "办理",
            lambda row: "撤销" if _state(row) != "已结束" else "",
            link=lambda row: _end_link("account_grant_end", row),
            exported=False,
        ),
    ),
    empty=Empty("这个岗位还没有授权，不能查看任何数据。", "由安全管理员授权后生效。"),
    exports=False,
)
SESSIONS = Table(
    code="sessions",
    title="在线会话",
    counter="个",
    columns=(
        Column("姓名", "user.name", head=True, link=lambda row: reverse("account_session", args=[row.pk])),
        Column("设备", "device"),
        Column("网络地址", "address"),
        Column("登录时间", "began_at", format="moment", sort="began_at"),
        Column("最近活动", "seen_at", format="moment", sort="seen_at"),
    ),
    order="-seen_at",
    empty=Empty("没有符合条件的会话。", "有人登录后会出现在这里。"),
)
