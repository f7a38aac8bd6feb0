"""Procedures as people read them: the diagram, who does what, legal bases, which cases run on which version."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.cases import definition, diagram, names, queries, rules, terms
from puyou.cases.models import ProcedureVersion
from puyou.cases.views.asking import actor_of
from puyou.core.tables import Column, Empty, Table, list_page

PROCEDURES = Table(
    code="procedures",
    title="办理程序",
    counter="个",
    columns=(
        Column("程序", "name", link=lambda row: f"/cases/procedures/{row.code}/", head=True),
        Column("版本", lambda row: row.versions.count(), format="count"),
        Column("办理中", "running", unit="件", format="count"),
    ),
    empty=Empty("还没有办理程序。", "装载参考数据时会发布产品自带的程序。"),
)


@officer_required("see", "system.see")
def procedure_list(request: HttpRequest) -> HttpResponseBase:
    """Every procedure, with how many cases in the reader's sight run on it."""
    rows = queries.list_procedures(Scope.public()).annotate(
        running=Count("versions__cases", filter=Q(versions__cases__closed_at=None) & _seen(request))
    )
    return list_page(request, PROCEDURES, rows, scope="全国")


def _seen(request: HttpRequest) -> Q:

    actor = actor_of(request)
    return Q(versions__cases__in=queries.list_cases(actor.scope, actor.user).values("pk"))


@officer_required("see", "system.see")
def procedure_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    """One version of a procedure: the published one unless ``?version=`` asks for another."""
    asked = request.GET.get("version", "")
    version = queries.get_version(
        Scope.public(), code, int(asked) if asked.isdecimal() and len(asked) < 6 else None
    )
    found = definition.read(version.definition)
    context = {
        "title": found.name,
        "version": version,
        "definition": found,
        "drawing": diagram.draw(found),
        "actions": [_row(found, action) for action in found.actions],
        "clocks": [
            {
                "clock": clock,
                "allowance": terms.spoken_term(clock.allowance),
                "extension": terms.spoken_term(clock.extension) if clock.extension else "",
            }
            for clock in found.clocks
        ],
        "versions": _versions(request, version),
    }
    return render(request, "cases/procedure.html", context)


def _row(found: definition.Definition, action: definition.Action) -> dict[str, object]:
    told, related = names.explanations(), names.relations()
    return {
        "action": action,
        "sources": "、".join(found.state(code).name for code in rules.sources_of(found, action)),
        "target": found.state(action.target).name if action.target else "不变",
        "who": "、".join(related[code].name for code in action.who),
        "guards": [told[code] for code in action.guards],
        "effects": [told[code] for code in action.effects],
    }


def _versions(request: HttpRequest, version: ProcedureVersion) -> list[dict[str, object]]:

    actor = actor_of(request)
    counts = dict(
        queries.list_cases(actor.scope, actor.user)
        .filter(version__procedure=version.procedure)
        .order_by()
        .values_list("version")
        .annotate(Count("pk"))
    )
    held = ProcedureVersion.objects.filter(procedure=version.procedure).order_by("-number")
    return [{"version": one, "cases": counts.get(one.pk, 0)} for one in held]
