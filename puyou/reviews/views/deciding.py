"""One visit, or one courier's day, at the desk: everything known about it, and the steps that may be taken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts.models import User
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.evidence import showing
from puyou.places import queries as places
from puyou.reviews import actions, addresses, forms, photos, problems, queue, rules, standing, trail
from puyou.reviews.history import Happening, told_of
from puyou.reviews.views.asked import chain_of, scope_of, user_of
from puyou.scrutiny import queries as scrutiny
from puyou.villagers import queries as villagers
from puyou.villagers import rules as words
from puyou.visits import listing
from puyou.visits.models import Visit
from puyou.visits.reviewing import PERMISSION

REFUSED_HERE = {409, 422}  # shown on the page itself, with everything as it is now


@officer_required(PERMISSION)
def review_visit(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """``/reviews/<visit>/``: the visit's file; posting takes a step about it."""
    scope = scope_of(request)
    visit = listing.get_visit(scope, identifier)
    place = places.get_places([visit.place_id])[visit.place_id]
    scope.require(place.path, PERMISSION)
    form, problem = None, None
    if request.method == "POST":
        form, problem, told = _take_step(request, [visit])
        if told:
            messages.success(request, told)
            return redirect(addresses.of_visit(visit))
        visit = listing.get_visit(scope, identifier)
    file = standing.file_of(visit)
    steps = rules.steps_for(_person(request), file.standing)
    context = {
        "title": f"{place.name}到村打卡审核",
        "visit": visit, "file": file, "place": place, "place_chain": chain_of(scope, place),
        "history": _told(request, file),
        "files": _photos(request, photos.of_visit(visit.pk), visit),
        "trail": _legs(request, _same_day(request, visit), visit.pk),
        "explained": scrutiny.explain(visit), "threshold": scrutiny.desk_score(visit.day),
        "day_address": addresses.of_day(visit.courier_id, visit.day),
        "courier_address": addresses.of_courier(visit.courier_id),
        "form": (form or forms.DeskForm(steps)) if steps else None,
        "why_not": "" if steps else _why_not(file, user_of(request)),
        "problem": problem, "following": _following(request, visit), "villagers": _villagers(request, visit),
    }  # fmt: skip
    return render(request, "reviews/visit.html", context, status=_status(form, problem))


@officer_required(PERMISSION)
def review_day(request: HttpRequest) -> HttpResponseBase:
    """``/reviews/day/?courier=12&day=2026-10-08``: a courier's day; posting takes a step about the chosen visits."""
    visits = _asked_day(request)
    form, problem = None, None
    if request.method == "POST":
        form, problem, told = _take_step(request, visits)
        if told:
            messages.success(request, told)
            return redirect(request.get_full_path())
        visits = _asked_day(request)
    files = standing.files_of(visits)
    person = _person(request)
    steps = rules.common_steps(rules.steps_for(person, file.standing) for file in files.values())
    first, below = visits[0], scrutiny.desk_score(visits[0].day)
    legs = _legs(request, visits, None, files, person)
    context = {
        "title": f"{first.courier_name}的一天",  # type: ignore[attr-defined]
        "first": first, "visits": visits, "legs": legs, "threshold": below,
        "courier_address": addresses.of_courier(first.courier_id),
        "form": (form or forms.DeskForm(steps)) if steps else None, "problem": problem,
        "doubtful": sum(leg.score is not None and leg.score < below for leg in legs),
    }  # fmt: skip
    return render(request, "reviews/day.html", context, status=_status(form, problem))


def _legs(
    request: HttpRequest,
    visits: Sequence[Visit],
    here: UUID | None,
    files: dict[UUID, standing.File] | None = None,
    person: int = 0,
) -> list[trail.Leg]:
    scores = scrutiny.scores_of(scope_of(request), [visit.pk for visit in visits])
    return trail.of_day(visits, here, scores, scrutiny.desk_score(visits[0].day), files, person)


def _asked_day(request: HttpRequest) -> Sequence[Visit]:
    courier = request.GET.get("courier", "")
    try:
        day, number = date.fromisoformat(request.GET.get("day", "")), int(courier)
        visits = queue.day_of_courier(scope_of(request), number, day) if abs(number) < 2**31 else []
    except ValueError:
        visits = []
    if not visits:
        raise problems.UNKNOWN_DAY()
    return visits


def _same_day(request: HttpRequest, visit: Visit) -> Sequence[Visit]:
    if not visit.courier_id:
        return [visit]
    return queue.day_of_courier(scope_of(request), visit.courier_id, visit.day)


def _photos(request: HttpRequest, subject: str, visit: Visit) -> list[showing.Shown]:
    """The photos of a visit, an answer or an appeal; looking at one is recorded as done for the review of the visit."""
    purpose = f"review:{visit.pk}"
    return showing.files_of(subject, by=user_of(request), now=clock.now(), purpose=purpose)


def _villagers(request: HttpRequest, visit: Visit) -> dict[str, Any] | None:
    """What the village's people said of the visit's day; None when nobody spoke. An indication, never a proof."""
    tally = villagers.tally_beside(scope_of(request), visit.place_id, visit.day, visit.happened_at)
    if not tally.spoken:
        return None
    enough = villagers.enough_on(visit.day)
    return {"tally": tally, "told": words.tell(tally), "look": words.worth_a_look(tally, enough)}


def _told(request: HttpRequest, file: standing.File) -> list[Happening]:
    told = told_of(file)
    return [
        replace(each, files=_photos(request, each.subject, file.visit)) if each.photos else each
        for each in told
    ]


def _person(request: HttpRequest) -> int:
    return int(user_of(request).pk)


def _take_step(
    request: HttpRequest, visits: Sequence[Visit]
) -> tuple[forms.DeskForm | None, Problem | None, str]:
    """Take the posted step about the chosen visits: the form or the problem to show, or what to tell."""
    form = forms.DeskForm(tuple(rules.STEPS), request.POST)
    if not form.is_valid():
        return _narrowed(form, request, visits), None, ""
    seen = forms.read_chosen(request.POST.getlist("chosen"))
    chosen = [visit for visit in visits if visit.pk in seen]
    step, text = form.cleaned_data["step"], form.cleaned_data["text"]
    try:
        _act(step, chosen, text, {"seen": seen, "by": user_of(request), "now": clock.now()})
    except Problem as problem:
        if problem.status not in REFUSED_HERE:
            raise
        return None, problem, ""
    told = rules.STEPS[step].told
    return None, None, f"{len(chosen)} 次打卡：{told}。" if len(chosen) > 1 else f"{told}。"


def _narrowed(form: forms.DeskForm, request: HttpRequest, visits: Sequence[Visit]) -> forms.DeskForm:
    """The refused form again, offering only what the person may do now."""
    files = standing.files_of(visits).values()
    steps = rules.common_steps(rules.steps_for(_person(request), file.standing) for file in files)
    field: Any = form.fields["step"]
    field.choices = [(step, rules.STEPS[step].label) for step in steps]
    return form


def _act(step: str, chosen: Sequence[Visit], text: str, how: dict[str, Any]) -> None:
    if step == rules.ACCEPT:
        actions.accept_visits(doubtful=chosen, ground=text, **how)
    elif step == rules.PROPOSE:
        actions.propose_rejection(doubtful=chosen, ground=text, **how)
    elif step == rules.ASK:
        actions.ask_courier(doubtful=chosen, text=text, **how)
    elif step == rules.CONFIRM:
        actions.confirm_rejection(doubtful=chosen, note=text, **how)
    elif step == rules.RETURN:
        actions.return_proposal(doubtful=chosen, note=text, **how)
    elif step == rules.WITHDRAW:
        actions.withdraw_proposal(doubtful=chosen, note=text, **how)
    else:
        actions.decide_appeal(doubtful=chosen, upheld=step == rules.UPHOLD, ground=text, **how)


def _status(form: forms.DeskForm | None, problem: Problem | None) -> int:
    if problem is not None:
        return problem.status
    return 422 if form is not None else 200


def _why_not(file: standing.File, user: User) -> str:
    if file.courier and file.courier.user_id == user.pk:
        return "不能审核本人的到村打卡。"
    if file.taken_back:
        return "投递员已撤回或更正这次打卡，不计入到村，不再审核。"
    return "您提出或复核过这次不予认可；是否恢复，由没有参与过的人决定。"


def _following(request: HttpRequest, visit: Visit) -> str:
    """The page of the first visit of the queue that is not this one."""
    found = queue.list_queue(scope_of(request), None, None, clock.today()).exclude(pk=visit.pk).first()
    return addresses.of_visit(found) if found else ""
