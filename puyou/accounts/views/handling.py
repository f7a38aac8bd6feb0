"""One way to handle a form that leads to one verb: show it, act, or show what was refused."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest
from puyou.core.problems import Problem

FORBIDDEN = 403


def trail(here: str, *above: tuple[str, str] | tuple[str, str, int]) -> list[dict[str, str]]:
    """The way to a page under 系统: steps of (name, address name, argument), then the page itself."""
    steps = [{"name": "系统", "url": "/system/"}]
    steps += [{"name": name, "url": reverse(target, args=rest)} for name, target, *rest in above]
    return [*steps, {"name": here, "url": ""}]


def handle(
    request: OfficerRequest,
    make: Callable[..., forms.Form],
    act: Callable[[dict[str, Any]], HttpResponseBase],
    *,
    title: str,
    back: tuple[str] | tuple[str, int | str],
    crumbs: list[dict[str, str]] | None = None,
    sentence: str = "",
    submit: str = "保存",
) -> HttpResponseBase:
    """The form page, or what ``act`` answers; a refusal is shown above the form with status 422.

    ``crumbs`` for forms that do not lie under 系统.
    """
    form = make(request.POST) if request.method == "POST" else make()
    if form.is_bound and form.is_valid():
        try:
            return act(form.cleaned_data)
        except Problem as problem:
            if problem.status == FORBIDDEN:
                raise
            form.add_error(None, problem.message)
    context = {
        "form": form,
        "title": title,
        "crumbs": crumbs or trail(title),
        "sentence": sentence,
        "submit": submit,
        "cancel": reverse(back[0], args=back[1:]),
    }
    return render(request, "core/form_page.html", context, status=422 if form.errors else 200)
