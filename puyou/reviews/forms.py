"""Checks the shape of what people choose and type at the desk."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from puyou.reviews import rules


class DeskForm(forms.Form):
    """One step about the chosen visits, with what must be written for it."""

    step = forms.ChoiceField(
        label="结论或下一步", widget=forms.RadioSelect, error_messages={"required": "请选择要办理的事项"}
    )
    text = forms.CharField(
        label="理由或问题",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="拟不予认可、退回、决定申诉须写明理由；询问须写明要问的话。投递员会在手机上看到理由和问题。",
    )

    def __init__(self, steps: Sequence[str], data: QueryDict | None = None) -> None:
        super().__init__(data)
        field: Any = self.fields["step"]
        field.choices = [(step, rules.STEPS[step].label) for step in steps]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        needs = rules.STEPS[values["step"]].needs if values.get("step") else ""
        if needs and not (values.get("text") or "").strip():
            self.add_error("text", f"须写明{needs}")
        return values


def read_chosen(values: Iterable[str]) -> dict[UUID, str]:
    """The chosen visits with the marks that the page was drawn with: ``<id>:<mark>`` each; others are left out."""
    chosen: dict[UUID, str] = {}
    for value in values:
        identifier, _, mark = value.partition(":")
        try:
            chosen[UUID(identifier)] = mark
        except ValueError:
            continue
    return chosen
