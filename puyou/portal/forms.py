"""What is filled in on the portal's pages."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from puyou.core.filters import Filters
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.villagers.models import NoticeCode, VillagerWord


class NoticeForm(forms.Form):
    """Villages that get a notice: one, or all of a township that have none."""

    code = forms.CharField(
        label="村或乡镇的区划代码",
        max_length=12,
        help_text="12 位村代码发一张；9 位乡镇代码为其中有投递频次、尚无公示码的村各发一张。",
    )
    hangs = forms.ChoiceField(label="张贴在", choices=NoticeCode.Hangs.choices)

    def clean_code(self) -> Place:
        try:
            place = places.get_place(self.cleaned_data["code"].strip())
        except Problem as problem:
            raise forms.ValidationError(problem.message) from problem
        if place.level not in (4, 5):
            raise forms.ValidationError("请填写村或乡镇的代码。")
        return place


class GroundForm(forms.Form):
    """Why a notice is ended."""

    ground = forms.CharField(label="原因", max_length=200)


class NoticeFilters(Filters):
    """Notices by village, and whether they are in force."""

    name = forms.CharField(label="村名", required=False, max_length=50)
    hangs = forms.ChoiceField(
        label="张贴在", required=False, choices=[("", "全部"), *NoticeCode.Hangs.choices]
    )
    ended = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("no", "在用"), ("yes", "已停用")]
    )
    lookups: ClassVar[dict[str, str]] = {"name": "place__name__contains", "hangs": "hangs"}

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        """Also by whether it was ended."""
        rows = super().narrow(rows, values)
        ended = values.get("ended")
        return rows.filter(valid_to__isnull=ended == "no") if ended else rows


class DayInput(forms.DateInput):
    """A date as the browser picks it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WordFilters(Filters):
    """Words by village, meaning and days."""

    name = forms.CharField(label="村名", required=False, max_length=50)
    said = forms.ChoiceField(label="反映", required=False, choices=[("", "全部"), *VillagerWord.Said.choices])
    first = forms.DateField(label="从", required=False, widget=DayInput())
    last = forms.DateField(label="到", required=False, widget=DayInput())
    beside = forms.ChoiceField(
        label="当天打卡",
        required=False,
        choices=[("", "全部"), ("yes", "反映没来但有打卡"), ("no", "没有打卡")],
    )
    lookups: ClassVar[dict[str, str]] = {
        "name": "place__name__contains",
        "said": "said",
        "first": "day__gte",
        "last": "day__lte",
    }

    def narrow(self, rows: Any, values: Mapping[str, Any]) -> Any:
        """Also by whether a visit was claimed that day."""
        rows = super().narrow(rows, values)
        if values.get("beside") == "yes":
            return rows.filter(claimed=True, said=VillagerWord.Said.ABSENT)
        return rows.filter(claimed=False) if values.get("beside") == "no" else rows
