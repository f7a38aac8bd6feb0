"""Couriers as the desk sees them: share of doubtful visits, what was decided, asked and appealed."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast

from puyou.accounts.scopes import Scope
from puyou.registry.models import Courier
from puyou.reviews import problems
from puyou.scrutiny import queries as scrutiny
from puyou.visits import listing
from puyou.visits.listing import DESK_DAYS
from puyou.visits.models import Visit


def recent(scope: Scope, today: date) -> QuerySet[Any, Any]:
    """The registered couriers' visits in scope of the last weeks that the desk looks back over, without names."""
    found = listing.list_visits(scope).filter(day__gt=today - timedelta(days=DESK_DAYS), day__lte=today)
    return found.filter(courier_id__gt=0).order_by()


def list_couriers(scope: Scope, today: date) -> QuerySet[Any, Any]:
    """Couriers with visits in scope: ``courier_id, courier_name, visits, doubtful, rejected, share``; worst first."""
    below = scrutiny.desk_score(today)
    grouped = (
        recent(scope, today)
        .values("courier_id", "courier_name")
        .annotate(
            visits=Count("pk"),
            doubtful=Count("pk", filter=Q(evidence_score__score__lt=below)),
            rejected=Count("pk", filter=Q(rejected=True)),
        )
    )
    shares = grouped.annotate(share=Cast(F("doubtful"), FloatField()) / F("visits"))
    ordered: QuerySet[Any, Any] = shares.order_by("-share", "-visits", "courier_id")
    return ordered


def get_courier(scope: Scope, pk: int) -> Courier:
    """A courier some of whose visits lie in scope; Problem when there is none."""
    found = Courier.objects.filter(pk=pk).first()
    if found is None or not listing.list_visits(scope).filter(courier_id=pk).exists():
        raise problems.UNKNOWN_COURIER()
    return found


def visits_of(scope: Scope, courier: Courier) -> QuerySet[Visit]:
    """A courier's visits in scope, newest first."""
    return listing.list_visits(scope).filter(courier_id=courier.pk)
