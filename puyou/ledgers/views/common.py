"""What the pages of this room share: who asks, the way to a page, the form page."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.models import Organisation, User
from puyou.accounts.scopes import Scope
from puyou.core.problems import Problem
from puyou.ledgers.queries import Kind

KEPT_STATUSES = (409, 422)  # refusals that leave what was written on the page


def scope_of(request: HttpRequest) -> Scope:
    """What the asker may see."""
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> User:
    """Who asks."""
    return cast(User, request.user)


def office_of(request: HttpRequest) -> Organisation | None:
    """In whose name the asker writes."""
    return user_of(request).organisation


def trail(kind: Kind | None = None, *rest: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page under 台账."""
    steps = [("台账", reverse("ledgers"))]
    if kind is not None:
        steps.append((kind.row.name, reverse("ledger", args=[kind.row.code])))
    return [{"name": name, "url": url} for name, url in [*steps, *rest]]


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
