"""Moving one entry: submit and confirm at once, return and withdraw with their ground."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.ledgers import actions, forms, powers, queries, rules
from puyou.ledgers.models import LedgerEntry
from puyou.ledgers.views.common import act_or_show, scope_of, trail, user_of


def _at_once(request: HttpRequest, pk: int, act: Callable[..., LedgerEntry], said: str) -> HttpResponseBase:
    """Do it, or come back with the reason; the entry must be as it was when the button was shown."""
    queries.get_entry(scope_of(request), pk)
    form = forms.TurnForm(request.POST)
    expected = form.cleaned_data["turn"] if form.is_valid() else 0
    try:
        act(entry_id=pk, expected=expected, scope=scope_of(request), by=user_of(request), now=clock.now())
        messages.success(request, said)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        messages.error(request, problem.message)
    return redirect("ledger_entry", pk=pk)


@require_POST
@officer_required(powers.FILL)
def entry_submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand a draft in."""
    return _at_once(request, pk, actions.submit_entry, "已提交。")


@require_POST
@officer_required(powers.CONFIRM)
def entry_confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let an entry count."""
    return _at_once(request, pk, actions.confirm_entry, "已确认，计入指标。")


@officer_required(powers.CONFIRM)
def entry_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send it back to whoever fills it."""
    return _grounded(
        request, pk, "return", actions.return_entry, "退回后由填报单位修改、重新提交；已确认的不再计入指标。"
    )


@officer_required(powers.FILL, powers.CONFIRM)
def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take it out of the ledger; it stays to be read."""
    return _grounded(
        request, pk, "withdraw", actions.withdraw_entry, "作废后不再计入指标，内容和理由留存，不能恢复。"
    )


def _grounded(
    request: HttpRequest, pk: int, verb: str, act: Callable[..., LedgerEntry], sentence: str
) -> HttpResponseBase:
    scope, name = scope_of(request), rules.VERB_NAMES[verb]
    entry = queries.get_entry(scope, pk)
    form = forms.GroundForm(request.POST or None, initial={"turn": entry.turn})
    back = reverse("ledger_entry", args=[pk])

    def done() -> str:
        act(
            entry_id=pk, expected=form.cleaned_data["turn"], ground=form.cleaned_data["ground"], scope=scope,
            by=user_of(request), now=clock.now(),
        )  # fmt: skip
        return f"已{name}。"

    page: dict[str, Any] = {
        "title": f"{name}：{entry.title}", "sentence": sentence, "submit": name, "cancel": back,
        "crumbs": trail(queries.get_kind(entry.kind.code), (entry.number or "草稿", back), (name, "")),
    }  # fmt: skip
    return act_or_show(request, form, done, page, then=lambda: back)
