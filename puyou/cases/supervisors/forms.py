"""What officers fill in about rounds, candidates, supervisors and tasks."""

import re
from datetime import timedelta
from typing import Any

from django import forms

from puyou.accounts.models import in_force
from puyou.cases.supervisors import counties, seeds
from puyou.cases.supervisors.models import Background, Candidate, CandidateReview, Checklist, SupervisorTerm
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.models import AreaClass

PHONE = re.compile(r"[0-9+\- ]{7,20}")


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day to choose."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def words_field(label: str, limit: int, **more: Any) -> forms.CharField:
    """A few lines."""
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": 4}), **more)


class Placed(forms.Form):
    """A form with a place that is typed by its code."""

    use_required_attribute = False
    place = forms.CharField(label="地区（区划代码）", max_length=12)

    def clean_place(self) -> Place:
        try:
            return places.get_place(self.cleaned_data["place"].strip())
        except Problem as problem:
            raise forms.ValidationError(problem.message) from problem


class RoundForm(Placed):
    """A call for supervisors."""

    title = forms.CharField(label="批次名称", max_length=100)
    places = forms.IntegerField(
        label="名额",
        min_value=1,
        max_value=5000,
        help_text="按准则分到各县：先满足没有监督员的县，农村多分。",
    )
    first = day_field("报名开始")
    last = day_field("报名截止（含当日）")
    field_order = ("title", "place", "places", "first", "last")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("first") and values.get("last") and values["last"] < values["first"]:
            self.add_error("last", "不能早于报名开始")
        return values


class CandidateForm(Placed):
    """A person who asked, or was asked."""

    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="电话", max_length=20)
    background = forms.ChoiceField(label="身份", choices=Background.choices)
    employer = forms.CharField(label="单位", max_length=100, required=False)
    channel = forms.ChoiceField(label="来源", choices=Candidate.Channel.choices)
    recommended_by = forms.CharField(label="推荐单位", max_length=100, required=False)
    area_class = forms.ChoiceField(label="所在地区类别", choices=AreaClass.choices, initial="rural")
    statement = words_field("自我介绍", 1000, required=False)
    field_order = ("name", "phone", "place")

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if not PHONE.fullmatch(phone):
            raise forms.ValidationError("请填写 7 至 20 位电话号码。")
        return re.sub(r"[ \-]", "", phone)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("channel") == Candidate.Channel.RECOMMENDED and not values.get("recommended_by"):
            self.add_error("recommended_by", "委托推荐的须写明推荐单位。")
        return values


class ReviewForm(forms.Form):
    """What is decided about a candidate, and why."""

    decision = forms.ChoiceField(label="审查意见", choices=CandidateReview.Decision.choices)
    ground = words_field("理由", 300)


class AppointForm(forms.Form):
    """From when a candidate is a supervisor."""

    first = day_field("聘期开始")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **({"initial": {"first": clock.today()}} | named))

    def clean_first(self) -> Any:
        first, today = self.cleaned_data["first"], clock.today()
        if not today - timedelta(days=90) <= first <= today + timedelta(days=366):
            raise forms.ValidationError("聘期开始应在此前 90 天至此后一年之内。")
        return first


class EndForm(forms.Form):
    """Why a supervisor's term ends before its time."""

    ground = forms.ChoiceField(label="原因", choices=SupervisorTerm.End.choices)
    words = words_field("说明", 300)


class CommendForm(forms.Form):
    """An honour and its ground."""

    title = forms.CharField(label="表扬名称", max_length=60)
    ground = words_field("事由", 300)


class TrainingForm(forms.Form):
    """A lesson that a supervisor finished at the office."""

    lesson = forms.ChoiceField(label="课程", choices=list(seeds.LESSONS.items()))
    score = forms.IntegerField(label="成绩", min_value=0, max_value=100, required=False)


class TaskForm(Placed):
    """Something to look at: for a place, or for each county below it."""

    checklist = forms.ModelChoiceField(Checklist.objects.none(), label="检查清单", empty_label="请选择")
    split = forms.ChoiceField(
        label="下达方式",
        choices=[("one", "作为一项任务"), ("counties", "每个县一项任务")],
        help_text="任务派给该地区及其以下在聘的监督员；没有的，派给最近的上级地区的监督员。",
    )
    title = forms.CharField(label="任务名称", max_length=100)
    words = words_field("要求", 1000, required=False)
    due = day_field("完成期限（含当日）")
    field_order = ("title", "checklist", "place", "split", "words", "due")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        held = Checklist.objects.filter(in_force(clock.today())).order_by("pk")
        self.fields["checklist"].queryset = held  # type: ignore[attr-defined]

    def clean_due(self) -> Any:
        if self.cleaned_data["due"] < clock.today():
            raise forms.ValidationError("完成期限不能早于今天。")
        return self.cleaned_data["due"]

    def places(self) -> list[Place]:
        """The places of the tasks to be made."""
        place: Place = self.cleaned_data["place"]
        if self.cleaned_data["split"] == "one" or place.level >= counties.COUNTY:
            return [place]
        rows = Place.objects.filter(path__startswith=place.path, level=counties.COUNTY, valid_to=None)
        return list(rows.order_by("code"))


class WithdrawForm(forms.Form):
    """Why a task is taken back."""

    words = words_field("原因", 200)


class PlainForm(forms.Form):
    """Nothing to fill in: only a button."""
