"""How the office's lists of notices and of villagers' words look."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from puyou.core import clock
from puyou.core.periods import Week
from puyou.core.tables import Column, Empty, Table
from puyou.villagers.models import VillagerWord
from puyou.villagers.queries import code_text


def _village(row: Any) -> str:
    return f"/atlas/{row.place.code}/"


def _township(row: Any) -> str:
    return row.place.parent.name if row.place.parent else ""


def _end(row: Any) -> str | None:
    return reverse("notice_end", args=[row.pk]) if row.valid_to is None else None


def _hour(row: Any) -> str:
    return f"{row.at.astimezone(clock.SHANGHAI):%H:%M}"


def _said(row: Any) -> Any:
    if row.said == VillagerWord.Said.CAME:
        return "来了"
    return format_html('<span class="badge provisional">{}</span>', "没来")


def _claimed(row: Any) -> str:
    return "有打卡" if row.claimed else "没有打卡"


def _visits(row: Any) -> str | None:
    return f"/visits/?place={row.place.code}&week={Week.of(row.day).name}" if row.claimed else None


NOTICES = Table(
    code="notices",
    title="公示码",
    counter="张",
    order="place__code",
    columns=(
        Column("村", "place.name", sort="place__code", head=True, link=_village),
        Column("乡镇", _township, minor=True),
        Column("公示码", code_text, link=lambda row: f"/v/{code_text(row)}/"),
        Column("张贴在", "get_hangs_display", sort="hangs"),
        Column("启用", "valid_from", format="day", sort="valid_from"),
        Column("停用", "valid_to", format="day", sort="valid_to"),
        Column("停用原因", "ground", minor=True),
        Column("办理", lambda row: "停用" if row.valid_to is None else "", link=_end, exported=False),
    ),
    empty=Empty("这里还没有公示码。", "发出公示码、打印并张贴在村民委员会或村邮站之后，会出现在这里。"),
)
WORDS = Table(
    code="words",
    title="村民反映",
    counter="条",
    order="-at",
    columns=(
        Column("日期", "day", format="day", sort="day"),
        Column("时刻", _hour, sort="at"),
        Column("村", "place.name", sort="place__code", head=True, link=_village),
        Column("乡镇", _township, minor=True),
        Column("反映", "get_said_display", sort="said", show=_said),
        Column("公示码张贴在", "code.get_hangs_display", minor=True),
        Column("当天打卡", _claimed, link=_visits),
    ),
    empty=Empty("还没有村民反映。", "村民扫公示码后点“今天没来”或“今天来了”，会出现在这里。"),
)
