"""The forms in which people write notes and tie cases."""

from django import forms

from puyou.cases.beside import links, notes


class NoteForm(forms.Form):
    """A note and who reads it."""

    use_required_attribute = False

    text = forms.CharField(label="备注", max_length=notes.LIMIT, widget=forms.Textarea(attrs={"rows": 5}))
    shared = forms.BooleanField(
        label="其他当事人可见", required=False, help_text="不勾选时，主管部门和您这一方可见"
    )


class LinkForm(forms.Form):
    """Which case, how it has to do with this one, and why."""

    use_required_attribute = False

    number = forms.CharField(label="案号", max_length=60)
    kind = forms.ChoiceField(
        label="关联方式", choices=[("", "请选择"), *((kind.value, kind.label) for kind in links.BY_HAND)]
    )
    ground = forms.CharField(label="说明", max_length=links.GROUND_LIMIT, required=False)
