"""What the pages about supervisors share: tabs, forms that lead to one verb, and the places somebody holds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest
from puyou.cases.relations import HANDLE
from puyou.core.paths import ids
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place

TABS = (
    ("supervisors", "监督员"),
    ("supervisor_rounds", "选聘"),
    ("supervisor_coverage", "覆盖"),
    ("supervisor_tasks", "任务"),
    ("supervisor_commendations", "表扬"),
    ("supervisor_trainings", "培训"),
)


def tabs(here: str) -> dict[str, Any]:
    """The row of tabs above a list."""
    return {
        "tabs": [{"label": label, "address": reverse(name), "here": name == here} for name, label in TABS]
    }


def crumbs(here: str, *above: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page: 案件, 监督员, and what lies between."""
    steps = [{"name": "案件", "url": "/cases/"}, {"name": "监督员", "url": reverse("supervisors")}]
    return [*steps, *({"name": name, "url": url} for name, url in above), {"name": here, "url": ""}]


def posted(request: OfficerRequest) -> Any:
    """What was sent, even when it was nothing; None when the form is only shown."""
    return request.POST if request.method == "POST" else None


def filled_in(
    request: OfficerRequest,
    form: Any,
    act: Callable[[dict[str, Any]], tuple[str, str]],
    *,
    title: str,
    submit: str,
    back: str,
    sentence: str = "",
) -> HttpResponseBase:
    """A form that leads to one verb: ``act`` answers what to say and where to go. A refusal keeps what was typed."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said, address = act(form.cleaned_data)
            except Problem as problem:
                if problem.status == 403:
                    raise
                form.add_error(None, problem.message)
                status = problem.status
            else:
                messages.success(request, said)
                return redirect(address)
    context = {
        "form": form, "title": title, "sentence": sentence, "submit": submit, "cancel": back, "crumbs": crumbs(title),
    }  # fmt: skip
    return render(request, "core/form_page.html", context, status=status)


def top_place(scope: Scope) -> Place:
    """The widest place that somebody handles: where lists begin."""
    paths = [one.path for one in scope.grips if HANDLE in one.permissions and one.organisation_id is None]
    if scope.everything or not paths:
        return places.get_root()
    return places.get_places([ids(min(paths, key=len))[-1]]).popitem()[1]
