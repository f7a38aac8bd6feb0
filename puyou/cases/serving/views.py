"""The page on which an office writes down how a document was served."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems
from puyou.cases.models import Attachment, Service
from puyou.cases.papers.views.common import filled_in, own_case
from puyou.cases.serving import actions
from puyou.cases.views.asking import actor_of
from puyou.core import clock


class ServiceForm(forms.Form):
    """How, to whom, when, how it ended, and its proof."""

    use_required_attribute = False

    how = forms.ChoiceField(label="送达方式", choices=[("", "请选择"), *Service.How.choices])
    to = forms.CharField(label="受送达人", max_length=100)
    on = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="签收、留置、投递、到达或公告之日",
    )
    result = forms.ChoiceField(label="结果", choices=Service.Result.choices, widget=forms.RadioSelect)
    number = forms.CharField(label="邮件号码", max_length=60, required=False, help_text="邮寄送达必填")
    witnesses = forms.CharField(label="见证人", max_length=200, required=False, help_text="留置送达必填")
    proof = forms.ChoiceField(
        label="证明", required=False, help_text="送达回证、签收单、截图等，先在附件里上传"
    )
    remark = forms.CharField(
        label="说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="未送达必填",
    )

    def __init__(self, data: Any, files: Any, to: str) -> None:
        super().__init__(data, initial={"to": to, "on": clock.today(), "result": Service.Result.SERVED})
        choices = [("", "没有附件"), *((str(one.pk), one.name) for one in files)]
        self.fields["proof"].choices = choices  # type: ignore[attr-defined]


@officer_required()
def service_new(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """Write down an attempt to serve a document."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    found = case.documents.defer("data").select_related("draft").filter(pk=document).first()
    if found is None:
        raise problems.UNKNOWN_DOCUMENT()
    files = Attachment.objects.filter(case=case, withdrawn_at=None).order_by("-pk")
    form = ServiceForm(request.POST or None, files, found.draft.to if found.draft else "")

    def note() -> str:
        said = form.cleaned_data
        made = actions.note_service(
            case_id=pk,
            document_id=document,
            how=said["how"],
            to=said["to"],
            on=said["on"],
            served=said["result"] == Service.Result.SERVED,
            number=said["number"],
            witnesses=said["witnesses"],
            remark=said["remark"],
            proof_id=int(said["proof"]) if said["proof"] else None,
            actor=actor,
            now=clock.now(),
        )
        return f"已登记：{found.number}，{made.get_how_display()}，{made.get_result_display()}。"

    page = {
        "title": f"登记送达 · {case.number}",
        "sentence": f"{found.number}。每次尝试登记一条，登记后不能修改。",
        "submit": "登记",
    }
    return filled_in(request, pk, form, note, page)
