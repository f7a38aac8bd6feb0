"""Pages of stays: one's own devices, and those of the people one looks after."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puyou.accounts import actions, forms, queries, tables
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import trail
from puyou.core import clock
from puyou.core.tables import list_page


@officer_required()
def my_sessions(request: OfficerRequest) -> HttpResponseBase:
    """我的会话: where one is signed in."""
    stays = queries.list_sessions(request.scope).filter(user=request.user)
    context = {"stays": stays, "current": request.session.session_key, "title": "我的会话"}
    return render(request, "accounts/my_sessions.html", context)


@require_POST
@officer_required()
def session_end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """End one stay: one's own, or of a person one looks after."""
    stay = queries.get_session(request.scope, pk)
    own = stay.user_id == request.user.pk
    actions.end_session(session=stay, by=request.scope, now=clock.now())
    messages.success(request, f"已结束{'' if own else stay.user.name + '在'}“{stay.device}”上的会话")
    return redirect("my_sessions" if own else "all_sessions")


@require_POST
@officer_required()
def session_end_others(request: OfficerRequest) -> HttpResponseBase:
    """End all of one's stays but this one."""
    count = actions.end_other_sessions(
        user=request.user, key=str(request.session.session_key), by=request.scope, now=clock.now()
    )
    messages.success(request, f"已结束其他 {count} 个会话")
    return redirect("my_sessions")


@officer_required("accounts.manage")
def all_sessions(request: OfficerRequest) -> HttpResponseBase:
    """在线会话: who is signed in, among the people one looks after."""
    rows = queries.list_sessions(request.scope)
    context = {"crumbs": trail("在线会话")}
    return list_page(request, tables.SESSIONS, rows, filters=forms.SessionFilters, context=context)


@officer_required("accounts.manage")
def session_page(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One stay, and the button that ends it."""
    stay = queries.get_session(request.scope, pk)
    title = f"{stay.user.name}的会话"
    context = {"stay": stay, "title": title, "crumbs": trail(title, ("在线会话", "all_sessions"))}
    return render(request, "accounts/session.html", context)
