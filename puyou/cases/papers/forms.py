"""The forms in which an office decides about papers that wait, and issues documents."""

from collections.abc import Iterable
from typing import Any

from django import forms

from puyou.cases import grounds
from puyou.cases.models import Attachment
from puyou.cases.papers import drafting, issuing, kinds, templating
from puyou.cases.papers.checklist import Item, Status
from puyou.evidence import sniffing

PICTURE_LIMIT = sniffing.TYPES[sniffing.JPEG].limit // sniffing.MIB
PAPER_LIMIT = sniffing.TYPES[sniffing.PDF].limit // sniffing.MIB
CHOICES = [("", "请选择"), (Status.ACCEPTED.value, "接受"), (Status.RETURNED.value, "退回补正")]


class ReviewForm(forms.Form):
    """A decision and, for what is returned, its ground, for each paper."""

    use_required_attribute = False

    def __init__(self, data: Any, items: Iterable[Item]) -> None:
        super().__init__(data)
        self.items = list(items)
        for item in self.items:
            code, name = item.material.code, item.material.name
            self.fields[f"{code}-status"] = forms.ChoiceField(label=name, choices=CHOICES)
            self.fields[f"{code}-ground"] = forms.CharField(
                label=f"{name}：应如何补正",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="退回时必填；请一次写全",
            )

    @property
    def decisions(self) -> dict[str, tuple[str, str]]:
        """Code → status and ground, as filled in."""
        said = self.cleaned_data
        codes = [item.material.code for item in self.items]
        return {code: (said[f"{code}-status"], said[f"{code}-ground"]) for code in codes}


class DocumentForm(forms.Form):
    """What kind of document, to whom, and its words."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label="文书种类", choices=[("", "请选择"), *((one.code, one.name) for one in kinds.KINDS.values())]
    )
    form = forms.ChoiceField(label="形式", choices=list(issuing.FORMS.items()))
    to = forms.CharField(label="送交对象", max_length=drafting.TO_LIMIT)
    text = forms.CharField(
        label="正文",
        max_length=templating.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="每段一行。制发后编号并存档，不能再改",
    )


class NewDraftForm(forms.Form):
    """Which kind of document to begin."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label="文书种类", choices=[("", "请选择"), *((one.code, one.name) for one in kinds.KINDS.values())]
    )


class DraftForm(forms.Form):
    """A draft: to whom, its words, and as of when it was seen."""

    use_required_attribute = False

    to = forms.CharField(label="送交对象", max_length=drafting.TO_LIMIT)
    text = forms.CharField(
        label="正文",
        max_length=templating.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="每段一行",
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)


class IssueForm(forms.Form):
    """In which form a draft is issued."""

    use_required_attribute = False

    form = forms.ChoiceField(label="形式", choices=list(issuing.FORMS.items()), widget=forms.RadioSelect)


class ScanForm(forms.Form):
    """Which file of the case is the stamped copy."""

    use_required_attribute = False

    attachment = forms.ChoiceField(label="附件")

    def __init__(self, data: Any, files: Iterable[Attachment]) -> None:
        super().__init__(data)
        choices = [("", "请选择"), *((str(one.pk), f"{one.name}（{one.sha256[:12]}…）") for one in files)]
        self.fields["attachment"].choices = choices  # type: ignore[attr-defined]
        self.fields["attachment"].help_text = "先在附件里上传盖章后的扫描件，再在这里选择"


class TemplateForm(forms.Form):
    """A new version of a kind's words and layout."""

    use_required_attribute = False

    text = forms.CharField(
        label="正文",
        max_length=templating.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=f"可用字段：{'、'.join('{' + name + '}' for name in kinds.FIELDS)}",
    )
    docx = forms.FileField(
        label="版式（docx）",
        required=False,
        help_text="不选则沿用现行版式。须含 {{ number }}、{{ title }}、{{ to }}、{{ day }}，"
        "正文逐段写 {%p for line in lines %} {{ line }} {%p endfor %}",
    )
    valid_from = forms.DateField(label="自哪天起用", widget=forms.DateInput(attrs={"type": "date"}))


class AttachmentForm(forms.Form):
    """A file, which paper of the checklist it is, and who may see it."""

    use_required_attribute = False

    file = forms.FileField(label="文件", max_length=255, allow_empty_file=True)
    material = forms.ChoiceField(label="属于哪项材料", required=False)
    shared = forms.BooleanField(label="其他当事人可见", required=False)

    def __init__(self, data: Any, files: Any, *, items: Iterable[Item], inside: bool, asked: str) -> None:
        super().__init__(data, files, initial={"material": asked})
        choices = [(item.material.code, f"{item.material.name}（{item.words}）") for item in items]
        self.fields["material"].choices = [("", "不属于清单上的材料"), *choices]  # type: ignore[attr-defined]
        self.fields["file"].help_text = f"照片最大 {PICTURE_LIMIT} MB，PDF 最大 {PAPER_LIMIT} MB"
        self.fields["shared"].help_text = (
            "不勾选时只有主管部门可见" if inside else "不勾选时只有主管部门和您这一方可见"
        )
        if not choices:
            self.fields["material"].widget = forms.HiddenInput()


class GroundForm(forms.Form):
    """A ground."""

    use_required_attribute = False

    ground = forms.CharField(label="理由", max_length=grounds.LIMIT, widget=forms.Textarea(attrs={"rows": 3}))
