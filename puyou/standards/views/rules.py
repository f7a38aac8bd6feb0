"""Pages of rules: what holds, what held, publishing and verifying."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest, officer_required
from puyou.accounts.views.handling import handle
from puyou.core import clock
from puyou.core.tables import list_page, listing
from puyou.places import queries as places
from puyou.standards import actions, forms, queries, seeds, tables
from puyou.standards.models import Rule

PUBLISH = "standards.publish"


@officer_required()
def rule_list(request: OfficerRequest) -> HttpResponseBase:
    """准则: every rule with what holds today."""
    rows = queries.list_current(request.scope, clock.today())
    versions = [row.version for row in rows if row.version is not None]
    unverified = sum(version.verification == "unverified" for version in versions)
    sentence = f"今天有效的数值共 {len(versions)} 个，其中 {unverified} 个未经核实。"
    door = {"create_address": reverse("calendar"), "create_label": "工作日历", "sentence": sentence}
    return list_page(request, tables.RULES, rows, context=door)


@officer_required()
def rule(request: OfficerRequest, code: str) -> HttpResponseBase:
    """One rule: what it is for and all its versions."""
    row = queries.get_rule(request.scope, code)
    context = {
        "rule": row,
        "title": row.name,
        "versions": listing(request, tables.VERSIONS, queries.list_versions(request.scope, row)),
        "may_publish": request.scope.may(PUBLISH),
        "crumbs": [{"name": "准则", "url": reverse("rule_list")}, {"name": row.name}],
    }
    return render(request, "standards/rule.html", context)


def _trail(row: Rule, here: str) -> list[dict[str, str]]:
    return [
        {"name": "准则", "url": reverse("rule_list")},
        {"name": row.name, "url": reverse("rule", args=[row.code])},
        {"name": here, "url": ""},
    ]


@officer_required(PUBLISH)
def version_publish(request: OfficerRequest, code: str) -> HttpResponseBase:
    """A new version of a rule."""
    row = queries.get_rule(request.scope, code)

    def make(*args: Any) -> django_forms.Form:
        return forms.PublishForm(seeds.BY_CODE[row.code], *args)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        wanted = data.pop("place_code")
        place = places.get_place(wanted) if wanted else None
        request.scope.require((place or places.get_root()).path, PUBLISH)
        actions.publish_rule_version(
            rule=row,
            place=place,
            area_class=data.pop("area_class", ""),
            **data,
            by=request.scope.name,
            now=clock.now(),
        )
        messages.success(request, f"已发布“{row.name}”的新版本，尚未核实")
        return redirect("rule", code=row.code)

    sentence = "原版本到新版本生效之日截止；新版本只影响它自己的有效期。"
    return handle(
        request,
        make,
        act,
        title=f"发布“{row.name}”新版本",
        back=("rule", row.code),
        crumbs=_trail(row, "发布新版本"),
        sentence=sentence,
        submit="发布",
    )


@officer_required(PUBLISH)
def version_verify(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A person confirms a version."""
    version = queries.get_version(request.scope, pk)
    request.scope.require((version.place or places.get_root()).path, PUBLISH)

    def act(data: dict[str, Any]) -> HttpResponseBase:
        actions.verify_rule_version(version=version, by=request.scope.name, now=clock.now())
        messages.success(request, f"“{version.rule.name}”已核实")
        return redirect("rule", code=version.rule.code)

    sentence = f"{tables.value_of(version)}，{version.valid_from} 起生效；依据：{version.source}。"
    return handle(
        request,
        forms.VerifyForm,
        act,
        title=f"核实“{version.rule.name}”",
        back=("rule", version.rule.code),
        crumbs=_trail(version.rule, "核实"),
        sentence=sentence,
        submit="确认核实",
    )
