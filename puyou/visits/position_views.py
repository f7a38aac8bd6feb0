"""Pages of couriers who give too few positions: the queue, one review with its visits, and closing it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import export, export_asked, list_page, listing
from puyou.visits import actions, forms, position_tables, problems, queries, tables
from puyou.visits.models import PositionReview
from puyou.visits.reviewing import PERMISSION
from puyou.visits.views import chain


def _scope(request: HttpRequest) -> Scope:
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


@officer_required("see")
def position_review_list(request: HttpRequest) -> HttpResponseBase:
    """``/visits/couriers/?state=open``: reviews in scope, page or file."""
    rows = queries.list_position_reviews(_scope(request))
    waiting = rows.filter(closed_at=None).count()
    sentence = f"{waiting} 名投递员待结。" if waiting else "没有待结的投递员。"
    return list_page(
        request,
        position_tables.POSITION_REVIEWS,
        rows,
        filters=position_tables.PositionReviewFilters,
        scope="管辖范围",
        context={"sentence": sentence},
    )


@officer_required("see")
def position_review(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One review: the shares, the visits without position; the form for those who may close it."""
    review = queries.get_position_review(_scope(request), pk)
    form = forms.ClosingForm(request.POST or None)
    if request.method != "POST":
        return _detail(request, review, form)
    if not form.is_valid():
        return _detail(request, review, form, status=422)
    try:
        actions.close_position_review(
            review=review, ground=form.cleaned_data["ground"], by=cast(User, request.user), now=clock.now()
        )
    except Problem as problem:
        if problem.status != problems.NO_CLOSING_GROUND.status:
            raise
        form.add_error(None, problem.message)
        return _detail(request, review, form, status=422)
    messages.success(request, "审核已结，理由已记录。")
    return redirect(position_tables.address_of(review))


def _detail(
    request: HttpRequest, review: PositionReview, form: forms.ClosingForm, status: int = 200
) -> HttpResponseBase:
    scope = _scope(request)
    span = (review.first_day, review.last_day)
    visits = queries.list_visits(scope).filter(courier_id=review.courier_id, day__range=span, lon=None)
    name = f"{review.courier.name}的无定位打卡"
    if export_asked(request, tables.VISITS):
        return export(request, tables.VISITS, visits, scope=name)
    context = {
        "title": name,
        "place": review.place,
        "place_chain": chain(scope, review.place),
        "review": review,
        "limit": position_tables.limit_of(review),
        "state": position_tables.state_of(review),
        "table": listing(request, tables.VISITS, visits, scope=name),
        "form": form,
        "may_close": review.closed_at is None
        and scope.covers(review.place.path, PERMISSION)
        and review.courier.user_id != request.user.pk,
    }
    return render(request, "visits/position_review.html", context, status=status)
