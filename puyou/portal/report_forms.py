"""The public's form for a report, and the small forms of whoever follows one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from puyou.cases.feedback.models import Category
from puyou.cases.feedback.rules import PHOTOS_LIMIT, TEXT_LIMIT

MOST_PHOTO_BYTES = 15 * 1024 * 1024
WIDGETS: dict[str, Any] = {"text": forms.Textarea}


class PhotosInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to six photos; what they are is seen when they are opened."""

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=PhotosInput(attrs={"accept": "image/jpeg,image/png"}), **how)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        found = [super(PhotosField, self).clean(one, initial) for one in given if one]
        if len(found) > PHOTOS_LIMIT:
            raise forms.ValidationError(f"照片至多 {PHOTOS_LIMIT} 张，现有 {len(found)} 张。")
        for one in found:
            if one.size > MOST_PHOTO_BYTES:
                raise forms.ValidationError(f"“{one.name[:40]}”超过 15 MB，请换一张较小的。")
        return found


class ReportForm(forms.Form):
    """What happened, in the reporter's words; further questions are those of the category."""

    text = forms.CharField(
        label="发生了什么",
        max_length=TEXT_LIMIT,
        min_length=2,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"时间、地点、经过，至多 {TEXT_LIMIT} 个字。",
        error_messages={"required": "请写一写发生了什么。"},
    )
    photos = PhotosField(
        label="照片",
        required=False,
        help_text=f"至多 {PHOTOS_LIMIT} 张 JPEG 或 PNG，每张至多 15 MB；保存前缩小，并去除拍摄信息。",
    )
    contact = forms.CharField(
        label="联系方式",
        max_length=100,
        required=False,
        help_text="电话或邮箱，只给受理的监管部门核实用，企业看不到；可以不填。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    website = forms.CharField(
        label="请留空",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, category: Category, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.asked = [one for one in category.attributes if one.get("variable", True)]
        for one in self.asked:
            self.fields[f"attribute_{one['code']}"] = _field_of(one)
        kept = [name for name in self.fields if name.startswith("attribute_")]
        self.order_fields(["text", *kept, "photos", "contact", "website"])

    @property
    def attributes(self) -> dict[str, Any]:
        """The answers to the category's questions; those without an answer are left out."""
        said = {one["code"]: self.cleaned_data.get(f"attribute_{one['code']}") for one in self.asked}
        return {code: value for code, value in said.items() if value not in (None, "", [])}

    @property
    def shown_fields(self) -> list[Any]:
        """The fields that people see."""
        return [field for field in self if field.name != "website"]


def _field_of(question: dict[str, Any]) -> forms.Field:
    """The field for a question of a category, by its datatype as Open311 names it."""
    common: dict[str, Any] = {"label": question["description"], "required": bool(question.get("required"))}
    choices = [(one["key"], one["name"]) for one in question.get("values", ())]
    kind = question.get("datatype", "string")
    if kind == "number":
        return forms.IntegerField(min_value=0, max_value=1_000_000, **common)
    if kind == "singlevaluelist":
        return forms.ChoiceField(choices=[("", "请选择"), *choices], **common)
    if kind == "multivaluelist":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if kind == "text":
        return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **common)
    return forms.CharField(max_length=100, **common)


class TrackForm(forms.Form):
    """Number and code of a report."""

    number = forms.CharField(
        label="查询号", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label="查询码", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ConfirmForm(forms.Form):
    """Fixed or not, and a few words."""

    fixed = forms.ChoiceField(
        label="问题解决了吗", choices=[("yes", "已经解决"), ("no", "没有解决")], widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="补充说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RateForm(forms.Form):
    """How content somebody is."""

    score = forms.TypedChoiceField(
        label="您满意吗",
        coerce=int,
        choices=[(5, "5 非常满意"), (4, "4 满意"), (3, "3 一般"), (2, "2 不满意"), (1, "1 非常不满意")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="想说的话", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
