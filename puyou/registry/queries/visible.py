"""Which registry rows a scope may see: what stands in its places, and for an operator only its own people."""

from collections.abc import Callable

from django.db.models import Q

from puyou.accounts.scopes import Scope
from puyou.core import steady
from puyou.places.models import Place
from puyou.registry.models import DeliveryPointVillage, RoundCourier, RoundVillage

GENERATIONS = 4  # an operator's tree: nation, province, city, county


def whole(scope: Scope) -> bool:
    """Whether the scope holds the nation for no particular operator."""
    if scope.everything:
        return True
    root = steady.once("nation", _root)
    return bool(root) and any(
        grip.path == root and grip.organisation_id is None and "see" in grip.permissions
        for grip in scope.grips
    )


def _root() -> str:
    """The nation's path; empty before any place is known."""
    return Place.objects.filter(level=0, valid_to=None).values_list("path", flat=True).first() or ""


def rounds(scope: Scope) -> Q:
    """Condition on Round."""
    return Q() if whole(scope) else _by_grips(scope, _round_in)


def couriers(scope: Scope) -> Q:
    """Condition on Courier: walks a round in scope, or belongs to an office in scope."""
    return Q() if whole(scope) else _by_grips(scope, _courier_in)


def devices(scope: Scope) -> Q:
    """Condition on Device: was ever in the hands of a visible courier."""
    if whole(scope):
        return Q()
    condition = Q(pk__in=())
    for grip in scope.grips:
        if "see" in grip.permissions:
            walkers = _courier_in(grip.path, "bindings__courier__") & _own(
                grip.organisation_id, "bindings__courier__"
            )
            condition |= walkers
    return condition


def delivery_points(scope: Scope) -> Q:
    """Condition on DeliveryPoint: serves a village in scope."""
    if whole(scope):
        return Q()
    served = DeliveryPointVillage.objects.filter(scope.q("place__path"))
    return Q(pk__in=served.values("point_id"))


def _by_grips(scope: Scope, inside: Callable[[str, str], Q]) -> Q:
    condition = Q(pk__in=())
    for grip in scope.grips:
        if "see" in grip.permissions:
            condition |= inside(grip.path, "") & _own(grip.organisation_id, "")
    return condition


def _under(path: str, field: str) -> Q:
    return Q(**{f"{field}__gte": path, f"{field}__lt": path + "{"})


def _round_in(path: str, prefix: str) -> Q:
    here = RoundVillage.objects.filter(_under(path, "place__path")).values("round_id")
    return Q(**{f"{prefix}pk__in": here}) | _under(path, f"{prefix}organisation__place__path")


def _courier_in(path: str, prefix: str) -> Q:
    here = RoundVillage.objects.filter(_under(path, "place__path")).values("round_id")
    walking = RoundCourier.objects.filter(round_id__in=here).values("courier_id")
    return Q(**{f"{prefix}pk__in": walking}) | _under(path, f"{prefix}organisation__place__path")


def _own(organisation_id: int | None, prefix: str) -> Q:
    """An operator sees its own tree's rows, and those of the default operator that name none."""
    if organisation_id is None:
        return Q()
    condition = Q(**{f"{prefix}organisation": None})
    for generation in range(GENERATIONS):
        condition |= Q(**{f"{prefix}organisation" + "__parent" * generation: organisation_id})
    return condition
