"""What people fill in to publish a rule or to extend the calendar."""

from typing import Any

from django import forms

from puyou.standards import seeds


class DayInput(forms.DateInput):
    """A date as the browser picks it."""

    input_type = "date"


class PublishForm(forms.Form):
    """A new version of a rule; only what the rule knows is offered."""

    def __init__(self, kind: seeds.RuleKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.by_area_class:
            choices = list(seeds.AREA_CLASSES.items())
            self.fields["area_class"] = forms.ChoiceField(label="区域类别", choices=choices)
        if kind.options:
            options = [(option, seeds.OPTIONS[option]) for option in kind.options]
            self.fields["value"] = forms.ChoiceField(label="数值", choices=options)
        else:
            self.fields["value"] = forms.DecimalField(label="数值", min_value=0, max_digits=12)
        units = [(unit, seeds.UNITS[unit]) for unit in kind.units]
        self.fields["unit"] = forms.ChoiceField(label="单位", choices=units)
        self.fields["place_code"] = forms.CharField(
            label="适用范围", required=False, max_length=12, help_text="区划代码，如 52；留空为全国"
        )
        self.fields["valid_from"] = forms.DateField(label="生效日期", widget=DayInput)
        self.fields["valid_to"] = forms.DateField(
            label="失效日期", required=False, widget=DayInput, help_text="留空为长期有效"
        )
        self.fields["source"] = forms.CharField(
            label="依据", max_length=300, help_text="文件名称、文号或条款"
        )

    def clean_value(self) -> str:
        """The value as text, the way it is stored."""
        return str(self.cleaned_data["value"])


class VerifyForm(forms.Form):
    """Confirming a version takes no more than saying so."""

    compared = forms.BooleanField(label="我已对照依据原文，数值与单位一致")


class CalendarForm(forms.Form):
    """A file of days off and made up."""

    file = forms.FileField(label="日历文件", help_text="CSV 或 xlsx，列为 date、kind、name、sources")
