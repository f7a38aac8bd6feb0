"""Lists and single rows for pages, always in scope."""

from datetime import date

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry import problems
from puyou.registry.models import (
    Courier,
    DeliveryPoint,
    DeliveryPointVillage,
    Device,
    DeviceBinding,
    Duty,
    Round,
    RoundCourier,
    RoundVillage,
    Village,
    VillagePoint,
)
from puyou.registry.queries import visible

FIRMNESS = Case(
    When(standing="confirmed", then=0),
    When(standing="learnt", then=1),
    default=2,
    output_field=IntegerField(),
)


def list_villages(scope: Scope, place: Place, on: date) -> QuerySet[Village]:
    """Villages under a place that ever had a duty, with what holds on a day.

    Annotated: ``duty_class, duty_times, duty_period, duty_below, point_standing, round_id, round_number,
    courier_name``; each None where there is nothing.
    """
    below = Q(place__path__gte=place.path, place__path__lt=place.path + "{")
    duty = Duty.objects.filter(in_force(on), place=OuterRef("place_id")).order_by("-below_floor", "id")
    point = VillagePoint.objects.filter(in_force(on), place=OuterRef("place_id")).order_by(FIRMNESS)
    stop = RoundVillage.objects.filter(in_force(on), place=OuterRef("place_id")).order_by("id")
    walker = RoundCourier.objects.filter(
        Q(whole=True) | Q(part__place=OuterRef("place_id")),
        in_force(on),
        in_force(on, "round__villages__"),
        round__villages__place=OuterRef("place_id"),
    ).order_by("-substitute", "id")
    return (
        Village.objects.filter(below, scope.q("place__path"))
        .select_related("place", "place__parent")
        .annotate(
            duty_class=Subquery(duty.values("area_class")[:1]),
            duty_times=Subquery(duty.values("times")[:1]),
            duty_period=Subquery(duty.values("period")[:1]),
            duty_below=Subquery(duty.values("below_floor")[:1]),
            point_standing=Subquery(point.values("standing")[:1]),
            round_id=Subquery(stop.values("round_id")[:1]),
            round_number=Subquery(stop.values("round__number")[:1]),
            courier_name=Subquery(walker.values("courier__name")[:1]),
        )
    )


def get_village(scope: Scope, code: str) -> Place:
    """A level-5 place in scope by its code; Problem otherwise."""
    place = places.get_place(code)
    if place.level != 5:
        raise problems.NOT_A_VILLAGE(name=place.name)
    scope.require(place.path)
    return place


def list_village_points(scope: Scope, place_id: int) -> QuerySet[VillagePoint]:
    """All points a village had, newest first."""
    found = VillagePoint.objects.filter(scope.q("place__path"), place_id=place_id)
    return found.order_by("-valid_from", "-id")


def list_village_rounds(scope: Scope, place_id: int) -> QuerySet[RoundVillage]:
    """All rounds a village was on, newest first."""
    found = RoundVillage.objects.filter(scope.q("place__path"), place_id=place_id)
    return found.select_related("round").order_by("-valid_from", "-id")


def list_village_delivery_points(scope: Scope, place_id: int) -> QuerySet[DeliveryPointVillage]:
    """All delivery points a village was served through, newest first."""
    found = DeliveryPointVillage.objects.filter(scope.q("place__path"), place_id=place_id)
    return found.select_related("point").order_by("-valid_from", "-id")


def list_couriers(scope: Scope, on: date) -> QuerySet[Courier]:
    """Couriers in scope, with ``device_identifier`` and ``round_number`` of a day."""
    device = DeviceBinding.objects.filter(in_force(on), courier=OuterRef("pk")).order_by("id")
    walks = RoundCourier.objects.filter(in_force(on), courier=OuterRef("pk")).order_by("id")
    return (
        Courier.objects.filter(visible.couriers(scope))
        .select_related("organisation")
        .annotate(
            device_identifier=Subquery(device.values("device__identifier")[:1]),
            round_number=Subquery(walks.values("round__number")[:1]),
        )
    )


def get_courier(scope: Scope, pk: int) -> Courier:
    """A courier in scope; Problem otherwise."""
    found = Courier.objects.filter(visible.couriers(scope), pk=pk).select_related("organisation").first()
    if found is None:
        raise problems.UNKNOWN_COURIER()
    return found


def list_devices(scope: Scope, on: date) -> QuerySet[Device]:
    """Devices in scope, with who holds them on a day (``courier_id``, ``courier_name``)."""
    held = DeviceBinding.objects.filter(in_force(on), device=OuterRef("pk")).order_by("id")
    found = Device.objects.filter(pk__in=Device.objects.filter(visible.devices(scope)).values("pk"))
    return found.annotate(
        courier_id=Subquery(held.values("courier_id")[:1]),
        courier_name=Subquery(held.values("courier__name")[:1]),
    )


def get_device(scope: Scope, pk: int) -> Device:
    """A device in scope; Problem otherwise."""
    found = Device.objects.filter(visible.devices(scope), pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_DEVICE()
    return found


def list_bindings(scope: Scope, **of: object) -> QuerySet[DeviceBinding]:
    """Who held what when, newest first; ``of`` is ``courier=…`` or ``device=…``, got in scope."""
    couriers = Courier.objects.filter(visible.couriers(scope)).values("pk")
    found = DeviceBinding.objects.filter(courier_id__in=couriers, **of)
    return found.select_related("device", "courier").order_by("-valid_from", "-id")


def list_rounds(scope: Scope, on: date) -> QuerySet[Round]:
    """Rounds in scope, with ``courier_name`` and ``village_count`` of a day."""
    walker = RoundCourier.objects.filter(in_force(on), round=OuterRef("pk"), whole=True)
    walker = walker.order_by("-substitute", "id")
    stops = RoundVillage.objects.filter(in_force(on), round=OuterRef("pk")).order_by().values("round")
    return (
        Round.objects.filter(visible.rounds(scope))
        .select_related("organisation")
        .annotate(
            courier_name=Subquery(walker.values("courier__name")[:1]),
            village_count=Subquery(stops.annotate(n=Count("*")).values("n")),
        )
    )


def get_round(scope: Scope, pk: int) -> Round:
    """A round in scope; Problem otherwise."""
    found = Round.objects.filter(visible.rounds(scope), pk=pk).select_related("organisation").first()
    if found is None:
        raise problems.UNKNOWN_ROUND()
    return found


def list_round_villages(scope: Scope, round_: Round) -> QuerySet[RoundVillage]:
    """The villages of a round that lie in scope, with their spans."""
    found = RoundVillage.objects.filter(scope.q("place__path"), round=round_)
    return found.select_related("place", "place__parent").order_by("place__path", "id")


def list_round_couriers(scope: Scope, **of: object) -> QuerySet[RoundCourier]:
    """Who walked which round when; ``of`` is ``courier=…`` or ``round=…``, which the caller got in scope."""
    found = RoundCourier.objects.filter(round__in=Round.objects.filter(visible.rounds(scope)), **of)
    return found.select_related("round", "courier").order_by("-valid_from", "-id")


def list_delivery_points(scope: Scope, on: date) -> QuerySet[DeliveryPoint]:
    """Delivery points in scope, with how many villages they serve on a day (``village_count``)."""
    served = (
        DeliveryPointVillage.objects.filter(in_force(on), point=OuterRef("pk")).order_by().values("point")
    )
    found = DeliveryPoint.objects.filter(visible.delivery_points(scope))
    return found.annotate(village_count=Subquery(served.annotate(n=Count("*")).values("n")))


def get_delivery_point(scope: Scope, pk: int) -> DeliveryPoint:
    """A delivery point in scope; Problem otherwise."""
    found = DeliveryPoint.objects.filter(visible.delivery_points(scope), pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_POINT()
    return found


def list_point_villages(scope: Scope, point: DeliveryPoint) -> QuerySet[DeliveryPointVillage]:
    """The villages in scope that a delivery point serves or served."""
    found = DeliveryPointVillage.objects.filter(scope.q("place__path"), point=point)
    return found.select_related("place", "place__parent").order_by("place__path", "id")
