"""Reading scores for pages and for the rooms above."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from puyou.accounts.scopes import Scope
from puyou.core.periods import Week
from puyou.places.models import Place
from puyou.scrutiny import rules
from puyou.scrutiny.explaining import Explained, explain
from puyou.scrutiny.models import Score
from puyou.scrutiny.rules import Reason
from puyou.scrutiny.weightings import get_weights
from puyou.standards import queries as standards
from puyou.visits import queries as visits

__all__ = ["Explained", "described", "desk_score", "explain", "get_weights", "list_risky", "scores_of"]


def scores_of(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, Score]:
    """The scores of visits in scope by id; a visit that was not scored yet, or lies outside, is left out."""
    found = Score.objects.filter(visit_id__in=list(ids))
    if not scope.everything:
        covered = Place.objects.filter(scope.q(), level=5)
        found = found.filter(place_id__in=covered.values("pk"))
    return {score.visit_id: score for score in found}


def desk_score(on: date) -> int:
    """The score below which a visit goes to the desk (dated rule ``desk_score``)."""
    return int(standards.get_value("desk_score", on).number)


def list_risky(
    scope: Scope, place: Place | None = None, week: Week | None = None, threshold: int | None = None
) -> QuerySet[Any, Any]:
    """Visits in scope whose score lies below ``threshold`` (None: all that have one), the riskiest first.

    Rows as of ``visits.list_visits``, with ``score``, ``reasons`` (mask: ``described``) and ``rule_version``.
    """
    found: QuerySet[Any, Any] = visits.list_visits(scope, place, week)
    found = found.filter(evidence_score__day=F("day"))
    if week is not None:
        found = found.filter(evidence_score__day__range=(week.monday, week.sunday))
    if threshold is not None:
        found = found.filter(evidence_score__score__lt=threshold)
    marked: QuerySet[Any, Any] = found.annotate(
        score=F("evidence_score__score"),
        reasons=F("evidence_score__reasons"),
        rule_version=F("evidence_score__rule_version"),
    ).order_by("score", "-day", "-happened_at", "-id")
    return marked


def described(reasons: int) -> list[Reason]:
    """The reasons of a mask, contradictions first, what supports last."""
    return rules.describe(reasons)
