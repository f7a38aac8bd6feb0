"""Kinds: what there is, one kind as documented data, publishing a version."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.tables import list_page, listing
from puyou.ledgers import actions, definition, documenting, forms, measures, powers, queries, tables
from puyou.ledgers.queries import Kind
from puyou.ledgers.views.common import act_or_show, scope_of, trail


@officer_required("see")
def kind_list(request: HttpRequest) -> HttpResponseBase:
    """``/ledgers/``: every kind with what one sees of it."""
    scope = scope_of(request)
    counts = queries.count_by_kind(scope)
    kinds = queries.list_kinds(scope)
    rows = [_row(kind, counts.get(kind.row.pk, {})) for kind in kinds]
    waiting = sum(row["waiting"] for row in rows)
    alive = sum(row["alive"] for row in rows)
    context: dict[str, Any] = {
        "sentence": f"{len(kinds)} 类台账，{alive:,} 条记录"
        + (f"，{waiting:,} 条待确认。" if waiting else "。"),
        "create_address": reverse("ledger_kind_new") if scope.may(powers.PUBLISH) else "",
        "create_label": "新建类别",
    }
    return list_page(request, tables.KINDS, rows, scope="管辖范围", context=context)


def _row(kind: Kind, counted: Any) -> dict[str, Any]:
    return {
        "name": kind.row.name, "code": kind.row.code, "group": kind.row.group, "alive": counted.get("alive", 0),
        "waiting": counted.get("waiting", 0), "returned": counted.get("returned", 0), "latest": counted.get("latest"),
        "fills": powers.told_sides(kind.definition.fills), "confirms": powers.told_confirmer(kind.definition),
        "version": f"第 {kind.version.number} 版",
    }  # fmt: skip


@officer_required("see")
def kind_definition(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/definition/``: the kind as documented data."""
    scope, kind = scope_of(request), queries.get_kind(code)
    found = kind.definition
    context = {
        "title": f"{found.name}：定义", "crumbs": trail(kind, ("定义", "")), "kind": kind, "found": found,
        "facts": documenting.facts(kind), "measures": measures.of_kind(kind),
        "fields": listing(request, tables.FIELDS, documenting.fields(found)),
        "versions": listing(request, tables.VERSIONS, queries.list_versions(scope, kind.row)),
        "may_publish": scope.may(powers.PUBLISH),
    }  # fmt: skip
    return render(request, "ledgers/definition.html", context)


@officer_required("see")
def kind_json(request: HttpRequest, code: str) -> HttpResponseBase:
    """The definition itself, to be changed and published again."""
    kind = queries.get_kind(code)
    response = HttpResponse(_json(kind), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{kind.row.code}-{kind.version.number}.json"'
    )
    return response


def _json(kind: Kind) -> str:
    return documenting.as_text(kind.definition)


@officer_required(powers.PUBLISH)
def kind_new(request: HttpRequest) -> HttpResponseBase:
    """``/ledgers/kinds/new/``: publish a kind that is not there yet; ``?like=CODE`` begins from another."""
    like = request.GET.get("like", "")
    text = _json(queries.get_kind(like)) if like else documenting.EXAMPLE
    return _publish(
        request, {"expected": 0, "text": text}, "新建台账类别", trail(None, ("新建类别", "")), "/ledgers/"
    )


@officer_required(powers.PUBLISH)
def kind_publish(request: HttpRequest, code: str) -> HttpResponseBase:
    """``/ledgers/<code>/publish/``: publish the next version; entries that run keep theirs."""
    kind = queries.get_kind(code)
    begin = {"expected": kind.version.number, "text": _json(kind)}
    return _publish(
        request, begin, f"修订“{kind.row.name}”的定义", trail(kind, ("发布新版", "")),
        reverse("ledger_definition", args=[code]), code,
    )  # fmt: skip


def _publish(
    request: HttpRequest,
    begin: dict[str, Any],
    title: str,
    crumbs: list[dict[str, str]],
    cancel: str,
    code: str = "",
) -> HttpResponseBase:
    """Look first: 检查 says what is wrong or what would change; 发布 does it."""
    form = forms.DefinitionForm(request.POST or None, initial=begin)
    page: dict[str, Any] = {
        "title": title, "crumbs": crumbs, "cancel": cancel, "help": documenting.HELP, "code": code,
    }  # fmt: skip
    done: list[str] = []

    def act() -> str:
        found = actions.read_text(form.cleaned_data["text"])
        if code and found.code != code:
            raise actions.wrong_code(found.code, code)
        version = actions.publish_kind(
            value=definition.plain(found), expected=form.cleaned_data["expected"], note=form.cleaned_data["note"],
            by=scope_of(request).name, now=clock.now(),
        )  # fmt: skip
        done.append(found.code)
        return f"已发布“{found.name}”第 {version.number} 版；原有记录仍按登记时的版本。"

    if request.method == "POST" and "look" in request.POST and form.is_valid():
        try:
            found = actions.read_text(form.cleaned_data["text"])
            page["preview"] = documenting.preview(found, queries.get_kind(code) if code else None)
            page["preview_fields"] = listing(request, tables.FIELDS, documenting.fields(found))
        except Problem as problem:
            form.add_error("text", problem.message)
        return render(
            request, "ledgers/publish.html", page | {"form": form}, status=422 if form.errors else 200
        )
    return act_or_show(
        request, form, act, page, then=lambda: reverse("ledger_definition", args=[done[0]]),
        template="ledgers/publish.html",
    )  # fmt: skip
