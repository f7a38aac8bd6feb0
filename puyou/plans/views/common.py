"""What the pages of this room share: who asks, of which place, the way to a page, the form page."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core import paths
from puyou.core.problems import Problem
from puyou.places import queries as places
from puyou.places.models import Place

KEPT_STATUSES = (409, 422)  # refusals that leave what was written on the page
MANAGE = "plans.manage"


def scope_of(request: HttpRequest) -> Scope:
    """What the asker may see."""
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> User:
    """Who asks."""
    return cast(User, request.user)


def name_of(request: HttpRequest) -> str:
    """The asker as the event log names them."""
    return scope_of(request).name


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page under 规划与任务."""
    return [{"name": name, "url": url} for name, url in [("规划与任务", reverse("plans")), *steps]]


def seat(scope: Scope, permission: str = "see") -> Place | None:
    """The widest place that one holds."""
    held = scope.paths(permission)
    path = min(held, key=len) if held else None
    if path == "":
        return places.get_root()
    return Place.objects.filter(pk=paths.ids(path)[-1]).first() if path else None


def place_of(request: HttpRequest) -> Place | None:
    """The place named in the address when it may be seen, else the asker's own; None for who has none."""
    scope, code = scope_of(request), request.GET.get("place", "")
    if not code:
        return seat(scope)
    place = places.get_place(code)
    scope.require(place.path)
    return place


def act_or_show(
    request: HttpRequest,
    form: Form,
    act: Callable[[], str],
    page: dict[str, Any],
    *,
    then: Callable[[], str],
    template: str = "core/form_page.html",
) -> HttpResponseBase:
    """The form, or where ``then`` leads after ``act``, which says what was done; a refusal keeps what was written."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, act())
            except Problem as problem:
                if problem.status not in KEPT_STATUSES:
                    raise
                form.add_error(None, problem.message)
                status = problem.status
            else:
                return redirect(then())
    return render(request, template, page | {"form": form}, status=status)
