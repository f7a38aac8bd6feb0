"""Pages about a case's papers: handing one in, reviewing those that wait, issuing documents."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems, queries, reading
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.papers import actions, checklist, issuing
from puyou.cases.papers.forms import DocumentForm, ReviewForm
from puyou.cases.views.asking import actor_of
from puyou.core import clock
from puyou.core.problems import Problem


@require_POST
@officer_required()
def material_hand_in(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say that a paper of the checklist was handed in."""
    actor, code = actor_of(request), request.POST.get("code", "")
    actions.hand_in_material(case_id=pk, code=code, actor=actor, now=clock.now())
    messages.success(request, "已登记提交，等待审查。")
    return redirect("case_detail", pk=pk)


@officer_required()
def material_review(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Decide about every paper that waits; what is returned says how to mend it."""
    actor = actor_of(request)
    case = _own_case(actor, pk)
    items = checklist.items_of(case, reading.definition_of(case.version_id))
    waiting = [item for item in items if item.status == checklist.Status.HANDED_IN]
    if not waiting:
        raise problems.NOTHING_TO_REVIEW()
    form = ReviewForm(request.POST or None, waiting)

    def review() -> str:
        actions.review_materials(case_id=pk, decisions=form.decisions, actor=actor, now=clock.now())
        return "材料已审查，需补正的已一次告知。"

    page = {
        "title": f"审查材料 · {case.number}",
        "sentence": "待审查的材料须一并决定，需补正的内容一次告知。",
        "submit": "提交审查意见",
    }
    return _filled_in(request, pk, form, review, page)


@officer_required()
def document_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write and issue a document of the case."""
    actor = actor_of(request)
    case = _own_case(actor, pk)
    form = DocumentForm(request.POST or None)

    def issue() -> str:
        made = issuing.issue_document(case_id=pk, actor=actor, now=clock.now(), **form.cleaned_data)
        return f"已制发：{made.number}。"

    page = {"title": f"制发文书 · {case.number}", "sentence": case.title, "submit": "编号并制发"}
    return _filled_in(request, pk, form, issue, page)


def _own_case(actor: Actor, pk: int) -> Case:
    """The case, where the person works for its office."""
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & actions.REVIEWING:
        raise problems.NOT_YOURS()
    return case


def _filled_in(
    request: HttpRequest, pk: int, form: Form, act: Callable[[], str], page: dict[str, str]
) -> HttpResponseBase:
    """The form, or the case again after ``act``, which says what was done; a refusal keeps what was written."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, act())
            except Problem as problem:
                form.add_error(None, problem.message)
                status = problem.status
            else:
                return redirect("case_detail", pk=pk)
    context = page | {"form": form, "cancel": f"/cases/{pk}/"}
    return render(request, "core/form_page.html", context, status=status)


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
