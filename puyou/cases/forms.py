"""Forms made from a definition: the fields of an action as a person fills them in."""

from collections.abc import Iterable
from typing import Any

from django import forms

from puyou.cases.definition import Action, Field

REVISION = "revision"
People = Iterable[tuple[int, str]]


def form_of(action: Action, data: Any = None, people: People = ()) -> forms.Form:
    """The form of an action; ``revision`` says which state of the case the person saw, ``people`` who may be chosen."""
    fields: dict[str, forms.Field] = {field.code: _field(field, people) for field in action.fields}
    fields[REVISION] = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    kind = type("ActionForm", (forms.Form,), fields | {"use_required_attribute": False})
    made: forms.Form = kind(data)
    return made


def _field(field: Field, people: People) -> forms.Field:
    common: dict[str, Any] = {"label": field.name, "required": field.required, "help_text": field.help}
    if field.kind == "choice":
        return forms.ChoiceField(choices=[("", "请选择"), *field.options.items()], **common)
    if field.kind == "person":
        return forms.ChoiceField(
            choices=[("", "请选择"), *((str(pk), name) for pk, name in people)], **common
        )
    if field.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if field.kind == "number":
        return forms.IntegerField(min_value=0, max_value=field.limit, **common)
    if field.kind == "boolean":
        return forms.BooleanField(**common)
    widget = forms.Textarea(attrs={"rows": 5}) if field.kind == "long_text" else forms.TextInput()
    return forms.CharField(max_length=field.limit, widget=widget, **common)


def spoken(action: Action, data: dict[str, Any]) -> list[tuple[str, str]]:
    """What was filled in, as label and words."""
    return [
        (
            field.name,
            _word(field, data[field.code] if field.kind != "person" else data.get("person_name", "")),
        )
        for field in action.fields
        if data.get(field.code) not in (None, "")
    ]


def _word(field: Field, value: Any) -> str:
    if field.kind == "boolean":
        return "是" if value else "否"
    return field.options.get(str(value), str(value))
