"""Pages about a case's papers: handing one in, reviewing those that wait."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems, queries, reading
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
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & actions.REVIEWING:
        raise problems.NOT_YOURS()
    items = checklist.items_of(case, reading.definition_of(case.version_id))
    waiting = [item for item in items if item.status == checklist.Status.HANDED_IN]
    if not waiting:
        raise problems.NOTHING_TO_REVIEW()
    form, status = ReviewForm(request.POST or None, waiting), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.review_materials(case_id=pk, decisions=form.decisions, actor=actor, now=clock.now())
            except Problem as problem:
                form.add_error(None, problem.message)
                status = problem.status
            else:
                messages.success(request, "材料已审查，需补正的已一次告知。")
                return redirect("case_detail", pk=pk)
    context = {
        "form": form,
        "title": f"审查材料 · {case.number}",
        "sentence": "待审查的材料须一并决定，需补正的内容一次告知。",
        "submit": "提交审查意见",
        "cancel": f"/cases/{pk}/",
    }
    return render(request, "core/form_page.html", context, status=status)


@officer_required()
def document_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write and issue a document of the case."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & actions.REVIEWING:
        raise problems.NOT_YOURS()
    form, status = DocumentForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = issuing.issue_document(case_id=pk, actor=actor, now=clock.now(), **form.cleaned_data)
            except Problem as problem:
                form.add_error(None, problem.message)
                status = problem.status
            else:
                messages.success(request, f"已制发：{made.number}。")
                return redirect("case_detail", pk=pk)
    context = {
        "form": form,
        "title": f"制发文书 · {case.number}",
        "sentence": case.title,
        "submit": "编号并制发",
        "cancel": f"/cases/{pk}/",
    }
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
