"""Pages of people: who there is, opening an account, a new password, suspending and resuming."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from puyou.accounts import actions, forms, queries, tables
from puyou.accounts.models import User
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import handle, trail
from puyou.core import clock
from puyou.core.tables import list_page, listing


@officer_required(*queries.MANAGING)
def people(request: OfficerRequest) -> HttpResponseBase:
    """人员: with their posts and what these may do."""
    rows = queries.list_users(request.scope)
    doors = [("机构", "account_organisations")]
    if request.scope.may("accounts.manage"):
        doors.append(("在线会话", "all_sessions"))
    context = {"doors": doors, "crumbs": trail("人员")}
    template = "accounts/people.html"
    return list_page(
        request, tables.PEOPLE, rows, filters=forms.PeopleFilters, template=template, context=context
    )


@officer_required(*queries.MANAGING)
def person(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One person: posts past and present, and what can be done about the account."""
    user = queries.get_user(request.scope, pk)
    held = queries.list_appointments(request.scope, user=user)
    context = {
        "person": user,
        "title": user.name,
        "crumbs": trail(user.name, ("人员", "account_people")),
        "appointments": listing(request, tables.APPOINTMENTS, held),
        "may_manage": request.scope.may("accounts.manage") and user.pk != request.user.pk,
    }
    return render(request, "accounts/person.html", context)


@never_cache
@officer_required("accounts.manage")
def person_create(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A new account in an organisation."""
    organisation = queries.get_organisation(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        user, password = actions.create_user(
            organisation=organisation, by=request.scope, now=clock.now(), **data
        )
        return _handed_out(request, user, password)

    title, back = f"{organisation.name}开立用户", ("account_organisation", pk)
    return handle(request, forms.PersonForm, act, title=title, submit="开立用户", back=back)


@never_cache
@officer_required("accounts.manage")
def password_reset(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A new one-time password."""
    user = queries.get_user(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        return _handed_out(
            request, user, actions.reset_password(user=user, by=request.scope, now=clock.now())
        )

    title, sentence = f"重置{user.name}的密码", "原密码立即失效，所有设备上的登录都会结束。"
    back = ("account_person", pk)
    return handle(request, forms.PlainForm, act, title=title, sentence=sentence, submit="重置密码", back=back)


def _handed_out(request: OfficerRequest, user: User, password: str) -> HttpResponseBase:
    context = {"person": user, "password": password, "title": "一次性密码", "crumbs": trail("一次性密码")}
    return render(request, "accounts/password_handed_out.html", context)


@officer_required("accounts.manage")
def person_suspend(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Close an account."""
    user = queries.get_user(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        actions.suspend_user(user=user, by=request.scope, now=clock.now(), **data)
        messages.success(request, f"{user.name}的账号已停用")
        return redirect("account_person", pk=pk)

    title, back = f"停用{user.name}的账号", ("account_person", pk)
    return handle(request, forms.GroundForm, act, title=title, submit="停用", back=back)


@officer_required("accounts.manage")
def person_resume(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Open a suspended account again."""
    user = queries.get_user(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        actions.resume_user(user=user, by=request.scope, now=clock.now())
        messages.success(request, f"{user.name}的账号已恢复")
        return redirect("account_person", pk=pk)

    title, back = f"恢复{user.name}的账号", ("account_person", pk)
    return handle(request, forms.PlainForm, act, title=title, submit="恢复", back=back)
