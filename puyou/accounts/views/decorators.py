"""The lock on every page: who may open it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from puyou.accounts import problems, roles
from puyou.accounts.models import User
from puyou.accounts.scopes import Scope, scope_for


class OfficerRequest(HttpRequest):
    """A request of someone who is signed in and may open the page."""

    scope: Scope
    user: User


Page = Callable[..., HttpResponseBase]


def officer_required(*permissions: str) -> Callable[[Page], Page]:
    """Only for people who hold one of the permissions somewhere; without any: for everybody signed in.

    Sets ``request.scope``. Anonymous people are sent to sign in and come back; who lacks the permission gets
    Problem accounts.no_permission (403). Where a place is concerned, the view still asks
    ``request.scope.require(path)``.
    """

    def lock(view: Page) -> Page:
        @wraps(view)
        def locked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            scope = scope_for(request.user)
            if permissions and not any(scope.may(permission) for permission in permissions):
                raise problems.NO_PERMISSION(
                    permission="或".join(roles.PERMISSIONS.get(p, p) for p in permissions)
                )
            cast(OfficerRequest, request).scope = scope
            return view(request, *args, **kwargs)

        locked.permissions = permissions  # type: ignore[attr-defined]
        return locked

    return lock


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back; a part of a page asked for by htmx takes the whole page there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url("login")})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "")
