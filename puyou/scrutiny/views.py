"""The page 证据: a visit's score, each reason in a sentence, what speaks for it, the way of that day."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.places import queries as places
from puyou.scrutiny import explaining, queries, trails
from puyou.scrutiny.models import Score
from puyou.visits import queries as visits
from puyou.visits.views import chain


@officer_required("see")
def evidence_detail(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """``/scrutiny/<visit id>/``: why a visit has its score."""
    scope = cast(Scope, request.scope)  # type: ignore[attr-defined]
    visit = visits.get_visit(scope, identifier)
    place = places.get_places([visit.place_id])[visit.place_id]
    explained = explaining.explain(visit)
    context: dict[str, Any] = {
        "visit": visit,
        "place": place,
        "place_chain": chain(scope, place),
        "explained": explained,
        "threshold": queries.desk_score(visit.day),
        "trail": trails.lay_out(scope, explained.trail, visit) if explained else None,
        "stored": Score.objects.filter(visit_id=visit.pk, day=visit.day).first(),
    }
    return render(request, "scrutiny/detail.html", context)
