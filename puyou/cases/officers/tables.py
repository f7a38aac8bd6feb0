"""The register of qualifications as a list."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.html import format_html

from puyou.cases.models import Qualification
from puyou.cases.officers.qualifying import SOON
from puyou.core import clock, formats
from puyou.core.filters import Filters
from puyou.core.tables import Column, Empty, Table


class QualificationFilters(Filters):
    """By name, number, office and last day."""

    name = forms.CharField(label="姓名", required=False, max_length=20)
    number = forms.CharField(label="证号", required=False, max_length=40)
    office = forms.CharField(label="机构", required=False, max_length=40)
    until = forms.DateField(
        label="到期不晚于", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    lookups = {
        "name": "user__name__contains",
        "number": "number__contains",
        "office": "office__name__contains",
        "until": "valid_to__lte",
    }


def standing(found: Qualification) -> str:
    """Whether it is good today, in words."""
    today = clock.today()
    if found.ended_ground:
        return f"已终止：{found.ended_ground}"
    if found.valid_to <= today:
        return "已过期"
    return "尚未生效" if found.valid_from > today else "有效"


def last_day(found: Qualification) -> Any:
    """The last day it is good on."""
    return found.valid_to - timedelta(days=1)


def _last(found: Qualification) -> Any:
    text, today = formats.day(last_day(found)), clock.today()
    near = not found.ended_ground and today < found.valid_to <= today + SOON
    return format_html('{} <span class="badge provisional">将到期</span>', text) if near else text


def _end(found: Qualification) -> str:
    return f"/cases/qualifications/{found.pk}/end/" if standing(found) == "有效" else ""


QUALIFICATIONS = Table(
    code="qualifications",
    title="执法资格",
    counter="件",
    columns=(
        Column("姓名", "user.name", sort="user__name", head=True),
        Column("证号", "number", sort="number"),
        Column("机构", "office.name", sort="office__name", minor=True),
        Column("自", "valid_from", format="day", sort="valid_from", minor=True),
        Column("至", last_day, format="day", sort="valid_to", show=_last),
        Column("状态", standing),
        Column("办理", lambda found: "终止" if _end(found) else "", link=_end, minor=True),
    ),
    order="valid_to",
    empty=Empty(
        "没有符合条件的执法资格。",
        "登记执法人员的证件后，会出现在这里；需要执法资格的事项据此判断谁可以办理。",
    ),
)
