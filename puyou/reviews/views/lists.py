"""The lists of the desk: the queue, by day, proposals, questions, appeals, couriers."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.tables import export, export_asked, list_page, listing
from puyou.reviews import appeals, couriers, queue, tables
from puyou.reviews.views.asked import (
    chain_of,
    doors_below,
    place_of,
    scope_of,
    span_of,
    threshold_of,
    user_of,
    week_of,
)
from puyou.scrutiny import queries as scrutiny
from puyou.visits import listing as visit_lists
from puyou.visits.reviewing import PERMISSION


@officer_required(PERMISSION)
def review_queue(request: HttpRequest) -> HttpResponseBase:
    """``/reviews/?place=5205&week=2026-W41&reason=too_far``: what waits for a first decision, gravest first."""
    return _queue(request, by_day=False)


@officer_required(PERMISSION)
def review_days(request: HttpRequest) -> HttpResponseBase:
    """``/reviews/days/``: the same by courier and day, to be decided together."""
    return _queue(request, by_day=True)


def _queue(request: HttpRequest, by_day: bool) -> HttpResponseBase:
    scope, today = scope_of(request), clock.today()
    place, week = place_of(request), week_of(request)
    threshold = threshold_of(request)
    waiting = queue.count_queue(scope, place, week, today, threshold)
    rows = queue.list_days if by_day else queue.list_queue
    context = {
        "place": place, "place_chain": chain_of(scope, place), "below": doors_below(scope, place), "by_day": by_day,
        "waiting": waiting, "threshold": threshold or scrutiny.desk_score(today), "span": span_of(place, week),
        "proposed": queue.list_to_confirm(scope, user_of(request)).count(),
        "appealed": appeals.list_for(scope, user_of(request)).count(),
    }  # fmt: skip
    return list_page(
        request,
        tables.DAYS if by_day else tables.QUEUE,
        rows(scope, place, week, today, threshold),
        filters=tables.DayFilters if by_day else tables.QueueFilters,
        scope=span_of(place, week),
        template="reviews/queue.html",
        context=context,
    )


@officer_required(PERMISSION)
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    """``/reviews/proposals/?mine=1``: proposals in scope, or those that wait for the asker."""
    waiting = queue.list_to_confirm(scope_of(request), user_of(request))
    count = waiting.count()
    sentence = f"{count} 条等待您复核；复核同意之前，打卡仍计入。" if count else "没有等待您复核的打卡。"
    return list_page(
        request, tables.PROPOSALS, waiting if request.GET.get("mine") else queue.list_proposals(scope_of(request)),
        filters=tables.ProposalFilters, scope="待我复核" if request.GET.get("mine") else "管辖范围",
        context={"sentence": sentence},
    )  # fmt: skip


@officer_required(PERMISSION)
def question_list(request: HttpRequest) -> HttpResponseBase:
    """``/reviews/questions/?state=answered``: what was asked and answered."""
    scope = scope_of(request)
    came = queue.list_came(scope).count()
    sentence = f"{came} 个问题已有答复，等待决定。" if came else "没有等待决定的答复。"
    return list_page(
        request, tables.QUESTIONS, queue.list_questions(scope), filters=tables.QuestionFilters, scope="管辖范围",
        context={"sentence": sentence},
    )  # fmt: skip


@officer_required(PERMISSION)
def appeal_list(request: HttpRequest) -> HttpResponseBase:
    """``/reviews/appeals/?state=mine``: appeals in scope, or those that the asker may decide."""
    scope = scope_of(request)
    mine = appeals.list_for(scope, user_of(request))
    count = mine.count()
    sentence = (
        f"{count} 件申诉可由您决定；提出或复核过原结论的人不参与。" if count else "没有可由您决定的申诉。"
    )
    return list_page(
        request, tables.APPEALS, mine if request.GET.get("state") == "mine" else appeals.list_appeals(scope),
        filters=tables.AppealFilters, scope="管辖范围", context={"sentence": sentence},
    )  # fmt: skip


@officer_required(PERMISSION)
def courier_list(request: HttpRequest) -> HttpResponseBase:
    """``/reviews/couriers/``: couriers in scope by their share of doubtful visits."""
    rows = couriers.list_couriers(scope_of(request), clock.today())
    return list_page(
        request, tables.COURIERS, rows, filters=tables.CourierFilters,
        scope=f"管辖范围 近 {visit_lists.DESK_DAYS} 天",
    )  # fmt: skip


@officer_required(PERMISSION)
def courier(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``/reviews/couriers/<pk>/``: one courier's share, decisions, answers, and the visits themselves."""
    scope = scope_of(request)
    found = couriers.get_courier(scope, pk)
    visits, name = couriers.visits_of(scope, found), f"{found.name}的到村打卡"
    if export_asked(request, tables.COURIER_VISITS):
        return export(request, tables.COURIER_VISITS, visits, scope=name)
    questions = queue.list_questions(scope).filter(courier=found)
    if export_asked(request, tables.QUESTIONS):
        return export(request, tables.QUESTIONS, questions, scope=found.name)
    share = couriers.list_couriers(scope, clock.today()).filter(courier_id=pk).first()
    context = {
        "title": f"{found.name} · 审核情况", "courier": found, "share": share, "days": visit_lists.DESK_DAYS,
        "proposals": queue.list_proposals(scope).filter(courier=found).count(),
        "appeals": appeals.list_appeals(scope).filter(courier=found).count(),
        "questions": listing(request, tables.QUESTIONS, questions, scope=found.name),
        "visits": listing(request, tables.COURIER_VISITS, visits, scope=name),
    }  # fmt: skip
    return render(request, "reviews/courier.html", context)
