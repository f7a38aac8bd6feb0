"""Checks the shape of what people type at the review desk."""

from django import forms

from puyou.visits.models import Review


class ReviewForm(forms.Form):
    """A decision about a visit, with its ground."""

    decision = forms.ChoiceField(label="审核结论", choices=Review.Decision.choices, widget=forms.RadioSelect)
    ground = forms.CharField(
        label="理由",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不予认可时必须写明，例如“照片与村点不符”。",
    )


class ClosingForm(forms.Form):
    """The ground on which a review of a courier without positions is closed."""

    ground = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "结束审核时须写明理由"},
        help_text="查明的原因与处理，例如“沿线无信号，已核对签收照片”。",
    )
