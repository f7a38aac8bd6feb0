"""Reading draws, items in scope with what holds of them, and what a draw says of the fabricated share."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, DateField, IntegerField, OuterRef, Q, QuerySet, Subquery

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.audits import estimates, problems
from puyou.audits.estimates import Estimate, Quality, Stratum
from puyou.audits.models import AuditDraw, AuditItem, AuditResult
from puyou.core.periods import day_of
from puyou.places.models import Place
from puyou.registry.models import Courier
from puyou.standards import queries as standards

RECORD = "audits.record"
Outcome = AuditResult.Outcome


@dataclass(frozen=True)
class Row:
    """The estimate of one province, or of everything that was drawn from."""

    code: str  # two digits; empty for the whole
    name: str
    estimate: Estimate


@dataclass(frozen=True)
class Findings:
    """All that a draw says: by province, in all, and how the score did."""

    whole: Row
    provinces: list[Row]
    strata: list[Stratum]
    names: dict[str, str]  # of provinces, by their two digits
    quality: Quality
    confidence: float
    enough: int


def list_draws(scope: Scope) -> QuerySet[Any, Any]:
    """Draws at places in scope, or above it (their items in scope are to be checked); the latest first.

    Rows carry ``items_count`` and ``checked``: how many have a result.
    """
    inside = scope.q("place__path", RECORD)
    above = Q(place__path__in=[p[:end] for p in scope.paths(RECORD) for end in range(0, len(p), 4)])
    rows = AuditDraw.objects.filter(inside | above).select_related("place", "repeats")
    return rows.annotate(
        items_count=Count("items", distinct=True),
        checked=Count("items", filter=Q(items__results__isnull=False), distinct=True),
    ).order_by("-frozen_at", "-pk")


def get_draw(scope: Scope, pk: int) -> AuditDraw:
    """One draw that lies in scope whole; Problem when there is none or parts of it lie outside."""
    draw = AuditDraw.objects.select_related("place", "repeats").filter(pk=pk).first()
    if draw is None or not scope.covers(draw.place.path, RECORD):
        raise problems.UNKNOWN_DRAW()
    return draw


def list_items(scope: Scope) -> QuerySet[Any, Any]:
    """Items at villages in scope with the result that holds: ``outcome``, ``method``, ``checked_on``, ``result_id``."""
    latest = AuditResult.objects.filter(item=OuterRef("pk")).order_by("-pk")
    rows = AuditItem.objects.filter(scope.q("place__path", RECORD)).select_related("place", "courier", "draw")
    return rows.annotate(
        outcome=Subquery(latest.values("outcome")[:1], output_field=CharField()),
        method=Subquery(latest.values("method")[:1], output_field=CharField()),
        checked_on=Subquery(latest.values("checked_on")[:1], output_field=DateField()),
        result_id=Subquery(latest.values("pk")[:1], output_field=IntegerField()),
    ).order_by("place__path", "pk")


def list_waiting(scope: Scope, user: User) -> QuerySet[Any, Any]:
    """Items in scope that nobody has checked yet, apart from a person's own visits."""
    own = Courier.objects.filter(user=user)
    return list_items(scope).filter(outcome=None).exclude(courier__in=own)


def get_item(scope: Scope, pk: int) -> Any:
    """One item in scope, annotated as in the list; Problem when there is none."""
    found = list_items(scope).filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_ITEM()
    return found


def findings_of(scope: Scope, draw: AuditDraw) -> Findings:
    """The estimates of a draw, by the rules of the day on which it was frozen."""
    day = day_of(draw.frozen_at)
    confidence = standards.get_value("audit_confidence", day).number
    enough = int(standards.get_value("audit_enough", day).number)
    strata = _strata(scope, draw)
    names = {place.code[:2]: place.name for place in Place.objects.filter(level=1, valid_to=None)}
    codes = sorted({stratum.name[:2] for stratum in strata})
    provinces = [
        Row(
            code,
            names.get(code, code),
            estimates.estimate([s for s in strata if s.name[:2] == code], confidence, enough),
        )
        for code in codes
    ]
    whole = Row("", draw.place.name, estimates.estimate(strata, confidence, enough))
    return Findings(whole, provinces, strata, names, estimates.quality(strata, enough), confidence, enough)


def _strata(scope: Scope, draw: AuditDraw) -> list[Stratum]:
    counted: dict[tuple[str, str | None], int] = {}
    rows = list_items(scope).filter(draw=draw).order_by().values_list("stratum", "outcome")
    for stratum, outcome in rows:
        counted[stratum, outcome] = counted.get((stratum, outcome), 0) + 1
    return [
        Stratum(
            name, held, taken, counted.get((name, Outcome.REFUTED), 0), counted.get((name, Outcome.CONFIRMED), 0),
            "-risky-" in name,
        )
        for name, (held, taken) in sorted(draw.strata.items())
    ]  # fmt: skip
