"""Reading cards and their revisions: a card is for everybody inside, a revision for whom its place is, or for all."""

from django.db.models import Q, QuerySet

from puyou.accounts.scopes import Scope
from puyou.reports import problems
from puyou.reports.models import Card, CardRevision

HEAVY = ("content", "pdf", "image")


def list_cards(scope: Scope) -> QuerySet[Card]:
    """Every card: it holds no figures, so it may be read for any place that somebody has."""
    return Card.objects.select_related("place").order_by("title", "code")


def get_card(scope: Scope, code: str) -> Card:
    """One card; Problem (404) when unknown."""
    found = list_cards(scope).filter(code=code).first()
    if found is None:
        raise problems.UNKNOWN_CARD(code=code[:40])
    return found


def list_revisions(scope: Scope) -> QuerySet[CardRevision]:
    """Published cards of places in scope, and those for everybody, latest first; without their files."""
    found = CardRevision.objects.filter(_readable(scope)).select_related("card", "place", "by")
    return found.defer("pdf", "image").order_by("-at", "-id")


def get_revision(scope: Scope, pk: int) -> CardRevision:
    """One published card with its files; Problem (404) when unknown or not to be read."""
    found = CardRevision.objects.filter(_readable(scope)).select_related("card", "place", "by")
    revision = found.filter(pk=pk).first()
    if revision is None:
        raise problems.UNKNOWN_REVISION()
    return revision


def public_revisions() -> QuerySet[CardRevision]:
    """What everybody may read: the newest revision of each card, place and period."""
    newest = CardRevision.objects.order_by("card", "place", "period", "-number").distinct(
        "card", "place", "period"
    )
    found = CardRevision.objects.filter(pk__in=newest.values("pk"), public=True)
    return found.select_related("card", "place").defer("pdf", "image").order_by("-at", "-id")


def newest_of(revision: CardRevision) -> int:
    """The number of the newest revision of the same card, place and period."""
    same = CardRevision.objects.filter(card=revision.card, place=revision.place, period=revision.period)
    return same.order_by("-number").values_list("number", flat=True)[0]


def _readable(scope: Scope) -> Q:
    if scope.everything:
        return Q()
    found = Q(public=True)
    for path in scope.paths("see"):
        found |= Q(place__path__gte=path, place__path__lt=path + "{")
    return found
