"""The forms in which offices enter certificates and decide who keeps away."""

from collections.abc import Iterable
from typing import Any

from django import forms

from puyou.accounts.models import User
from puyou.cases.officers import recusing


class QualificationForm(forms.Form):
    """An officer's certificate."""

    use_required_attribute = False

    username = forms.CharField(label="用户名", max_length=60, help_text="执法人员在本系统的用户名")
    number = forms.CharField(label="证号", max_length=40)
    first = forms.DateField(label="自", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="至", widget=forms.DateInput(attrs={"type": "date"}), help_text="含当日")


class RecusalForm(forms.Form):
    """Who should keep away and why."""

    use_required_attribute = False

    user_id = forms.ChoiceField(label="请谁回避")
    ground = forms.CharField(
        label="理由", max_length=recusing.GROUND_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any, people: Iterable[User]) -> None:
        super().__init__(data)
        choices = [("", "请选择"), *((str(one.pk), one.name) for one in people)]
        self.fields["user_id"].choices = choices  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """What is decided and why."""

    use_required_attribute = False

    upheld = forms.ChoiceField(
        label="决定", choices=[("", "请选择"), ("yes", "决定回避"), ("no", "驳回申请")]
    )
    ground = forms.CharField(
        label="理由", max_length=recusing.GROUND_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
    )
