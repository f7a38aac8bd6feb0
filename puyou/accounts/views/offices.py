"""Pages of organisations and posts: what there is, what is new, who holds what."""

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from puyou.accounts import actions, forms, queries, tables
from puyou.accounts.models import Organisation
from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import handle, trail
from puyou.core import clock
from puyou.core.tables import list_page, listing


@officer_required(*queries.MANAGING)
def organisations(request: OfficerRequest) -> HttpResponseBase:
    """机构: the tree, in the order of places."""
    rows = queries.list_organisations(request.scope)
    context = {"crumbs": trail("机构")}
    return list_page(request, tables.ORGANISATIONS, rows, filters=forms.OrganisationFilters, context=context)


@officer_required(*queries.MANAGING)
def organisation(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One organisation: its posts, its people, what lies under it."""
    row = queries.get_organisation(request.scope, pk)
    people = queries.list_users(request.scope).filter(organisation=row)
    below = queries.list_organisations(request.scope).filter(parent=row)
    context = {
        "organisation": row,
        "title": row.name,
        "crumbs": trail(row.name, ("机构", "account_organisations")),
        "posts": listing(request, tables.POSTS, queries.list_posts(request.scope, row)),
        "people": listing(request, tables.PEOPLE_HERE, people),
        "below": listing(request, tables.BELOW, below),
        "may_manage": request.scope.covers(row.place.path, "accounts.manage"),
    }
    return render(request, "accounts/organisation.html", context)


@officer_required("accounts.manage")
def organisation_create(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A new organisation under another."""
    parent = queries.get_organisation(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        row = actions.create_organisation(
            kind=parent.kind, parent=parent, by=request.scope, now=clock.now(), **data
        )
        messages.success(request, f"已新设“{row.name}”")
        return redirect("account_organisation", pk=row.pk)

    return handle(
        request, forms.OrganisationForm, act, title=f"在{parent.name}之下新设机构", back=_address(parent)
    )


@officer_required("accounts.manage")
def post_create(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A new post in an organisation."""
    row = queries.get_organisation(request.scope, pk)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        post = actions.create_post(organisation=row, by=request.scope, now=clock.now(), **data)
        messages.success(request, f"已新设岗位“{post.title}”，授权前不能查看任何数据")
        return redirect("account_post", pk=post.pk)

    return handle(request, forms.PostForm, act, title=f"{row.name}新设岗位", back=_address(row))


@officer_required(*queries.MANAGING)
def post(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One post: who holds it, what it may do."""
    row = queries.get_post(request.scope, pk)
    context = {
        "post": row,
        "title": f"{row.organisation.name} {row.title}",
        "crumbs": trail(
            row.title,
            ("机构", "account_organisations"),
            (row.organisation.name, "account_organisation", row.organisation_id),
        ),
        "holders": listing(request, tables.APPOINTMENTS, queries.list_appointments(request.scope, post=row)),
        "grants": listing(request, tables.GRANTS, queries.list_grants(request.scope, post=row)),
        "may_manage": request.scope.covers(row.organisation.place.path, "accounts.manage"),
        "may_grant": request.scope.covers(row.organisation.place.path, "accounts.grant"),
    }
    return render(request, "accounts/post.html", context)


def _address(row: Organisation) -> tuple[str, int]:
    return "account_organisation", row.pk
