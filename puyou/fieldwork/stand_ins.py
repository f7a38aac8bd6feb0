"""Leave and substitution at the desk: whom one may choose, what is current or coming, and doing both at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.fieldwork import problems
from puyou.places.models import Place
from puyou.registry import actions as registry_actions
from puyou.registry import queries as registry
from puyou.registry.models import Courier, Leave, Round, RoundCourier, RoundVillage

RUN = "fieldwork.run"
MOST = 60


@dataclass(frozen=True)
class Candidate:
    """A courier who may be chosen; ``planned``: villages that are his on the day, None when unknown."""

    courier: Courier
    rounds: str
    planned: int
    away: bool


@dataclass(frozen=True)
class OwnRound:
    """A round that a courier walks as the regular one, with its villages."""

    round: Round
    villages: list[RoundVillage]


def list_candidates(
    scope: Scope, place: Place, on: date, text: str = "", without: int = 0
) -> list[Candidate]:
    """Couriers who walk under a place on a day or belong to it, those with least to do first."""
    planned: dict[int, int] = {}
    names: dict[int, list[str]] = {}
    away: set[int] = set()
    for one in registry.rounds_on(scope, place, on):
        for walk in one.walks:
            planned[walk.courier_id] = planned.get(walk.courier_id, 0) + len(walk.place_ids)
            names.setdefault(walk.courier_id, []).append(one.name or one.number)
            away |= {walk.courier_id} if walk.on_leave else set()
    office = Q(organisation__place__path__gte=place.path, organisation__place__path__lt=place.path + "{")
    rows = registry.list_couriers(scope, on).filter(in_force(on), office | Q(pk__in=planned))
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(number__startswith=text))
    found = [
        Candidate(row, "、".join(names.get(row.pk, ())), planned.get(row.pk, 0), row.pk in away)
        for row in rows.exclude(pk=without).distinct()
    ]
    return sorted(found, key=lambda each: (each.away, each.planned, each.courier.number))[:MOST]


def own_rounds(courier: Courier, on: date) -> list[OwnRound]:
    """The rounds that a courier, got in scope, walks as the regular one, with villages in force."""
    walks = RoundCourier.objects.filter(in_force(on), courier=courier, substitute=False)
    rounds = Round.objects.filter(pk__in=walks.values("round_id")).order_by("number")
    return [
        OwnRound(
            each,
            list(
                RoundVillage.objects.filter(in_force(on), round=each)
                .select_related("place", "place__parent")
                .order_by(F("order").asc(nulls_last=True), "place__path")
            ),
        )
        for each in rounds
    ]


def list_substitutions(scope: Scope, place: Place, on: date) -> QuerySet[RoundCourier]:
    """Substitutions in scope that are current or coming, by their first day."""
    rows = registry.list_round_couriers(scope, substitute=True)
    here = RoundVillage.objects.filter(place__path__gte=place.path, place__path__lt=place.path + "{")
    return (
        rows.filter(Q(valid_to=None) | Q(valid_to__gt=on), round__in=here.values("round_id"))
        .exclude(valid_to=F("valid_from"))
        .prefetch_related("part__place")
        .order_by("valid_from", "round__number", "id")
    )


def list_leaves(scope: Scope, on: date) -> QuerySet[Leave]:
    """Leaves of couriers in scope that are current or coming, by their first day."""
    couriers = registry.list_couriers(scope, on).values("pk")
    rows = Leave.objects.filter(courier__in=couriers, valid_to__gt=on).exclude(valid_to=F("valid_from"))
    return rows.select_related("courier").order_by("valid_from", "courier__number")


@transaction.atomic
def arrange(
    *,
    courier: Courier,
    substitute: Courier | None,
    chosen: Sequence[int],
    leave: bool,
    ground: str,
    valid_from: date,
    valid_to: date,
    scope: Scope,
    now: datetime,
) -> tuple[Leave | None, list[RoundCourier]]:
    """Leave and the substitution of the chosen villages (by place id) at once, or neither.

    A round whose villages are all chosen is taken whole, so that villages added later are taken too.
    Problems: nothing to do; a village outside; those of the registry's own actions.
    """
    rounds = own_rounds(courier, valid_from)
    require_run(scope, (village.place for own in rounds for village in own.villages))
    if not leave and (substitute is None or not chosen):
        raise problems.NOTHING_ARRANGED()
    made, taken = [], None
    if leave:
        taken = registry_actions.take_leave(
            courier=courier, valid_from=valid_from, valid_to=valid_to, ground=ground, by=scope.name, now=now
        )
    for own in rounds if substitute is not None else ():
        part = [village.place for village in own.villages if village.place_id in set(chosen)]
        if part and substitute is not None:
            made.append(
                registry_actions.substitute(
                    round_=own.round,
                    courier=substitute,
                    villages=None if len(part) == len(own.villages) else part,
                    valid_from=valid_from,
                    valid_to=valid_to,
                    by=scope.name,
                    now=now,
                )
            )
    return taken, made


def require_run(scope: Scope, places: Iterable[Place]) -> None:
    """Refuse whoever may not run the field at one of the places."""
    for place in places:
        scope.require(place.path, RUN)
