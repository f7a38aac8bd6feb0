"""The form that orders a rectification: which of the missed weeks."""

from typing import Any

from django import forms


class OrderForm(forms.Form):
    """Missed weeks to choose from, all of them ticked at first."""

    weeks = forms.MultipleChoiceField(label="未达标的周", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, choices: list[tuple[str, str]]) -> None:
        super().__init__(data, initial={"weeks": [code for code, _ in choices]})
        self.fields["weeks"].choices = choices  # type: ignore[attr-defined]
