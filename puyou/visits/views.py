"""Pages of the review desk: visits in scope, one visit with its findings in words, and the decision about it."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.periods import Week
from puyou.core.problems import Problem
from puyou.core.tables import list_page
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.models import Courier
from puyou.visits import actions, forms, problems, queries, tables
from puyou.visits.listing import DESK_DAYS
from puyou.visits.models import Visit
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
def visit_detail(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """One visit: what was reported, what is doubtful, what was decided; the form for those who may decide."""
    visit = queries.get_visit(_scope(request), identifier)
    form = forms.ReviewForm(request.POST or None)
    if request.method != "POST":
        return _detail(request, visit, form)
    if not form.is_valid():
        return _detail(request, visit, form, status=422)
    try:
        actions.review_visit(visit=visit, **form.cleaned_data, by=cast(User, request.user), now=clock.now())
    except Problem as problem:
        if problem.status != problems.NO_GROUND.status:
            raise
        form.add_error(None, problem.message)
        return _detail(request, visit, form, status=422)
    messages.success(request, "审核结论已记录。")
    return redirect(tables.address_of(visit))


def _detail(
    request: HttpRequest, visit: Visit, form: forms.ReviewForm, status: int = 200
) -> HttpResponseBase:
    scope = _scope(request)
    place = places.get_places([visit.place_id])[visit.place_id]
    own = Courier.objects.filter(user=cast(User, request.user), pk=visit.courier_id or 0).exists()
    context = {
        "visit": visit,
        "place": place,
        "place_chain": chain(scope, place),
        "week_name": Week.of(visit.day).name,
        "reviews": queries.list_reviews(scope, visit),
        "form": form,
        "may_review": scope.covers(place.path, PERMISSION) and not own,
        "own": own,
        "following": _following(scope, visit) if scope.may(PERMISSION) else None,
    }
    return render(request, "visits/detail.html", context, status=status)


def _following(scope: Scope, visit: Visit) -> Visit | None:
    """The next visit that waits at the desk: the first of the queue that is not this one."""
    found: Visit | None = queries.list_waiting(scope, today=clock.today()).exclude(pk=visit.pk).first()
    return found
