"""Lists of visits for pages: in scope only, with the names a reader needs, findings in words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from puyou.accounts.scopes import Scope
from puyou.core.periods import Week
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.models import Courier, Device
from puyou.visits import problems, rules
from puyou.visits.models import Review, Source, Stranger, Visit, VisitDetail, Withdrawal

DESK_DAYS = 28  # the desk looks four weeks back unless a week is asked for
MANY = 1000


@dataclass(frozen=True)
class WaitingCount:
    """How many visits wait, how many of them do not count, and whether there are more than were counted."""

    total: int
    stopped: int
    more: bool


def list_visits(scope: Scope, place: Place | None = None, week: Week | None = None) -> QuerySet[Visit]:
    """Visits in scope, of a place and everything below it, of a week; newest first.

    Rows carry ``place_name``, ``place_code``, ``courier_name``, ``device_name``, and the latest review's ``decision``.
    """
    found = Visit.objects.all()
    if place is not None and place.level == 5:
        scope.require(place.path)
        found = found.filter(place_id=place.pk)
    else:
        found = _inside(found, scope, place)
    if week is not None:
        found = found.filter(day__range=(week.monday, week.sunday))
    return _named(found).order_by("-day", "-happened_at", "-id")


def list_waiting(
    scope: Scope, place: Place | None = None, week: Week | None = None, today: date | None = None
) -> QuerySet[Any, Any]:
    """Visits nobody has reviewed yet though something about them is grave or doubtful: the desk's queue.

    Of a week, or of the last ``DESK_DAYS`` days; gravest first, then newest. Rows carry ``gravity`` (2 does not count,
    1 doubtful) beside the names of ``list_visits``.
    """
    found: QuerySet[Any, Any] = graded(list_visits(scope, place, week)).filter(rejected=False)
    found = found.annotate(gone=F("findings").bitand(rules.MASK["withdrawn"])).filter(gone=0)
    if week is None and today is not None:
        found = found.filter(day__gt=today - timedelta(days=DESK_DAYS), day__lte=today)
    reviewed = Review.objects.filter(visit_id=OuterRef("pk"))
    waiting: QuerySet[Any, Any] = found.exclude(Exists(reviewed)).order_by(
        "-gravity", "-day", "-happened_at", "-id"
    )
    return waiting


def graded(found: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Visits with a grave or doubtful finding, marked with their ``gravity``."""
    asked = found.annotate(grave=F("findings").bitand(rules.GRAVE)).filter(grave__gt=0)
    stops = asked.annotate(stops=F("findings").bitand(rules.STOPPING))
    gravity = Case(When(stops__gt=0, then=2), default=1, output_field=IntegerField())
    marked: QuerySet[Any, Any] = stops.annotate(gravity=gravity)
    return marked


def count_waiting(scope: Scope, place: Place | None, week: Week | None, today: date) -> WaitingCount:
    """How many visits wait at the desk; counts no further than ``MANY``."""
    found = list_waiting(scope, place, week, today).values_list("gravity", flat=True)[: MANY + 1]
    gravities = list(found)
    return WaitingCount(min(len(gravities), MANY), gravities[:MANY].count(2), len(gravities) > MANY)


def _inside(found: QuerySet[Visit], scope: Scope, place: Place | None) -> QuerySet[Visit]:
    if scope.everything and place is None:
        return found
    covered = Place.objects.filter(scope.q(), level=5)
    if place is not None:
        covered = covered.filter(path__startswith=place.path)
    return found.filter(place_id__in=covered.values("pk"))


def _named(found: QuerySet[Visit]) -> QuerySet[Visit]:
    return found.annotate(
        place_name=_one(Place.objects.filter(pk=OuterRef("place_id")), "name"),
        place_code=_one(Place.objects.filter(pk=OuterRef("place_id")), "code"),
        courier_name=Coalesce(
            _one(Courier.objects.filter(pk=OuterRef("courier_id")), "name"),
            _one(Stranger.objects.filter(pk=-1 * OuterRef("courier_id")), "text"),
            Value("未说明"),
        ),
        device_name=Coalesce(
            _one(Device.objects.filter(pk=OuterRef("device_id")), "identifier"),
            _one(Stranger.objects.filter(pk=-1 * OuterRef("device_id")), "text"),
            Value("未说明"),
        ),
        decision=_one(Review.objects.filter(visit_id=OuterRef("pk")).order_by("-id"), "decision"),
    )


def _one(rows: QuerySet[Any], field: str) -> Subquery:
    return Subquery(rows.values(field)[:1], output_field=CharField())


def count_visits(scope: Scope, place: Place, first: date, last: date) -> int:
    """How many visits a place had from ``first`` to ``last`` (both included)."""
    return _inside(Visit.objects.filter(day__range=(first, last)), scope, place).count()


def get_visit(scope: Scope, identifier: UUID) -> Visit:
    """One visit in scope, named as in ``list_visits``; Problem when there is none or it lies outside."""
    found = _named(Visit.objects.filter(pk=identifier)).first()
    if found is None:
        raise problems.UNKNOWN_VISIT()
    scope.require(places.get_places([found.place_id])[found.place_id].path)
    return found


def list_reviews(scope: Scope, visit: Visit) -> list[Review]:
    """What people decided about a visit that the caller may see, latest first."""
    return list(Review.objects.filter(visit_id=visit.pk).select_related("by").order_by("-id"))


def list_withdrawals(scope: Scope, visit: Visit) -> list[Withdrawal]:
    """What took back a visit that the caller may see, and what was tried, first one first."""
    found = Withdrawal.objects.filter(visit_id=visit.pk).order_by("at", "envelope_id")
    return list(found.filter(holds__isnull=False))


def get_detail(scope: Scope, visit: Visit) -> VisitDetail | None:
    """What a visit that the caller may see said beyond place and time; None when it said nothing."""
    return VisitDetail.objects.filter(pk=visit.pk, day=visit.day).first()


def list_position_shares(scope: Scope, today: date, days: int = 28) -> QuerySet[Any, Any]:
    """Per courier in scope: visits of the last days and the share of them without position, largest share first.

    Rows: ``courier_id, courier_name, visits, without, share`` (0 to 1). Rule: standards ``no_position_share``.
    """
    found = _inside(Visit.objects.filter(day__gt=today - timedelta(days=days), day__lte=today), scope, None)
    named = (
        found.filter(courier_id__gt=0)
        .exclude(source=Source.PAPER)
        .annotate(courier_name=_one(Courier.objects.filter(pk=OuterRef("courier_id")), "name"))
    )
    return (
        named.values("courier_id", "courier_name")
        .annotate(visits=Count("pk"), without=Count("pk", filter=Q(lon=None)))
        .annotate(share=Cast(F("without"), FloatField()) / F("visits"))
        .order_by("-share", "-visits", "courier_id")
    )
