"""Keys for programs of one's own: which there are, a new one shown once, ending one."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from puyou.accounts import actions, forms, queries
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.problems import Problem


@officer_required()
def my_keys(request: OfficerRequest) -> HttpResponseBase:
    """``/keys/``: one's keys."""
    keys = queries.list_keys(request.scope, request.user)
    return render(
        request, "accounts/my_keys.html", {"keys": keys, "today": clock.today(), "title": "接口密钥"}
    )


@never_cache
@officer_required()
def key_issue(request: OfficerRequest) -> HttpResponseBase:
    """``/keys/new/``: the form, then the key, this once."""
    form = forms.KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            text = actions.issue_key(
                user=request.user, **form.cleaned_data, by=request.scope, now=clock.now()
            )
        except Problem as problem:
            form.add_error(None, problem.message)
        else:
            return render(request, "accounts/key_shown.html", {"key": text, "title": "新的接口密钥"})
    context = {
        "form": form,
        "title": "新的接口密钥",
        "submit": "发放",
        "sentence": "持有密钥的程序可以以您的名义、在您的管辖范围内读取指标和报送数据。",
        "crumbs": [{"name": "接口密钥", "url": "/keys/"}, {"name": "新的接口密钥", "url": ""}],
    }
    return render(request, "core/form_page.html", context, status=422 if form.errors else 200)


@require_POST
@officer_required()
def key_end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """End a key at once."""
    key = queries.get_key(request.scope, request.user, pk)
    actions.end_key(key=key, by=request.scope, now=clock.now())
    messages.success(request, f"接口密钥“{key.name}”已停用")
    return redirect("my_keys")
