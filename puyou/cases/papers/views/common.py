"""What the pages of papers share: the case of an officer who works on it, and a form that keeps what was written."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.cases import problems, queries, reading
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.papers import actions
from puyou.core.problems import Problem


def own_case(actor: Actor, pk: int) -> Case:
    """The case, where the person works for its office."""
    case = queries.get_case(actor.scope, pk, actor.user)
    if not reading.relations_held(case, actor) & actions.REVIEWING:
        raise problems.NOT_YOURS()
    return case


def filled_in(
    request: HttpRequest, pk: int, form: Form, act: Callable[[], str], page: dict[str, str]
) -> HttpResponseBase:
    """The form, or the case again after ``act``, which says what was done; a refusal keeps what was written."""
    return filled_in_at(request, f"/cases/{pk}/", form, act, page)


def filled_in_at(
    request: HttpRequest, back: str, form: Form, act: Callable[[], str], page: dict[str, str]
) -> HttpResponseBase:
    """The form, or the page ``back`` after ``act``, which says what was done; a refusal keeps what was written."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, act())
            except Problem as problem:
                form.add_error(None, problem.message)
                status = problem.status
            else:
                return redirect(back)
    context = page | {"form": form, "cancel": back}
    return render(request, "core/form_page.html", context, status=status)
