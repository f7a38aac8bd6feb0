"""Many cases at once: boxes in the list, one form, and what became of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.cases import actions, forms, problems, queries, reading, rules, tables
from puyou.cases.actions.bulk import DONE, MOST, STALE, Chosen, Result, why_not_bulk
from puyou.cases.definition import Action
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.views.asking import actor_of
from puyou.core import cells, clock
from puyou.core.problems import Problem
from puyou.core.tables import Listing

STANDINGS = {DONE: ("met", "已办理"), STALE: ("provisional", "情况已变"), "denied": ("danger", "未能办理")}


@dataclass(frozen=True)
class Choice:
    """A bulk action of a procedure, as it stands in the address of a form."""

    procedure: str
    action: Action

    @property
    def value(self) -> str:
        return f"{self.procedure}.{self.action.code}"


def offered(actor: Actor, listed: Sequence[int]) -> list[Choice]:
    """The bulk actions that the person could do, as far as state and standing go, on some of the listed cases."""
    found: dict[str, Choice] = {}
    for standing in reading.standings(listed, actor):
        definition = reading.definition_of(standing.version_id)
        for action in definition.actions:
            fits = action.bulk and standing.held & set(action.who)
            if fits and rules.why_not(definition, action, standing.state, standing.flags) is None:
                choice = Choice(definition.code, action)
                found.setdefault(choice.value, choice)
    return list(found.values())


def with_boxes(filled: Listing) -> Listing:
    """The list with a box before each row; the boxes belong to the form ``bulk`` beneath it."""
    head = cells.Head("选择", "", "", "", "")
    return replace(filled, heads=[head, *filled.heads], rows=[_with_box(row) for row in filled.rows])


def _with_box(row: cells.Row) -> cells.Row:
    value = f"{row.key}.{dict(row.data)['revision']}"
    box = format_html(
        '<input type="checkbox" name="case" value="{}" form="bulk" aria-label="选择此案" />', value
    )
    return replace(row, cells=[cells.Cell(box, None, "选择", "", "td"), *row.cells])


@require_POST
@officer_required()
def case_bulk(request: HttpRequest) -> HttpResponseBase:
    """First the form for all that were chosen, then, ``confirmed``, what became of each."""
    actor = actor_of(request)
    chosen = _chosen(request.POST.getlist("case"))
    procedure, _, code = request.POST.get("action", "").partition(".")
    seen = {case.pk: case for case in _seen(actor, chosen)}
    action = _action(seen.values(), procedure, code)
    if action is None:
        raise problems.NONE_CHOSEN()
    asked = Asked(request, actor, chosen, seen, Choice(procedure, action))
    if not request.POST.get("confirmed"):
        return _form(asked, forms.form_of(action))
    filled = request.POST.copy()
    filled[forms.REVISION] = "1"  # each case brings its own
    form = forms.form_of(action, filled)
    return _do(asked, form) if form.is_valid() else _form(asked, form, 422)


@dataclass(frozen=True)
class Asked:
    """Who asks what of which cases."""

    request: HttpRequest
    actor: Actor
    chosen: list[Chosen]
    seen: dict[int, Case]
    choice: Choice


def _chosen(values: Iterable[str]) -> list[Chosen]:
    pairs = (value.partition(".") for value in values)
    found = [Chosen(int(pk), int(revision)) for pk, _, revision in pairs if _number(pk) and _number(revision)]
    if len(found) > MOST:
        raise problems.TOO_MANY(limit=MOST, count=len(found))
    return found


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _seen(actor: Actor, chosen: Iterable[Chosen]) -> Iterable[Case]:
    held = queries.list_cases(actor.scope, actor.user, actor.roles)
    return held.filter(pk__in=[one.case_id for one in chosen])


def _action(cases: Iterable[Case], procedure: str, code: str) -> Action | None:
    """The action as the first of the cases that run on the procedure knows it."""
    for case in cases:
        definition = reading.definition_of(case.version_id)
        found = definition.action(code) if definition.code == procedure else None
        if found is not None and found.bulk:
            return found
    return None


def _form(asked: Asked, form: Any, status: int = 200) -> HttpResponseBase:
    rows = [_outlook(asked, one) for one in asked.chosen if one.case_id in asked.seen]
    context = {
        "title": f"{asked.choice.action.name} · {len(rows)} 件",
        "form": form,
        "choice": asked.choice,
        "rows": rows,
        "able": sum(1 for row in rows if not row["reason"]),
        "submit": asked.choice.action.name,
    }
    return render(asked.request, "cases/bulk.html", context, status=status)


def _outlook(asked: Asked, one: Chosen) -> dict[str, Any]:
    """A chosen case, and why the action would be denied as things are."""
    case, action = asked.seen[one.case_id], asked.choice.action
    reason = why_not_bulk(case.pk, asked.choice.procedure, action.code)
    if reason is None:
        offers = reading.available(case, asked.actor, clock.now())
        reason = next(offer.reason for offer in offers if offer.action.code == action.code)
    return {"case": case, "value": f"{one.case_id}.{one.revision}", "reason": reason}


def _do(asked: Asked, form: Any) -> HttpResponseBase:
    action = asked.choice.action
    data = {field.code: form.cleaned_data.get(field.code) for field in action.fields}
    known = [one for one in asked.chosen if one.case_id in asked.seen]
    try:
        results = actions.perform_each(
            chosen=known,
            procedure=asked.choice.procedure,
            action=action.code,
            actor=asked.actor,
            data={name: value for name, value in data.items() if value not in (None, "")},
            now=clock.now(),
        )
    except Problem as problem:
        form.add_error(None, problem.message)
        return _form(asked, form, problem.status)
    return _results(asked, results)


def _results(asked: Asked, results: list[Result]) -> HttpResponseBase:
    done = [one for one in results if one.standing == DONE]
    context = {
        "title": f"{asked.choice.action.name}：办理结果",
        "done": len(done),
        "undone": len(results) - len(done),
        "rows": [_told(asked, one) for one in results],
        "again": [f"{one.case_id}.{one.revision}" for one in done],
        "opposite": _opposite(asked) if done else None,
    }
    return render(asked.request, "cases/bulk_done.html", context)


def _told(asked: Asked, result: Result) -> dict[str, Any]:
    case = asked.seen[result.case_id]
    mark, words = STANDINGS[result.standing]
    return {"case": case, "address": tables.address_of(case), "mark": mark, "words": words, "result": result}


def _opposite(asked: Asked) -> Choice | None:
    """The bulk action that takes it back, where the procedure has one."""
    case = next(iter(asked.seen.values()))
    found = rules.opposite(reading.definition_of(case.version_id), asked.choice.action)
    return Choice(asked.choice.procedure, found) if found is not None and found.bulk else None
