"""What people type about accounts, checked for its shape."""

from typing import Any

from django import forms
from django.db.models import Q

from puyou.accounts import roles, rules
from puyou.accounts.models import Organisation, Role
from puyou.core import clock
from puyou.core.filters import Filters
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place


def _secret(label: str, completion: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": completion})
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget, **more)


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlaceField(forms.CharField):
    """A division's code of 2, 4, 6, 9 or 12 digits."""

    def clean(self, value: Any) -> Place:
        try:
            return places.get_place(super().clean(value))
        except Problem as problem:
            raise forms.ValidationError(problem.message) from problem


class SignInForm(forms.Form):
    username = forms.CharField(
        label="用户名",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = _secret("密码", "current-password")

    def clean_username(self) -> str:
        return rules.plain_username(self.cleaned_data["username"])


class PasswordForm(forms.Form):
    old = _secret("原密码", "current-password")
    new = _secret(
        "新密码", "new-password", help_text="至少 10 位，不能是常见密码，也不能与姓名、用户名相近。"
    )
    again = _secret("再输一次新密码", "new-password")

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError("两次输入的新密码不一致")
        return again


class OrganisationForm(forms.Form):
    name = forms.CharField(label="机构名称", max_length=100)
    place = PlaceField(label="所在地代码", max_length=12, help_text="6 位县级代码，或 2、4、9、12 位代码。")


class PostForm(forms.Form):
    title = forms.CharField(label="岗位名称", max_length=60)


class PersonForm(forms.Form):
    username = forms.CharField(
        label="用户名", max_length=60, help_text="字母、数字、点、横线或下划线，不少于 3 位。"
    )
    name = forms.CharField(label="姓名", max_length=60)


class PeriodForm(forms.Form):
    valid_from = forms.DateField(label="开始日期", widget=DayInput(), initial=clock.today)
    valid_to = forms.DateField(
        label="结束日期", widget=DayInput(), required=False, help_text="自该日起不再有效；不填为长期。"
    )


class AppointmentForm(PeriodForm):
    username = forms.CharField(label="用户名", max_length=60)
    field_order = ["username", "valid_from", "valid_to"]


class GrantForm(PeriodForm):
    role = forms.ModelChoiceField(Role.objects.none(), label="角色", to_field_name="code", empty_label=None)
    place = PlaceField(label="地区代码", max_length=12, help_text="角色在该地区及其下级地区有效。")
    field_order = ["role", "place", "valid_from", "valid_to"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [role.code for role in roles.CATALOGUE if role.kind == organisation.kind]
        choice = self.fields["role"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Role.objects.filter(code__in=fitting).order_by("name")
        self.fields["place"].initial = organisation.place.code


class EndForm(forms.Form):
    on = forms.DateField(label="自哪一天起失效", widget=DayInput(), initial=clock.today)


class GroundForm(forms.Form):
    ground = forms.CharField(label="停用原因", max_length=300)


class PlainForm(forms.Form):
    """Nothing to fill in; confirming is the whole form."""


class PeopleFilters(Filters):
    text = forms.CharField(label="姓名或用户名", required=False, max_length=60)
    organisation = forms.CharField(label="机构", required=False, max_length=60)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("open", "在用"), ("closed", "已停用")]
    )

    def narrow(self, rows: Any, values: Any) -> Any:
        from_text = rules.plain_username(values.get("text") or "")
        if from_text:
            rows = rows.filter(Q(name__contains=values["text"].strip()) | Q(username__contains=from_text))
        if values.get("organisation"):
            rows = rows.filter(organisation__name__contains=values["organisation"].strip())
        if values.get("state"):
            rows = rows.filter(is_active=values["state"] == "open")
        return rows


class OrganisationFilters(Filters):
    text = forms.CharField(label="机构名称", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Organisation.Kind.choices])
    lookups = {"text": "name__contains", "kind": "kind"}


class SessionFilters(Filters):
    text = forms.CharField(label="姓名", required=False, max_length=60)
    lookups = {"text": "user__name__contains"}


class KeyForm(forms.Form):
    """A key for a program: what it is for and until when."""

    name = forms.CharField(label="用途", max_length=40, help_text="例如：省局统计系统")
    valid_to = forms.DateField(label="有效期至", widget=DayInput(), help_text="不超过一年，到期自动失效。")
