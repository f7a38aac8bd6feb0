"""Excuses in scope: for the list, the approval page and the village page."""

from django.db.models import Q, QuerySet

from puyou.accounts.scopes import Scope
from puyou.compliance import problems
from puyou.compliance.models import Excuse, Hindrance


def list_excuses(scope: Scope, status: str | None = None) -> QuerySet[Excuse]:
    """Excuses at places in scope, newest first; an operator's people see their own company's only."""
    found = Excuse.objects.filter(_visible(scope)).select_related(
        "place", "applicant", "proposed_by", "decided_by"
    )
    return (found.filter(status=status) if status else found).order_by("-proposed_at", "-id")


def count_excuses(scope: Scope, status: str | None = None) -> int:
    """How many ``list_excuses`` would list."""
    return list_excuses(scope, status).count()


def get_excuse(scope: Scope, pk: int) -> Excuse:
    """One excuse in scope; a problem when there is none."""
    excuse = list_excuses(scope).filter(pk=pk).first()
    if excuse is None:
        raise problems.UNKNOWN_EXCUSE()
    return excuse


def list_hindrances(scope: Scope, excuse: Excuse) -> list[Hindrance]:
    """Who reported an excuse that the caller may see from the field, first one first."""
    found = Hindrance.objects.filter(excuse=excuse).select_related("courier__organisation", "device")
    return list(found.order_by("happened_at", "envelope_id"))


def _visible(scope: Scope) -> Q:
    if scope.everything:
        return Q()
    visible = Q(pk__in=())
    for grip in scope.grips:
        if "see" in grip.permissions:
            inside = Q(place__path__gte=grip.path, place__path__lt=grip.path + "{")
            visible |= (
                inside if grip.organisation_id is None else inside & Q(applicant_id=grip.organisation_id)
            )
    return visible
