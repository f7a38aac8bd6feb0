"""The form in which an officer writes a report down."""

from typing import Any
from uuid import uuid4

from django import forms

from puyou.accounts.scopes import Scope
from puyou.cases.feedback import queries, rules
from puyou.cases.feedback.models import Category


class ReportForm(forms.Form):
    """What was said, where, and by whom; ``client_id`` makes a double click one report."""

    use_required_attribute = False
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    category = forms.ModelChoiceField(Category.objects.none(), label="类别", empty_label="请选择")
    place = forms.CharField(
        label="地点（区划代码）", max_length=12, help_text="2、4、6、9 或 12 位；到村的事项用村的 12 位代码"
    )
    text = forms.CharField(
        label="反映内容", max_length=rules.TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 6})
    )
    reporter = forms.CharField(label="反映人姓名", max_length=60, required=False)
    contact = forms.CharField(label="联系方式", max_length=100, required=False)
    hidden = forms.BooleanField(label="对企业隐去反映人身份", required=False)

    def __init__(self, data: Any, *, place: str = "") -> None:
        super().__init__(data, initial={"client_id": uuid4(), "place": place[:12], "hidden": True})
        held = queries.list_categories(Scope.public()).filter(ended_on=None)
        self.fields["category"].queryset = held  # type: ignore[attr-defined]
