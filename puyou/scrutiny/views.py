"""The page 证据: a visit's score, each reason in a sentence, what speaks for it, the way of that day."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.evidence import showing
from puyou.places import queries as places
from puyou.scrutiny import explaining, queries, trails, wording
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
        "proof": wording.proof_of(explained.measures) if explained else [],
        "files": showing.files_of(f"visit:{visit.pk}", by=cast(User, request.user), now=clock.now()),
    }
    return render(request, "scrutiny/detail.html", context)
