"""The forms in which an office decides about papers that wait, and issues documents."""

from collections.abc import Iterable
from typing import Any

from django import forms

from puyou.cases.papers import issuing
from puyou.cases.papers.checklist import Item, Status

CHOICES = [("", "请选择"), (Status.ACCEPTED.value, "接受"), (Status.RETURNED.value, "退回补正")]


class ReviewForm(forms.Form):
    """A decision and, for what is returned, its ground, for each paper."""

    use_required_attribute = False

    def __init__(self, data: Any, items: Iterable[Item]) -> None:
        super().__init__(data)
        self.items = list(items)
        for item in self.items:
            code, name = item.material.code, item.material.name
            self.fields[f"{code}-status"] = forms.ChoiceField(label=name, choices=CHOICES)
            self.fields[f"{code}-ground"] = forms.CharField(
                label=f"{name}：应如何补正",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="退回时必填；请一次写全",
            )

    @property
    def decisions(self) -> dict[str, tuple[str, str]]:
        """Code → status and ground, as filled in."""
        said = self.cleaned_data
        codes = [item.material.code for item in self.items]
        return {code: (said[f"{code}-status"], said[f"{code}-ground"]) for code in codes}


class DocumentForm(forms.Form):
    """What kind of document, to whom, and its words."""

    use_required_attribute = False

    kind = forms.ChoiceField(label="文书种类", choices=[("", "请选择"), *issuing.KINDS.items()])
    to = forms.CharField(label="送交对象", max_length=100)
    text = forms.CharField(
        label="正文",
        max_length=issuing.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="每段一行。制发后编号并存档，不能再改",
    )
