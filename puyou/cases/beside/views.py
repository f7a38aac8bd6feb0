"""Pages that write notes and tie cases."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from puyou.accounts.views.decorators import officer_required
from puyou.cases import problems, queries, reading
from puyou.cases.beside import links, notes
from puyou.cases.beside.forms import LinkForm, NoteForm
from puyou.cases.papers.attaching import INSIDE
from puyou.cases.papers.forms import GroundForm
from puyou.cases.papers.views.common import filled_in
from puyou.cases.views.asking import actor_of
from puyou.core import clock


@officer_required()
def note_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write a note beside a case."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & notes.WRITING:
        raise problems.NOT_YOURS()
    form = NoteForm(request.POST or None)

    def add() -> str:
        notes.add_note(case_id=pk, **form.cleaned_data, actor=actor, now=clock.now())
        return "已添加备注。"

    page = {
        "title": f"添加备注 · {case.number}",
        "sentence": "备注不改变案件状态；写下后不能修改，可以说明理由撤回。",
        "submit": "添加",
    }
    return filled_in(request, pk, form, add, page)


@officer_required()
def note_withdraw(request: HttpRequest, pk: int, note: int) -> HttpResponseBase:
    """Take one's own note back with a ground."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    found = notes.visible_notes(case, actor).filter(pk=note).first()
    if found is None:
        raise problems.UNKNOWN_NOTE()
    form = GroundForm(request.POST or None)

    def withdraw() -> str:
        ground = form.cleaned_data["ground"]
        notes.withdraw_note(case_id=pk, note_id=note, ground=ground, actor=actor, now=clock.now())
        return "已撤回备注。"

    page = {
        "title": f"撤回备注 · {case.number}",
        "sentence": f"{found.text[:60]}：撤回后不再显示，撤回理由留存。",
        "submit": "撤回",
    }
    return filled_in(request, pk, form, withdraw, page)


@officer_required()
def link_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tie a case to another; ``?number=`` proposes which."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & INSIDE:
        raise problems.NOT_YOURS()
    form = LinkForm(request.POST or None, initial={"number": request.GET.get("number", "")[:60]})

    def link() -> str:
        made = links.link_cases(case_id=pk, **form.cleaned_data, actor=actor, now=clock.now())
        return f"已关联 {made.other.number}。"

    page = {
        "title": f"关联案件 · {case.number}",
        "sentence": "两个案件的页面都会列出这一关联。合并办理请用案件的办理事项。",
        "submit": "关联",
    }
    return filled_in(request, pk, form, link, page)


@officer_required()
def link_end(request: HttpRequest, pk: int, link: int) -> HttpResponseBase:
    """End a tie with a ground."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    tie = next((one for one in links.ties_of(case, actor)[0] if one.link.pk == link), None)
    if tie is None:
        raise problems.UNKNOWN_LINK()
    form = GroundForm(request.POST or None)

    def end() -> str:
        ground = form.cleaned_data["ground"]
        links.unlink_cases(case_id=pk, link_id=link, ground=ground, actor=actor, now=clock.now())
        return f"已解除与 {tie.other.number} 的关联。"

    page = {
        "title": f"解除关联 · {case.number}",
        "sentence": f"{tie.words}：{tie.other.number} {tie.other.title}",
        "submit": "解除",
    }
    return filled_in(request, pk, form, end, page)
