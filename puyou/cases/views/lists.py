"""Lists of cases: everything in sight, what waits for me, what is due, what I follow; and notices."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.cases import actions, queries, tables
from puyou.cases.names import Actor
from puyou.cases.views.asking import actor_of
from puyou.core import clock
from puyou.core.tables import list_page

QUEUES = {
    "": "全部案件",
    "waiting": "待我办理",
    "overdue": "已超期",
    "soon": "临期",
    "watched": "我的关注",
}


@officer_required()
def case_list(request: HttpRequest) -> HttpResponseBase:
    """``/cases/?queue=waiting``: cases in sight, or one of the queues; page or file."""
    actor, queue = actor_of(request), request.GET.get("queue", "")
    rows = _rows(actor, queue if queue in QUEUES else "")
    context = {"queues": QUEUES, "queue": queue, "sentence": _sentence(queue)}
    return list_page(
        request,
        tables.CASES,
        rows,
        filters=tables.CaseFilters,
        scope=QUEUES.get(queue, QUEUES[""]),
        template="cases/list.html",
        context=context,
    )


def _rows(actor: Actor, queue: str) -> Any:
    today = clock.today()
    assert actor.user is not None
    scope, user, roles = actor.scope, actor.user, actor.roles
    kinds = {
        "": lambda: queries.list_cases(scope, user, roles),
        "waiting": lambda: queries.list_waiting(scope, user, roles),
        "overdue": lambda: queries.list_due(scope, user, today, overdue=True, roles=roles),
        "soon": lambda: queries.list_due(scope, user, today, overdue=False, roles=roles),
        "watched": lambda: queries.list_watched(scope, user, roles),
    }
    return kinds[queue]()


def _sentence(queue: str) -> str:
    return {
        "waiting": "轮到您办理的案件，先到期的在前。",
        "overdue": "期限已过、尚未办结的案件。",
        "soon": "期限将到的案件，按程序规定的预警天数。",
        "watched": "您关注的案件。",
    }.get(queue, "您有权查看的案件，新的在前。")


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
