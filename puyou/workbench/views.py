"""The pages of the desk: what waits, the calendar of due dates, and what changed since yesterday."""

from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.cases import queries as cases
from puyou.cases import tables as case_tables
from puyou.cases.relations import HANDLE
from puyou.core import clock
from puyou.core.formats import WEEKDAYS
from puyou.core.steady import steadily
from puyou.core.tables import list_page, listing
from puyou.standards import queries as standards
from puyou.workbench import desk, forms, months, stuck, tables

QUEUES = {
    "mine": "我的待办",
    "office": "本机构",
    "elsewhere": "等待他人",
    "watched": "我的关注",
    "": "管辖范围",
}


@officer_required("see")
def workbench(request: HttpRequest) -> HttpResponseBase:
    """Four numbers, and one list by due date with the next step as the button."""
    asked = cast(OfficerRequest, request)
    with steadily():
        found = desk.desk_of(desk.asker_of(asked.scope, asked.user), clock.now())
        context = {"title": "工作台", "desk": found, "today": found.today}
        return render(request, "workbench/desk.html", context)


@officer_required("see")
def changes(request: HttpRequest) -> HttpResponseBase:
    """What others did in one's own cases since yesterday; page or file."""
    asked = cast(OfficerRequest, request)
    rows = desk.changes_of(desk.asker_of(asked.scope, asked.user), clock.now())
    context = {"sentence": "昨天零点以来，他人在您或您所在机构的案件以及您关注的案件中办理的事项，新的在前。"}
    return list_page(request, tables.CHANGES, rows, scope="本人", context=context)


@officer_required(HANDLE)
def stuck_list(request: HttpRequest) -> HttpResponseBase:
    """Cases that nobody can carry on, why, and what to do; page or file."""
    asked = cast(OfficerRequest, request)
    rows = stuck.list_stuck(asked.scope)
    context = {
        "sentence": "没有人可以办理、也没有期限在计算的案件。人员到岗或移交之后，最迟一小时内从这里消失。"
    }
    return list_page(
        request,
        tables.STUCK,
        rows,
        filters=forms.StuckFilters,
        scope="管辖范围",
        context=context,
    )


@officer_required("see")
def calendar(request: HttpRequest) -> HttpResponseBase:
    """``/workbench/calendar/?month=2026-11&queue=mine``: how many cases are due on each day, and which."""
    asked = cast(OfficerRequest, request)
    asker = desk.asker_of(asked.scope, asked.user)
    month = months.Month.parse(request.GET.get("month", ""), asker.today)
    queue = request.GET.get("queue", "mine")
    queue = queue if queue in QUEUES else "mine"
    rows = desk.dated(asker, queue).filter(due_on__gte=month.first, due_on__lte=month.last)
    counts = cases.count_by_day(rows, month.first, month.last)
    weeks = months.sheet(month, asker.today, standards.get_calendar(), counts)
    filled = listing(
        request, case_tables.CASES, cases.by_due(rows), scope=f"{QUEUES[queue]}　{month.label}到期"
    )
    context = {
        "title": f"到期日历 {month.label}",
        "month": month,
        "weeks": weeks,
        "weekdays": WEEKDAYS,
        "queues": QUEUES,
        "queue": queue,
        "total": sum(counts.values()),
        "table": filled,
    }
    return render(request, "workbench/calendar.html", context)
