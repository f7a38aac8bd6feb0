"""Moving one return or several: submit, recall, sign and approve at once; return and restate with their ground."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.returns import actions, knowing, powers, queries
from puyou.returns.models import DueReturn
from puyou.returns.views.common import KEPT_STATUSES, scope_of, trail, user_of


class GroundForm(forms.Form):
    """Why."""

    ground = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由"},
    )
    turn = forms.IntegerField(widget=forms.HiddenInput())


def _turn(request: HttpRequest) -> int:
    text = request.POST.get("turn", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _at_once(request: HttpRequest, pk: int, act: Callable[..., DueReturn], said: str) -> HttpResponseBase:
    """Do it, or come back with the reason; the return must be as it was when the button was shown."""
    scope = scope_of(request)
    queries.get_return(scope, pk)
    try:
        act(due_id=pk, expected=_turn(request), scope=scope, by=user_of(request), now=clock.now())
        messages.success(request, said)
    except Problem as problem:
        if problem.status not in KEPT_STATUSES:
            raise
        messages.error(request, problem.message)
    return redirect("return", pk=pk)


@require_POST
@officer_required(powers.FILL)
def return_submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To the person in charge."""
    return _at_once(request, pk, actions.submit_return, "已提交，等待负责人签发。")


@require_POST
@officer_required(powers.FILL)
def return_recall(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back before it is signed."""
    return _at_once(request, pk, actions.recall_return, "已撤回，可以修改。")


@require_POST
@officer_required(powers.FILL)
def return_sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Handed in by a second person."""
    return _at_once(request, pk, actions.sign_return, "已签发并报送。")


@require_POST
@officer_required(powers.CHECK)
def return_approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One level further, or to the end."""
    return _at_once(request, pk, actions.approve_return, "已通过。")


@require_POST
@officer_required(powers.CHECK)
def approve_chosen(request: HttpRequest) -> HttpResponseBase:
    """``/returns/approve/``: several at once, each by itself; those refused are told one by one."""
    pairs = [text.partition(":")[::2] for text in request.POST.getlist("chosen")]
    chosen = [(int(pk), int(turn)) for pk, turn in pairs if _is_number(pk) and _is_number(turn)]
    try:
        done, refused = actions.approve_many(
            chosen=chosen, scope=scope_of(request), by=user_of(request), now=clock.now()
        )
    except Problem as problem:
        messages.error(request, problem.message)
    else:
        if done:
            messages.success(request, f"已通过 {done:,} 份。")
        for pk, why in refused[:10]:
            messages.error(request, f"第 {pk} 号没有通过：{why}")
    return redirect(f"{reverse('returns')}?mine=check")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


@officer_required(powers.FILL, powers.CHECK)
def return_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back to who filled it."""
    return _grounded(request, pk, "退回", actions.return_return, "退回后由填报单位修改、重新签发报送。")


@officer_required(powers.FILL, powers.CHECK)
def return_restate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Open again what was approved."""
    return _grounded(
        request,
        pk,
        "更正",
        actions.restate_return,
        "原来的数值在新的一次通过之前继续有效；通过后保留历史，不会抹去。",
    )


def _grounded(
    request: HttpRequest, pk: int, name: str, act: Callable[..., DueReturn], sentence: str
) -> HttpResponseBase:
    scope = scope_of(request)
    due = queries.get_return(scope, pk)
    form = GroundForm(request.POST or None, initial={"turn": due.turn})
    back, status = reverse("return", args=[pk]), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(
                    due_id=pk, expected=form.cleaned_data["turn"], ground=form.cleaned_data["ground"], scope=scope,
                    by=user_of(request), now=clock.now(),
                )  # fmt: skip
            except Problem as problem:
                if problem.status not in KEPT_STATUSES:
                    raise
                form.add_error(None, problem.message)
                status = problem.status
            else:
                messages.success(request, f"已{name}。")
                return redirect(back)
    said = knowing.form_of(due.version)
    page: dict[str, Any] = {
        "title": f"{name}：{said.name}", "sentence": sentence, "submit": name, "cancel": back, "form": form,
        "crumbs": trail((said.name, back), (name, "")),
    }  # fmt: skip
    return render(request, "core/form_page.html", page, status=status)
