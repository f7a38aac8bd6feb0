"""Forms that a definition makes, and the few that are the same for every kind."""

from collections.abc import Mapping
from typing import Any

from django import forms

from puyou.accounts.models import Organisation
from puyou.core.problems import Problem
from puyou.ledgers import values
from puyou.ledgers.definition import LEVEL_NAMES, Definition, Field
from puyou.ledgers.reading import Directory
from puyou.ledgers.tables import DayInput
from puyou.ledgers.values import Unfit
from puyou.places.models import Place

FREE = 100_000  # the definition's own limits tell better what is too long


class Offered(forms.TextInput):
    """A text with names to choose from; any other may be typed."""

    template_name = "ledgers/offered.html"

    def __init__(self, names: list[str], **attrs: Any) -> None:
        super().__init__(attrs)
        self.names = names

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}-offered"
        return context | {"names": self.names, "list": f"{name}-offered"}


class EntryForm(forms.Form):
    """One entry of a kind. ``whole``: everything required must be there; a draft may lack it."""

    turn = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        found: Definition,
        operators: list[Organisation],
        whole: bool,
        grounded: bool,
        **rest: Any,
    ) -> None:
        super().__init__(*args, **rest)
        self.found, self.whole, self.directory = found, whole, Directory()
        self.data_kept: values.Data = {}
        levels = "、".join(LEVEL_NAMES[level] for level in found.place_levels)
        every = len(found.place_levels) == len(LEVEL_NAMES)
        self.fields["entry_place"] = forms.CharField(
            label=found.place_name, max_length=60,
            help_text="地区名称或区划代码。" if every else f"地区名称或区划代码；{levels}。",
        )  # fmt: skip
        if found.has_operator:
            self.fields["entry_operator"] = forms.CharField(
                label="企业", max_length=100, required=found.operator == "required",
                widget=Offered([each.name for each in operators]),
            )  # fmt: skip
        for field in found.written:
            self.fields[field.code] = _field(field)
            self.fields[field.code].required = field.required and (whole or not self.is_bound)
        if grounded:
            self.fields["ground"] = forms.CharField(
                label="修改理由", max_length=300, help_text="原来的内容和这次的理由都留存，可在记录页查看。"
            )

    def clean_entry_place(self) -> Place:
        try:
            place = self.directory.place(self.cleaned_data["entry_place"].strip())
        except (Unfit, Problem) as error:
            raise forms.ValidationError(str(error)) from error
        if place.level not in self.found.place_levels:
            levels = "、".join(LEVEL_NAMES[level] for level in self.found.place_levels)
            raise forms.ValidationError(f"应为{levels}的地区")
        return place

    def clean_entry_operator(self) -> Organisation | None:
        text = self.cleaned_data["entry_operator"].strip()
        if not text:
            return None
        try:
            return self.directory.operator(text)
        except Unfit as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = {field.code: cleaned.get(field.code) for field in self.found.written}
        self.data_kept, wrong = values.check(self.found, said, self.directory.finders, whole=self.whole)
        for code, text in wrong.items():
            if code not in self.errors:
                self.add_error(code if code in self.fields else None, text)
        for field in self.found.written:
            self.fields[field.code].required = field.required  # as the page marks it
        return cleaned

    @property
    def said(self) -> Mapping[str, Any]:
        """What was written, for the action to check itself."""
        return {field.code: self.cleaned_data.get(field.code) for field in self.found.written}


def _field(field: Field) -> forms.Field:
    label = f"{field.name}（{field.unit}）" if field.unit else field.name
    help_text = field.help or _hint(field)
    if field.type in ("code", "yes_no"):
        options = field.pairs if field.type == "code" else (("yes", "是"), ("no", "否"))
        made: forms.Field = forms.ChoiceField(
            label=label, help_text=help_text, choices=[("", "请选择"), *options]
        )
    else:
        made = forms.CharField(label=label, max_length=FREE, help_text=help_text, widget=_widget(field))
    made.error_messages["required"] = "必填"
    return made


def _hint(field: Field) -> str:
    if field.numeric and field.unit:
        return "可写成 1.2亿、3,000万 等。" if field.type == "money" else ""
    if field.needed_when:
        return "进展到相应阶段时必填。"
    return "4 至 20 位数字、字母或短横。" if field.type == "outlet" else field.pattern_says


def _widget(field: Field) -> forms.Widget:
    if field.type == "long_text":
        return forms.Textarea(attrs={"rows": 4})
    if field.type == "date":
        return DayInput()
    if field.numeric:
        return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.TextInput(attrs={"autocomplete": "off"})


class GroundForm(forms.Form):
    """Why an entry is returned or withdrawn."""

    turn = forms.IntegerField(widget=forms.HiddenInput)
    ground = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由"},
    )


class TurnForm(forms.Form):
    """Which state of the entry a button was pressed on."""

    turn = forms.IntegerField(widget=forms.HiddenInput)


class DefinitionForm(forms.Form):
    """A definition as JSON."""

    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label="定义（JSON）", max_length=200_000, widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
        error_messages={"required": "请填写定义"},
    )  # fmt: skip
    note = forms.CharField(
        label="版本说明", max_length=300, required=False, help_text="留空时自动写明改了什么。"
    )


class SheetForm(forms.Form):
    """A filled-in sheet."""

    file = forms.FileField(
        label="表格文件", help_text="xlsx 或 CSV，一次最多 5,000 行、10 MB。列的次序不限，按列名识别。",
        error_messages={"required": "请选择要导入的文件", "empty": "文件是空的"},
    )  # fmt: skip


class FileForm(forms.Form):
    """A file and which attachment it is."""

    field = forms.ChoiceField(label="附件类别")
    file = forms.FileField(label="文件", error_messages={"required": "请选择文件", "empty": "文件没有内容"})

    def __init__(self, *args: Any, fields: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["field"] = forms.ChoiceField(label="附件类别", choices=fields, initial=fields[0][0])
