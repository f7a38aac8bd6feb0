"""Lists of cases: everything in sight, what waits for me, what is due, what I follow; and notices."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.cases import actions, filters, queries, relations, tables
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.views import bulk
from puyou.cases.views.asking import actor_of
from puyou.core import clock
from puyou.core.tables import export, export_asked, list_page, listing

QUEUES = {
    "": "全部案件",
    "mine": "我的待办",
    "waiting": "辖区待办",
    "office": "本机构",
    "elsewhere": "等待他人",
    "overdue": "已超期",
    "soon": "临期",
    "watched": "我的关注",
}
SENTENCES = {
    "": "您有权查看的案件，新的在前。",
    "mine": "轮到您或您所在机构办理的案件，先到期的在前。",
    "waiting": "您有权办理的全部待办案件，含下级机构主管的；先到期的在前。",
    "office": "由您所在机构主管、或涉及您所在企业，尚未办结的案件。",
    "elsewhere": "由您承办或由您所在机构主管，正在等待他人办理的案件。",
    "overdue": "期限已过、尚未办结的案件。",
    "soon": "期限将到的案件，按程序规定的预警天数。",
    "watched": "您关注的案件。",
}


@officer_required()
def case_list(request: HttpRequest) -> HttpResponseBase:
    """``/cases/?queue=waiting``: cases in sight, or one of the queues; page or file."""
    actor, asked = actor_of(request), request.GET.get("queue", "")
    queue = asked if asked in QUEUES else ""
    awaiting = queries.list_awaiting(actor.scope)
    bound = filters.CaseFilters(request.GET, awaiting)
    rows, scope = bound.narrowed(rows_of(actor, queue, awaiting)), QUEUES[queue]
    if export_asked(request, tables.CASES):
        return export(request, tables.CASES, rows, scope=scope, chosen=bound.chosen())
    words = str(bound.cleaned_data.get("q", "")) if actor.scope.may(relations.HANDLE) else ""
    table, rows = (tables.searched(words), queries.with_written(rows)) if words else (tables.CASES, rows)
    filled = listing(request, table, rows, scope=scope, chosen=bound.chosen())
    offered = bulk.offered(actor, [int(row.key) for row in filled.rows])
    context = {
        "title": "案件",
        "table": bulk.with_boxes(filled) if offered else filled,
        "filters": bound,
        "queues": QUEUES,
        "queue": queue,
        "sentence": SENTENCES[queue],
        "bulk": offered,
    }
    return render(request, "cases/list.html", context)


def rows_of(actor: Actor, queue: str, awaiting: queries.Awaitings = None) -> QuerySet[Case]:
    """The cases of one queue as a person sees them."""
    today = clock.today()
    assert actor.user is not None
    scope, user, roles = actor.scope, actor.user, actor.roles
    kinds = {
        "": lambda: queries.list_cases(scope, user, roles),
        "mine": lambda: queries.list_mine(scope, user, today, roles, awaiting),
        "waiting": lambda: queries.list_waiting(scope, user, roles, awaiting),
        "office": lambda: queries.list_office(scope, user, today, roles),
        "elsewhere": lambda: queries.list_elsewhere(scope, user, today, roles, awaiting),
        "overdue": lambda: queries.list_due(scope, user, today, overdue=True, roles=roles),
        "soon": lambda: queries.list_due(scope, user, today, overdue=False, roles=roles),
        "watched": lambda: queries.list_watched(scope, user, roles),
    }
    return kinds[queue]()


@officer_required()
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """What the person was told about cases, newest first."""
    actor = actor_of(request)
    assert actor.user is not None
    rows = queries.list_notices(actor.scope, actor.user)
    context = {"unread": rows.filter(read_at=None).count()}
    return list_page(
        request, tables.NOTICES, rows, scope="本人", template="cases/notices.html", context=context
    )


@require_POST
@officer_required()
def notices_read(request: HttpRequest) -> HttpResponseBase:
    """Mark everything told so far as read."""
    actor = actor_of(request)
    assert actor.user is not None
    actions.mark_read(by=actor.user, now=clock.now())
    return redirect("case_notice_list")
