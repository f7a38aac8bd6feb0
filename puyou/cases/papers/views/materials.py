"""Pages about the checklist of a case: handing a paper in, reviewing all that wait."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems, reading
from puyou.cases.papers import actions, checklist
from puyou.cases.papers.forms import ReviewForm
from puyou.cases.papers.views.common import filled_in, own_case
from puyou.cases.views.asking import actor_of
from puyou.core import clock


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
    case = own_case(actor, pk)
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
    return filled_in(request, pk, form, review, page)
