"""Pages of visits: those in scope, and one with its findings in words and what was decided about it."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.periods import Week
from puyou.core.tables import list_page
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.visits import problems, queries, tables, wording
from puyou.visits.listing import DESK_DAYS
from puyou.visits.reviewing import PERMISSION


def _scope(request: HttpRequest) -> Scope:
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


@officer_required("see")
def visit_list(request: HttpRequest) -> HttpResponseBase:
    """``/visits/?place=520502&week=2026-W41&finding=too_far``: visits of a place's week, page or file.

    ``review=waiting`` is the desk's queue, of the week or, without one, of the last four.
    """
    scope, today = _scope(request), clock.today()
    place = _place(request)
    if place is not None:
        scope.require(place.path)
    desk = request.GET.get("review") == tables.WAITING
    week = None if desk and not request.GET.get("week") else _week(request)
    waiting = queries.count_waiting(scope, place, week if desk else None, today)
    context: dict[str, Any] = {"place": place, "week": week, "place_chain": chain(scope, place)}
    context |= {"desk": desk, "waiting": waiting, "desk_days": DESK_DAYS, "reviews": _open_reviews(scope)}
    span = week.label if week else f"近 {DESK_DAYS} 天"
    return list_page(
        request,
        tables.DESK if desk else tables.VISITS,
        queries.list_waiting(scope, place, week, today) if desk else queries.list_visits(scope, place, week),
        filters=tables.VisitFilters,
        scope=f"{place.name if place else '管辖范围'} {span}",
        template="visits/list.html",
        context=context,
    )


def _open_reviews(scope: Scope) -> int:
    return queries.list_position_reviews(scope).filter(closed_at=None).count()


def _place(request: HttpRequest) -> Place | None:
    code = request.GET.get("place", "").strip()
    return places.get_place(code) if code else None


def chain(scope: Scope, place: Place | None) -> list[dict[str, str]]:
    """The places above and the place itself, as the crumbs show them; doors only where the scope reaches."""
    if place is None:
        return []
    return [
        {"name": each.name, "url": f"/visits/?place={each.code}" if scope.covers(each.path) else ""}
        for each in [*places.ancestors(place), place]
    ]


def _week(request: HttpRequest) -> Week:
    name = request.GET.get("week", "").strip()
    if not name:
        return Week.of(clock.today())
    try:
        week = Week.parse(name)
        if date(1969, 1, 1) <= week.monday <= date(2200, 1, 1):
            return week
    except ValueError:
        pass
    raise problems.BAD_WEEK(name=name[:20])


@officer_required("see")
@require_safe
def visit_detail(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """One visit: what was reported, what is doubtful, what was decided; deciding happens at the desk."""
    scope = _scope(request)
    visit = queries.get_visit(scope, identifier)
    place = places.get_places([visit.place_id])[visit.place_id]
    context = {
        "visit": visit,
        "place": place,
        "place_chain": chain(scope, place),
        "week_name": Week.of(visit.day).name,
        "particulars": wording.describe_detail(queries.get_detail(scope, visit)),
        "withdrawals": queries.list_withdrawals(scope, visit),
        "reviews": queries.list_reviews(scope, visit),
        "may_review": scope.covers(place.path, PERMISSION),
    }
    return render(request, "visits/detail.html", context)
