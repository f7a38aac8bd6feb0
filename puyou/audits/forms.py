"""What people fill in to draw, to give a seed, and to record a result."""

from typing import Any

from django import forms

from puyou.audits.models import AuditResult
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FrameForm(forms.Form):
    """Where, which days, how many."""

    place = forms.CharField(
        label="地区", max_length=12, help_text="区划代码，2、4、6、9 或 12 位；全国为 000000000000。"
    )
    first = forms.DateField(label="起始日期", widget=DayInput())
    last = forms.DateField(label="终止日期（含）", widget=DayInput(), help_text="所在的周须已定论。")
    size = forms.IntegerField(label="抽取件数", min_value=1, max_value=100_000, initial=400)
    reason = forms.CharField(
        label="再次抽取的理由",
        max_length=300,
        required=False,
        help_text="同一地区、同一时间已经抽过的，须写明。",
    )

    def clean_place(self) -> Place:
        try:
            return places.get_place(self.cleaned_data["place"].strip())
        except Problem as problem:
            raise forms.ValidationError(problem.message) from problem

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("first") and values.get("last") and values["first"] > values["last"]:
            self.add_error("last", "终止日期不能早于起始日期。")
        return values


class SeedForm(forms.Form):
    """The seed, given or left to be drawn."""

    seed = forms.CharField(
        label="种子", max_length=100, required=False,
        help_text="可用公开产生、事先无人能知的数字，例如某日开奖号码；留空由系统产生。一经抽取不能更改。",
    )  # fmt: skip


class ResultForm(forms.Form):
    """What a re-check found."""

    outcome = forms.ChoiceField(label="结果", choices=AuditResult.Outcome.choices, widget=forms.RadioSelect)
    method = forms.ChoiceField(label="方式", choices=AuditResult.Method.choices, widget=forms.RadioSelect)
    checked_on = forms.DateField(label="核查日期", widget=DayInput())
    note = forms.CharField(
        label="情况", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="问了谁、怎么说；不属实、无法认定时必须写明。",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class SheetForm(forms.Form):
    """A filled-in sheet."""

    file = forms.FileField(
        label="录入表", help_text="xlsx 或 CSV，列名与下载的录入表相同；没有填结果的行留待以后。",
        error_messages={"required": "请选择要录入的文件"},
    )  # fmt: skip
