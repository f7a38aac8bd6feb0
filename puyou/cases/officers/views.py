"""Pages of the register of qualifications, and of keeping away from a case."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.accounts.models import User
from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems, queries, reading
from puyou.cases.names import Actor
from puyou.cases.officers import assigning, qualifying, recusing, tables
from puyou.cases.officers.forms import DecisionForm, QualificationForm, RecusalForm
from puyou.cases.papers.attaching import INSIDE
from puyou.cases.papers.forms import GroundForm
from puyou.cases.papers.views.common import filled_in, filled_in_at
from puyou.cases.relations import HANDLE
from puyou.cases.views.asking import actor_of
from puyou.core import clock
from puyou.core.tables import list_page

REGISTER = "/cases/qualifications/"


@officer_required(HANDLE)
def qualification_list(request: HttpRequest) -> HttpResponseBase:
    """Certificates of officers in scope; those that end soon are marked."""
    actor = actor_of(request)
    rows = qualifying.list_qualifications(actor.scope)
    door = {"create_address": "/cases/qualifications/new/", "create_label": "登记执法资格"}
    return list_page(
        request,
        tables.QUALIFICATIONS,
        rows,
        filters=tables.QualificationFilters,
        scope="执法资格",
        context=door,
    )


@officer_required(HANDLE)
def qualification_new(request: HttpRequest) -> HttpResponseBase:
    """Enter a certificate."""
    actor, form = actor_of(request), QualificationForm(request.POST or None)

    def enter() -> str:
        said = form.cleaned_data
        user = User.objects.filter(username=said["username"].strip().lower()).first()
        if user is None:
            raise problems.NO_OFFICER()
        dates = {"first": said["first"], "last": said["last"]}
        made = qualifying.register_qualification(
            user=user, number=said["number"], **dates, actor=actor, now=clock.now()
        )
        return f"已登记 {user.name} 的执法资格 {made.number}。"

    page = {
        "title": "登记执法资格",
        "sentence": "证件由发证机关颁发；这里登记谁在何时持有。",
        "submit": "登记",
    }
    return filled_in_at(request, REGISTER, form, enter, page)


@officer_required(HANDLE)
def qualification_end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a certificate early."""
    actor = actor_of(request)
    found = qualifying.list_qualifications(actor.scope).filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_QUALIFICATION()
    form = GroundForm(request.POST or None)

    def end() -> str:
        ground = form.cleaned_data["ground"]
        qualifying.end_qualification(qualification_id=pk, ground=ground, actor=actor, now=clock.now())
        return f"已终止 {found.user.name} 的执法资格 {found.number}。"

    page = {"title": "终止执法资格", "sentence": f"{found.user.name}　{found.number}", "submit": "终止"}
    return filled_in_at(request, REGISTER, form, end, page)


@officer_required()
def recusal_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask that an officer keeps away from a case."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & recusing.ASKING:
        raise problems.NOT_YOURS()
    form = RecusalForm(request.POST or None, assigning.concerned(case, actor))

    def ask() -> str:
        said = form.cleaned_data
        made = recusing.ask_recusal(
            case_id=pk, user_id=int(said["user_id"]), ground=said["ground"], actor=actor, now=clock.now()
        )
        return f"已申请 {made.user.name} 回避，由主管部门其他人员决定。"

    page = {
        "title": f"申请回避 · {case.number}",
        "sentence": "与案件有利害关系、可能影响公正办理的人员应当回避。决定之前不停止办理，但程序另有规定的除外。",
        "submit": "提出申请",
    }
    return filled_in(request, pk, form, ask, page)


@officer_required(HANDLE)
def recusal_decide(request: HttpRequest, pk: int, recusal: int) -> HttpResponseBase:
    """Decide about a request to keep away."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & INSIDE:
        raise problems.NOT_YOURS()
    found = case.recusals.select_related("user").filter(pk=recusal).first()
    if found is None:
        raise problems.UNKNOWN_RECUSAL()
    form = DecisionForm(request.POST or None)

    def decide() -> str:
        upheld, ground = form.cleaned_data["upheld"] == "yes", form.cleaned_data["ground"]
        recusing.decide_recusal(
            case_id=pk, recusal_id=recusal, upheld=upheld, ground=ground, actor=actor, now=clock.now()
        )
        return f"{found.user.name}：{'已决定回避' if upheld else '已驳回回避申请'}。"

    page = {
        "title": f"回避决定 · {case.number}",
        "sentence": f"{found.user.name}：{found.ground}",
        "submit": "决定",
    }
    return filled_in(request, pk, form, decide, page)


def officers_of(case: Any, actor: Actor, held: frozenset[str]) -> dict[str, Any]:
    """The context of the section 回避 on the page of a case: all to the office, their own request to whoever asked."""
    rows = case.recusals.select_related("user", "asked_by", "decided_by").order_by("pk")
    if not held & INSIDE:
        rows = rows.filter(asked_by=actor.user) if actor.user else rows.none()
    is_open = case.closed_at is None
    return {
        "recusals": list(rows),
        "may_ask_recusal": is_open and bool(held & recusing.ASKING),
        "may_decide": is_open and bool(held & INSIDE),
    }
