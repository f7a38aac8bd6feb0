"""Forms made from a definition: the fields of an action as a person fills them in."""

from typing import Any

from django import forms

from puyou.cases.definition import Action, Field

REVISION = "revision"


def form_of(action: Action, data: Any = None) -> forms.Form:
    """The form of an action; ``revision`` says which state of the case the person saw."""
    fields: dict[str, forms.Field] = {field.code: _field(field) for field in action.fields}
    fields[REVISION] = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    kind = type("ActionForm", (forms.Form,), fields | {"use_required_attribute": False})
    made: forms.Form = kind(data)
    return made


def _field(field: Field) -> forms.Field:
    common: dict[str, Any] = {"label": field.name, "required": field.required, "help_text": field.help}
    if field.kind == "choice":
        return forms.ChoiceField(choices=[("", "请选择"), *field.options.items()], **common)
    if field.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if field.kind in ("number", "person"):
        return forms.IntegerField(min_value=0, max_value=field.limit, **common)
    if field.kind == "boolean":
        return forms.BooleanField(**common)
    widget = forms.Textarea(attrs={"rows": 5}) if field.kind == "long_text" else forms.TextInput()
    return forms.CharField(max_length=field.limit, widget=widget, **common)


def spoken(action: Action, data: dict[str, Any]) -> list[tuple[str, str]]:
    """What was filled in, as label and words."""
    return [
        (field.name, _word(field, data[field.code]))
        for field in action.fields
        if data.get(field.code) not in (None, "")
    ]


def _word(field: Field, value: Any) -> str:
    if field.kind == "boolean":
        return "是" if value else "否"
    return field.options.get(str(value), str(value))
