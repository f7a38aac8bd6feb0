"""One case: its sentence, what was done, its clocks, and what may be done now."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.cases import actions, clocks, forms, names, problems, queries, reading, tables
from puyou.cases.archive.views import archive_of
from puyou.cases.beside import showing as besides
from puyou.cases.definition import Action
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.officers import assigning
from puyou.cases.officers.views import officers_of
from puyou.cases.papers import showing
from puyou.cases.papers.attaching import INSIDE
from puyou.cases.views.asking import actor_of
from puyou.core import clock
from puyou.core.problems import Problem


@officer_required()
def case_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer, reason, action: the state in a sentence, the timeline and facts, the buttons."""
    actor = actor_of(request)
    return _detail(request, queries.get_case(actor.scope, pk, actor.user), actor)


def _detail(
    request: HttpRequest, case: Case, actor: Actor, status: int = 200, problem: str = ""
) -> HttpResponseBase:
    definition, today = reading.definition_of(case.version_id), clock.today()
    held = reading.relations_held(case, actor)
    offered = reading.available(case, actor, clock.now(), held)
    offers = [offer for offer in offered if offer.action.who != ("system",)]
    panel = names.panel_of(definition.code)
    context = (
        {
            "case": case,
            "title": case.number,
            "definition": definition,
            "state_name": tables.state_name(case),
            "outcome": definition.state(case.state).name if case.closed_at else "",
            "clocks": list(clocks.explained(case, definition, today)),
            "timeline": _timeline(case),
            "parties": case.parties.filter(hidden=False).select_related("user", "organisation"),
            "allowed": sorted((offer for offer in offers if offer.allowed), key=_asked_last),
            "denied": [offer for offer in offers if not offer.allowed],
            "watching": case.watches.filter(user=actor.user).exists(),
            "problem": problem,
            "panel": panel.template if panel else "",
        }
        | showing.papers_of(case, actor, held)
        | besides.beside(case, actor, held)
        | _publications(case, held)
        | officers_of(case, actor, held)
        | archive_of(case, held)
        | (panel.context(case, actor) if panel else {})
    )
    return render(request, "cases/detail.html", context, status=status)


def _publications(case: Case, held: frozenset[str]) -> dict[str, Any]:
    """The context of the section 公开, for the office."""
    inside = bool(held & INSIDE)
    rows = case.publications.select_related("by", "withdrawn_by").order_by("-pk") if inside else ()
    return {"publications": list(rows), "may_publish": inside and case.closed_at is not None}


def _asked_last(offer: reading.Offer) -> bool:
    """What the state waits for stands first."""
    return offer.action.danger or not offer.action.primary


def _timeline(case: Case) -> list[dict[str, Any]]:
    """Everything done, newest first, with what was filled in, in words."""
    definition = reading.definition_of(case.version_id)
    rows = []
    for event in case.events.select_related("by").order_by("-revision"):
        action = definition.action(event.action)
        said = forms.spoken(action, event.data) if action else []
        rows.append({"event": event, "said": said, "state": definition.state(event.target).name})
    return rows


@officer_required()
def case_act(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """The form of an action, and doing it. What is not allowed says why; a stale form is not lost."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    offer = next(
        (one for one in reading.available(case, actor, clock.now()) if one.action.code == code), None
    )
    if offer is None:
        raise problems.UNKNOWN_ACTION(code=code[:40])
    if request.method != "POST":
        if not offer.allowed:
            denied = problems.DENIED(action=offer.action.name, reason=offer.reason)
            return _detail(request, case, actor, denied.status, denied.message)
        return _form(
            request, case, offer.action, forms.form_of(offer.action, None, _people(case, offer.action))
        )
    return _do(request, case, actor, offer.action)


def _do(request: HttpRequest, case: Case, actor: Actor, action: Action) -> HttpResponseBase:
    form = forms.form_of(action, request.POST, _people(case, action))
    if not form.is_valid():
        return _form(request, case, action, form, 422)
    data = {field.code: form.cleaned_data.get(field.code) for field in action.fields}
    try:
        actions.perform(
            case_id=case.pk,
            action=action.code,
            actor=actor,
            data={name: value for name, value in data.items() if value not in (None, "")},
            revision=form.cleaned_data[forms.REVISION],
            now=clock.now(),
        )
    except Problem as problem:
        form.add_error(None, problem.message)
        return _form(request, case, action, form, problem.status)
    messages.success(request, f"已办理：{action.name}。")
    return redirect("case_detail", pk=case.pk)


def _people(case: Case, action: Action) -> list[tuple[int, str]]:
    """Who may be chosen in an action's form; asked only when it has such a field."""
    if not any(field.kind == "person" for field in action.fields):
        return []
    return [(user.pk, user.name) for user in assigning.candidates(case)]


def _form(request: HttpRequest, case: Case, action: Action, form: Any, status: int = 200) -> HttpResponseBase:
    fresh = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    context = {
        "form": form,
        "title": f"{action.name} · {case.number}",
        "sentence": case.title,
        "submit": action.name,
        "cancel": tables.address_of(case),
        "revision": fresh,
        "case": case,
    }
    return render(request, "cases/act.html", context, status=status)


@require_POST
@officer_required()
def case_watch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Follow a case, or stop following it."""
    actor = actor_of(request)
    case = queries.get_case(actor.scope, pk, actor.user)
    assert actor.user is not None
    if request.POST.get("stop"):
        actions.stop_watching(case=case, by=actor.user)
    else:
        actions.watch(case=case, by=actor.user, now=clock.now())
    return redirect("case_detail", pk=case.pk)
