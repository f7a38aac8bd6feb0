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
