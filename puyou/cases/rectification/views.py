"""Ordering a rectification from a village or a round: what was missed, one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts.views.decorators import officer_required
from puyou.cases.rectification import actions, checking, forms, problems, queries
from puyou.cases.relations import HANDLE
from puyou.cases.views.asking import actor_of
from puyou.compliance.detail import village_weeks
from puyou.core import clock, formats
from puyou.core.periods import Week
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.models import Round

LOOK_BACK = 12  # weeks offered


@officer_required(HANDLE)
def rectification_create(request: HttpRequest) -> HttpResponseBase:
    """``?place=CODE``: order for a village; ``?round=ID``: for every village of a round that missed."""
    actor = actor_of(request)
    villages, about = _villages(request)
    for village in villages:
        actor.scope.require(village.path, HANDLE)
    choices = _choices(villages)
    if not choices:
        raise problems.NOTHING_MISSED(place=about or villages[0].name)
    form = forms.OrderForm(request.POST or None, choices)
    if request.method != "POST":
        return _page(request, form, villages, about)
    if not form.is_valid():
        return _page(request, form, villages, about, 422)
    weeks = [Week.parse(name) for name in form.cleaned_data["weeks"]]
    try:
        case = actions.order_rectification(
            villages=villages, weeks=weeks, actor=actor, now=clock.now(), about=about
        )
    except Problem as problem:
        form.add_error(None, problem.message)
        return _page(request, form, villages, about, problem.status)
    messages.success(request, f"已下达整改 {case.number}，答复期限 {formats.day(case.due_on)}。")
    return redirect("case_detail", pk=case.pk)


def _villages(request: HttpRequest) -> tuple[list[Place], str]:
    asked = request.GET.get("round", "")
    if not asked.isdecimal():
        return [places.get_place(request.GET.get("place", ""))], ""
    held = Round.objects.filter(pk=int(asked[:9])).first()
    if held is None:
        raise problems.ROUND_HAS_NONE(name=asked)
    stops = held.villages.filter(valid_to=None).select_related("place")
    return [stop.place for stop in stops], f"投递段{held.name}"


def _choices(villages: list[Place]) -> list[tuple[str, str]]:
    """Settled missed weeks of the villages that stand in no order, newest first."""
    today = clock.today()
    last = Week.of(today).shift(-1)
    counts: dict[Week, int] = {}
    for village in villages:
        taken = queries.ordered_weeks(checking.ALL, village)
        for one in village_weeks(checking.ALL, village, last.shift(-LOOK_BACK), last, today):
            if one.standing == checking.MISSED and one.week.monday not in taken:
                counts[one.week] = counts.get(one.week, 0) + 1
    return [
        (week.name, f"{formats.week(week)}" + (f"，{count} 个村" if len(villages) > 1 else ""))
        for week, count in sorted(counts.items(), reverse=True)
    ]


def _page(
    request: HttpRequest, form: Any, villages: list[Place], about: str, status: int = 200
) -> HttpResponseBase:
    name = about or villages[0].name
    context = {
        "form": form,
        "title": f"责令整改：{name}",
        "sentence": "只列补传期满后仍未达标、尚未列入整改的周。整改是否完成，由此后各周的到村投递证实。",
        "submit": "下达整改",
        "cancel": f"/atlas/{villages[0].code}/",
    }
    return render(request, "core/form_page.html", context, status=status)
