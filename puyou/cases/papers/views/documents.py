"""Pages about the documents of a case: writing and issuing them, and their bytes."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems, queries
from puyou.cases.papers import issuing
from puyou.cases.papers.forms import DocumentForm
from puyou.cases.papers.views.common import filled_in, own_case
from puyou.cases.views.asking import actor_of
from puyou.core import clock


@officer_required()
def document_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write and issue a document of the case."""
    actor = actor_of(request)
    case = own_case(actor, pk)
    form = DocumentForm(request.POST or None)

    def issue() -> str:
        made = issuing.issue_document(case_id=pk, actor=actor, now=clock.now(), **form.cleaned_data)
        return f"已制发：{made.number}。"

    page = {"title": f"制发文书 · {case.number}", "sentence": case.title, "submit": "编号并制发"}
    return filled_in(request, pk, form, issue, page)


@officer_required()
def document_bytes(request: HttpRequest, pk: int, document: int) -> HttpResponseBase:
    """The kept bytes of a document, to whoever may see its case."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    found = case.documents.filter(pk=document).first()
    if found is None:
        raise problems.UNKNOWN_DOCUMENT()
    answer = HttpResponse(bytes(found.data), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.sha256[:16]}.pdf"'
    return answer
