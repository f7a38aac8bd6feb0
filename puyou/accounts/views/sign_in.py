"""Coming and going: signing in, being locked out, signing out, one's own password."""

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from puyou.accounts import actions, forms
from puyou.accounts.models import LoginSession, User
from puyou.accounts.views import requests
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.core import clock
from puyou.core.problems import Problem


@sensitive_post_parameters("password")
@never_cache
def login(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; afterwards back to where one came from."""
    onwards = _onwards(request)
    if request.user.is_authenticated:
        return redirect(onwards)
    form = forms.SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = auth.authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            _begin(request, user)
            return redirect(onwards)
        if getattr(request, "axes_locked_out", False):
            _note_lock(request, form.cleaned_data["username"])
            return locked_out(request)
        form.add_error(None, "用户名或密码不正确，或账号已停用")
    status = 422 if form.is_bound else 200
    return render(
        request, "accounts/login.html", {"form": form, "next": request.GET.get("next", "")}, status=status
    )


def _begin(request: HttpRequest, user: User) -> None:
    """Sign in under a new session key, so that a key known beforehand is worth nothing."""
    auth.login(request, user)
    if not request.session.session_key:
        request.session.save()
    actions.begin_session(
        user=user,
        key=str(request.session.session_key),
        agent=request.headers.get("User-Agent", ""),
        address=requests.address(request),
        now=clock.now(),
    )


def _onwards(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    fit = url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure())
    return wanted if fit else resolve_url(settings.LOGIN_REDIRECT_URL)


def _note_lock(request: HttpRequest, username: str) -> None:
    """Once per lock: later attempts while it lasts count no failures."""
    if getattr(request, "axes_failures_since_start", None):
        actions.note_lock(username=username, address=requests.address(request), now=clock.now())


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """The page of a name that is locked out from this address, with how long it lasts."""
    pause = get_cool_off(request)
    minutes = int(pause.total_seconds() // 60) if pause else 0
    context = {"minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT}
    return render(request, "accounts/locked_out.html", context, status=429)


@require_POST
def logout(request: HttpRequest) -> HttpResponseBase:
    """End this stay."""
    key = request.session.session_key
    if isinstance(request.user, User):
        stay = LoginSession.objects.filter(key=key, user=request.user, ended_at=None).first()
        if stay:
            actions.end_session(session=stay, by=request.scope, now=clock.now())  # type: ignore[attr-defined]
    auth.logout(request)
    return redirect("login")


@sensitive_post_parameters("old", "new", "again")
@never_cache
@officer_required()
def password(request: OfficerRequest) -> HttpResponseBase:
    """A new password of one's own; this stay goes on under a new key, all others end."""
    form = forms.PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, form.cleaned_data["old"], form.cleaned_data["new"])
        except Problem as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, "密码已修改，其他设备上的登录已失效")
            return redirect(settings.LOGIN_REDIRECT_URL)
    sentence = "您正在使用发给您的初始密码，请先换成自己的密码。" if request.user.must_change_password else ""
    context = {"form": form, "title": "修改密码", "sentence": sentence, "submit": "修改密码"}
    return render(request, "core/form_page.html", context, status=422 if form.errors else 200)


def _change(request: OfficerRequest, old: str, new: str) -> None:
    now, key = clock.now(), str(request.session.session_key)
    user = actions.change_password(user=request.user, old=old, new=new, by=request.scope, now=now)
    actions.end_other_sessions(user=user, key=key, by=request.scope, now=now)
    auth.update_session_auth_hash(request, user)
    actions.rename_session(old=key, new=str(request.session.session_key))
