"""Appeals in scope, those that wait first."""

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, When

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.registry.models import Courier
from puyou.reviews.models import Appeal, RejectionProposal


def list_appeals(scope: Scope) -> QuerySet[Any, Any]:
    """Appeals about visits in scope: those that wait first, the oldest of them before all."""
    rank = Case(When(decision=None, then=0), default=1, output_field=IntegerField())
    rows = Appeal.objects.filter(scope.q("place__path")).annotate(rank=rank)
    return rows.select_related("place", "courier", "review__by", "decision__by").order_by(
        "rank", "received_at", "pk"
    )


def list_for(scope: Scope, user: User) -> QuerySet[Any, Any]:
    """The waiting appeals that a person may decide: took part in neither step of the rejection, nor is the courier."""
    proposed = RejectionProposal.objects.filter(proposed_by=user, review__isnull=False).values("review")
    waiting = list_appeals(scope).filter(decision=None)
    return (
        waiting.exclude(review__by=user)
        .exclude(review__in=proposed)
        .exclude(courier__in=Courier.objects.filter(user=user))
    )
