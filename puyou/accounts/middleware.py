"""Giving every request its scope, keeping the trace of a stay, and insisting on a password of one's own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from puyou.accounts import actions, queries
from puyou.accounts.models import User
from puyou.accounts.scopes import Scope, scope_for
from puyou.core import clock

TOUCH_SECONDS = 300
_SEEN = "seen"
_OPEN_WITH_HANDED_OUT_PASSWORD = ("/password/", "/logout/", "/login/", "/static/", "/api/")


def scope(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.scope`` (public when nobody is signed in) and ``request.office``, lazily."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.scope = SimpleLazyObject(lambda: scope_for(request.user))  # type: ignore[attr-defined]
        request.office = SimpleLazyObject(lambda: _office(request))  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _touch(request)
            if request.user.must_change_password and not request.path.startswith(
                _OPEN_WITH_HANDED_OUT_PASSWORD
            ):
                return redirect("password")
        return get_response(request)

    return middleware


def _office(request: HttpRequest) -> str:
    """The person's first office in words, for the head of the page: 省局·贵州 值班员; empty without one."""
    if not isinstance(request.user, User):
        return ""
    offices = queries.list_offices(Scope(f"user:{request.user.pk}"), request.user)
    return f"{offices[0].label} {offices[0].post}" if offices else ""


def _touch(request: HttpRequest) -> None:
    """Note every few minutes that the person is still there: two writes then, none in between."""
    now = clock.now()
    if now.timestamp() - request.session.get(_SEEN, 0) < TOUCH_SECONDS:
        return
    request.session[_SEEN] = int(now.timestamp())
    if request.session.session_key:
        actions.touch_session(key=request.session.session_key, now=now)
