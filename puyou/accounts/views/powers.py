"""Pages on which people are put into posts and posts are given their powers, and both are ended."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from puyou.accounts import actions, forms, queries
from puyou.accounts.models import Organisation
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import handle
from puyou.core import clock


@officer_required("accounts.manage")
def appointment_create(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Put a person into a post."""
    post = queries.get_post(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        user = queries.find_user(request.scope, data.pop("username"))
        actions.appoint(user=user, post=post, by=request.scope, now=clock.now(), **data)
        messages.success(request, f"已任命{user.name}为{post.title}")
        return redirect("account_post", pk=pk)

    title = f"{post.organisation.name} {post.title}：任职"
    return handle(request, forms.AppointmentForm, act, title=title, back=("account_post", pk))


@officer_required("accounts.manage")
def appointment_end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """End a person's time in a post."""
    row = queries.get_appointment(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        actions.end_appointment(appointment=row, by=request.scope, now=clock.now(), **data)
        messages.success(request, f"{row.user.name}的“{row.post.title}”已结束")
        return redirect("account_post", pk=row.post_id)

    title = f"免去{row.user.name}的{row.post.title}"
    sentence = "填当天即刻失效；任职记录保留，不会删除。"
    back = ("account_post", row.post_id)
    return handle(request, forms.EndForm, act, title=title, sentence=sentence, submit="免职", back=back)


@officer_required("accounts.grant")
def grant_create(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Give a post a role within a place."""
    post = queries.get_post(request.scope, pk)
    operator = post.organisation.kind == Organisation.Kind.OPERATOR

    def form(data: Any = None) -> forms.GrantForm:
        return forms.GrantForm(data, organisation=post.organisation)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        firm = post.organisation if operator else None
        actions.grant(post=post, organisation=firm, by=request.scope, now=clock.now(), **data)
        messages.success(request, f"已授权“{post.title}”")
        return redirect("account_post", pk=pk)

    title = f"{post.organisation.name} {post.title}：授权"
    return handle(request, form, act, title=title, submit="授权", back=("account_post", pk))


@officer_required("accounts.grant")
def grant_end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Take a role back."""
    row = queries.get_grant(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        actions.revoke_grant(grant=row, by=request.scope, now=clock.now(), **data)
        messages.success(request, "授权已撤销")
        return redirect("account_post", pk=row.post_id)

    title = f"撤销{row.post.title}的授权：{row.role.name}·{row.place.name}"
    sentence = "填当天即刻失效；授权记录保留，不会删除。"
    back = ("account_post", row.post_id)
    return handle(request, forms.EndForm, act, title=title, sentence=sentence, submit="撤销授权", back=back)
