"""Leave and substitution: two taps to arrange, one to end or to take back."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock, formats, paths
from puyou.core.problems import Problem
from puyou.fieldwork import problems, stand_ins
from puyou.fieldwork.forms import ArrangeForm
from puyou.fieldwork.views.parts import RUN, chain, open_desk, own_place, page
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry import actions as registry_actions
from puyou.registry import problems as registry_problems
from puyou.registry import queries as registry
from puyou.registry.models import Courier, RoundCourier


@require_safe
@officer_required("see")
def show(request: OfficerRequest) -> HttpResponseBase:
    """What is current and coming."""
    desk = open_desk(request)
    taken = list(stand_ins.list_substitutions(desk.scope, desk.place, desk.today)[:500])
    leaves = list(stand_ins.list_leaves(desk.scope, desk.today)[:500])
    current = sum(row.valid_from <= desk.today for row in leaves)
    context = {
        "title": "请假与代班",
        "place_chain": chain(request.scope, desk.place, "fieldwork_leave"),
        "sentence": _tell(current, len(leaves) - current, [row.valid_from <= desk.today for row in taken]),
        "substitutions": taken,
        "leaves": leaves,
        "today": desk.today,
    }
    return page(request, "fieldwork/leave.html", context)


def _tell(away: int, coming: int, running: list[bool]) -> str:
    """Now, and what is arranged for later."""
    later = [f"{coming} 次请假"] if coming else []
    if len(running) > sum(running):
        later.append(f"{len(running) - sum(running)} 处代班")
    told = f"现在有 {away} 人请假，{sum(running)} 处代班"
    return f"{told}；已排定{'、'.join(later)}。" if later else f"{told}。"


@officer_required(RUN)
def arrange(request: OfficerRequest) -> HttpResponseBase:
    """First tap: the courier. Second tap: the substitute; days and villages stand ready."""
    if not request.GET.get("courier"):
        return _choose(request)
    courier = registry.get_courier(request.scope, number_of(request.GET["courier"]))
    today = clock.today()
    rounds = stand_ins.own_rounds(courier, today)
    stand_ins.require_run(request.scope, (village.place for own in rounds for village in own.villages))
    initial = {"first": today, "last": today, "leave": True, "ground": "请假"}
    form = ArrangeForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            done = _arrange(request, courier, form)
            if done is not None:
                return done
        status = 422
    return _second(request, courier, rounds, form, status)


def _choose(request: OfficerRequest) -> HttpResponseBase:
    place, text = own_place(request), request.GET.get("q", "").strip()
    request.scope.require(place.path, RUN)
    found = stand_ins.list_candidates(request.scope, place, clock.today(), text)
    wanted = request.GET.get("round", "")
    if wanted.isdecimal():
        walkers = {row.courier_id for row in registry.list_round_couriers(request.scope, round=int(wanted))}
        found = [each for each in found if each.courier.pk in walkers] or found
    context = {
        "title": "请假与代班：谁请假",
        "sentence": "点一下请假或需要代班的投递员。",
        "candidates": sorted(found, key=lambda each: (-each.planned, each.courier.number)),
        "text": text,
        "crumbs": _crumbs("谁请假"),
    }
    return page(request, "fieldwork/leave_choose.html", context)


def _second(
    request: OfficerRequest, courier: Courier, rounds: Any, form: ArrangeForm, status: int
) -> HttpResponseBase:
    county = _county_of(rounds) or own_place(request)
    text = request.GET.get("q", "").strip()
    chosen = set(request.POST.getlist("village")) if request.method == "POST" else None
    context = {
        "title": f"{courier.name}请假，谁来代班",
        "sentence": "核对日期和村，点一下代班人即安排好；列表里可以随时撤销。",
        "courier": courier,
        "rounds": rounds,
        "chosen": chosen,
        "form": form,
        "text": text,
        "candidates": stand_ins.list_candidates(
            request.scope, county, clock.today(), text, without=courier.pk
        ),
        "crumbs": _crumbs(courier.name),
    }
    return page(request, "fieldwork/leave_arrange.html", context, status)


def _county_of(rounds: list[stand_ins.OwnRound]) -> Place | None:
    first = next((village.place for own in rounds for village in own.villages), None)
    if first is None:
        return None
    known = places.get_places(paths.ids(first.path))
    return max((one for one in known.values() if one.level <= 3), key=lambda one: one.level)


def _arrange(request: OfficerRequest, courier: Courier, form: ArrangeForm) -> HttpResponseBase | None:
    """Do it and go to the list; None with the problem on the form."""
    values = form.cleaned_data
    number = number_of(request.POST.get("substitute", "0"))
    substitute = registry.get_courier(request.scope, number) if number else None
    try:
        stand_ins.arrange(
            courier=courier,
            substitute=substitute,
            chosen=[number_of(text) for text in request.POST.getlist("village")],
            leave=values["leave"],
            ground=values["ground"] or "请假",
            valid_from=values["first"],
            valid_to=values["last"] + timedelta(days=1),
            scope=request.scope,
            now=clock.now(),
        )
    except Problem as problem:
        if problem.status != 422:
            raise
        form.add_error(None, problem.message)
        return None
    first, last = values["first"], values["last"]
    span = formats.day(first) if first == last else f"{formats.day(first)}至{formats.day(last)}"
    told = f"，由{substitute.name}代班" if substitute else ""
    messages.success(request, f"{courier.name}{span}{'请假' if values['leave'] else ''}{told}，已安排好。")
    return redirect("fieldwork_leave")


def number_of(text: str) -> int:
    """A row's number as a form or an address says it; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"name": "请假与代班", "url": reverse("fieldwork_leave")}, {"name": name, "url": ""}]


@require_POST
@officer_required(RUN)
def end_substitution(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Hand the round back tomorrow, or take the substitution back altogether (``undo``)."""
    row = registry.list_round_couriers(request.scope, pk=pk, substitute=True).first()
    if row is None:
        raise registry_problems.UNKNOWN_SUBSTITUTION()
    _require_round(request, row)
    on = _end_day(request, row.valid_from)
    registry_actions.end_substitution(assignment=row, on=on, by=request.scope.name, now=clock.now())
    messages.success(request, f"{row.courier.name}的代班{'已撤销' if on == row.valid_from else '已结束'}。")
    return redirect("fieldwork_leave")


@require_POST
@officer_required(RUN)
def end_leave(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The courier is back from today, or was never away (``undo``)."""
    row = stand_ins.list_leaves(request.scope, clock.today()).filter(pk=pk).first()
    if row is None:
        raise problems.UNKNOWN_LEAVE()
    rounds = stand_ins.own_rounds(row.courier, clock.today())
    stand_ins.require_run(request.scope, (village.place for own in rounds for village in own.villages))
    on = _end_day(request, row.valid_from)
    registry_actions.end_leave(leave=row, on=on, by=request.scope.name, now=clock.now())
    messages.success(request, f"{row.courier.name}的请假{'已撤销' if on == row.valid_from else '已结束'}。")
    return redirect("fieldwork_leave")


def _require_round(request: OfficerRequest, row: RoundCourier) -> None:
    villages = row.round.villages.select_related("place")
    stand_ins.require_run(request.scope, (village.place for village in villages))


def _end_day(request: OfficerRequest, first: Any) -> Any:
    """Today ends it early; the first day, or a day before it, takes it back."""
    return first if request.POST.get("undo") else max(first, clock.today())
