"""Checks the shape of what people type about visits."""

from django import forms


class ClosingForm(forms.Form):
    """The ground on which a review of a courier without positions is closed."""

    ground = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "结束审核时须写明理由"},
        help_text="查明的原因与处理，例如“沿线无信号，已核对签收照片”。",
    )
