"""What people fill in to ask for an excuse and to decide on one."""

import re
from typing import Any

from django import forms

from puyou.compliance.models import Excuse
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place

MOST_PLACES = 200


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ProposalForm(forms.Form):
    """One notice: its places, its days, its ground and its number."""

    places = forms.CharField(
        label="地点",
        help_text="区划代码，一行一个，省、市、县、乡、村均可；同一份文件的多个地点一起填写。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    valid_from = forms.DateField(label="起始日期", widget=DayInput())
    valid_to = forms.DateField(
        label="恢复日期", help_text="恢复投递的当天，当天不再免责。", widget=DayInput()
    )
    ground = forms.ChoiceField(
        label="理由",
        choices=[choice for choice in Excuse.Ground.choices if choice[0] != Excuse.Ground.OUTAGE],
    )
    document = forms.CharField(label="文件编号", max_length=100)
    note = forms.CharField(label="说明", max_length=300, required=False)

    def clean_places(self) -> list[Place]:
        codes = dict.fromkeys(re.split(r"[\s,，、;；]+", self.cleaned_data["places"].strip()))
        if len(codes) > MOST_PLACES:
            raise forms.ValidationError(f"一次最多填写 {MOST_PLACES} 个地点，更多请用文件载入。")
        found = []
        for code in codes:
            try:
                found.append(places.get_place(code))
            except Problem as problem:
                self.add_error("places", problem.message)
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("valid_from"), values.get("valid_to")
        if first and last and first >= last:
            self.add_error("valid_to", "恢复日期须晚于起始日期。")
        return values


class DecisionForm(forms.Form):
    """A remark with a decision."""

    note = forms.CharField(label="意见", max_length=300, required=False)


class RejectionForm(forms.Form):
    """A rejection says why."""

    note = forms.CharField(label="不批准的理由", max_length=300)
