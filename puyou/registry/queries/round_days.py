"""Reading a day's rounds: what one courier has to do, and who is expected where in a county."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from puyou.accounts.models import in_force
from puyou.accounts.scopes import Scope
from puyou.places.models import Place
from puyou.registry import tours
from puyou.registry.models import (
    Courier,
    DeliveryPointVillage,
    Leave,
    Round,
    RoundCourier,
    RoundVillage,
    Village,
    VillageTag,
)
from puyou.registry.queries import visible
from puyou.registry.queries.points import points_for
from puyou.registry.tours import Position, Walk


@dataclass(frozen=True)
class SharedPoint:
    """A delivery point on the day, and all villages that it serves."""

    id: int
    code: str
    name: str
    kind: str
    lon: float | None
    lat: float | None
    place_ids: tuple[int, ...]


@dataclass(frozen=True)
class RoundStop:
    """A village on a courier's day. ``lon``/``lat``: where it receives its mail, None when nobody knows.

    ``substitute_for`` is the regular courier's id when this courier stands in (0: the round has no regular one);
    ``mode`` is point or household, empty when not said.
    """

    place_id: int
    code: str
    name: str
    township: str
    lon: float | None
    lat: float | None
    point: SharedPoint | None
    round_id: int
    round_number: str
    order: int
    planned: bool
    substitute_for: int | None
    substitute_for_name: str
    mode: str
    has_tag: bool


@dataclass(frozen=True)
class RoundDay:
    """A courier's day: ``rows`` in the order to walk, today's villages before the others of his rounds."""

    courier_id: int
    on: date
    on_leave: bool
    rows: tuple[RoundStop, ...]


@dataclass(frozen=True)
class RoundWalk:
    """A courier on a round on a day, and the villages where he is expected."""

    courier_id: int
    courier_number: str
    courier_name: str
    substitute: bool
    on_leave: bool
    place_ids: tuple[int, ...]


@dataclass(frozen=True)
class RoundOn:
    """A round on a day: villages of its timetable in order, who walks it, and those where nobody is expected."""

    round_id: int
    number: str
    name: str
    planned: tuple[int, ...]
    walks: tuple[RoundWalk, ...]
    uncovered: tuple[int, ...]


def round_of(courier_id: int, on: date) -> RoundDay:
    """What a courier has to do on a day: timetable, substitutions and leave considered."""
    own = RoundCourier.objects.filter(in_force(on), courier_id=courier_id)
    rounds = sorted(set(own.values_list("round_id", flat=True)))
    walks, stops = _walks(rounds, on), _stops(rounds, on)
    names = _couriers({walk.courier_id for each in walks.values() for walk in each})
    chosen: dict[int, tuple[RoundVillage, bool, Walk | None]] = {}
    for stop in stops:
        crew = walks.get(stop.round_id, [])
        mine = [walk for walk in crew if walk.courier_id == courier_id and walk.covers(stop.place_id)]
        if not mine:
            continue
        here = [walk for walk in tours.expected(stop.place_id, crew) if walk.courier_id == courier_id]
        planned = bool(here) and tours.is_running(stop.weekdays, on)
        standing_in = any(walk.substitute for walk in here or mine)
        regular = tours.replaced(stop.place_id, crew) if standing_in else None
        if stop.place_id not in chosen or (planned and not chosen[stop.place_id][1]):
            chosen[stop.place_id] = stop, planned, (regular or Walk(0, 0)) if standing_in else None
    away = Leave.objects.filter(in_force(on), courier_id=courier_id).exists()
    return RoundDay(courier_id, on, away, tuple(_rows(chosen, names, on)))


def _rows(
    chosen: dict[int, tuple[RoundVillage, bool, Walk | None]], names: dict[int, Courier], on: date
) -> Iterable[RoundStop]:
    places = list(chosen)
    points, positions = _shared(places, on), _positions(places, on)
    modes = dict(Village.objects.filter(place__in=places).values_list("place_id", "access_mode"))
    tagged = set(VillageTag.objects.filter(in_force(on), place__in=places).values_list("place_id", flat=True))
    orders = {place: stop.order for place, (stop, _, _) in chosen.items()}
    for planned in (True, False):
        asked = [place for place in places if chosen[place][1] == planned]
        for number, place in enumerate(tours.tour(asked, orders, positions), start=1):
            stop, _, regular = chosen[place]
            position = positions[place]
            whom = names.get(regular.courier_id) if regular else None
            yield RoundStop(
                place, stop.place.code, stop.place.name, stop.place.parent.name if stop.place.parent else "",
                position[0] if position else None, position[1] if position else None, points.get(place),
                stop.round_id, stop.round.number, number, planned, regular.courier_id if regular else None,
                whom.name if whom else "", modes.get(place, ""), place in tagged,
            )  # fmt: skip


def rounds_on(scope: Scope, place: Place, on: date) -> list[RoundOn]:
    """The rounds in scope that have villages under a place on a day, by number, with who is expected where."""
    here = RoundVillage.objects.filter(
        in_force(on), place__path__gte=place.path, place__path__lt=place.path + "{"
    )
    rounds = list(
        Round.objects.filter(visible.rounds(scope), pk__in=here.values("round_id")).order_by("number")
    )
    ids = [each.pk for each in rounds]
    walks, stops = _walks(ids, on), _stops(ids, on)
    names = _couriers({walk.courier_id for each in walks.values() for walk in each})
    running: dict[int, list[RoundVillage]] = {}
    for stop in stops:
        if tours.is_running(stop.weekdays, on):
            running.setdefault(stop.round_id, []).append(stop)
    positions = _positions([stop.place_id for each in running.values() for stop in each], on)
    return [
        _round_on(each, running.get(each.pk, []), walks.get(each.pk, []), names, positions) for each in rounds
    ]


def _round_on(
    round_: Round,
    stops: list[RoundVillage],
    walks: list[Walk],
    names: dict[int, Courier],
    positions: dict[int, Position | None],
) -> RoundOn:
    orders = {stop.place_id: stop.order for stop in stops}
    planned = tours.tour(list(orders), orders, positions)
    crews = {place: tours.expected(place, walks) for place in planned}
    told = tuple(
        RoundWalk(
            walk.courier_id, names[walk.courier_id].number, names[walk.courier_id].name, walk.substitute, walk.away,
            tuple(place for place in planned if walk in crews[place]),
        )
        for walk in walks
    )  # fmt: skip
    return RoundOn(
        round_.pk,
        round_.number,
        round_.name,
        tuple(planned),
        told,
        tuple(each for each in planned if not crews[each]),
    )


def _walks(rounds: list[int], on: date) -> dict[int, list[Walk]]:
    """Every assignment in force on these rounds, with leave."""
    rows = RoundCourier.objects.filter(in_force(on), round__in=rounds).prefetch_related("part").order_by("id")
    crew = list(rows)
    away = set(
        Leave.objects.filter(in_force(on), courier__in=[row.courier_id for row in crew]).values_list(
            "courier_id", flat=True
        )
    )
    found: dict[int, list[Walk]] = {}
    for row in crew:
        part = None if row.whole else frozenset(each.place_id for each in row.part.all())
        walk = Walk(row.pk, row.courier_id, row.substitute, part, row.courier_id in away)
        found.setdefault(row.round_id, []).append(walk)
    return found


def _stops(rounds: list[int], on: date) -> list[RoundVillage]:
    rows = RoundVillage.objects.filter(in_force(on), round__in=rounds).select_related(
        "place__parent", "round"
    )
    return list(rows.order_by("place__path", "id"))


def _couriers(ids: set[int]) -> dict[int, Courier]:
    return Courier.objects.in_bulk(list(ids))


def _positions(places: list[int], on: date) -> dict[int, Position | None]:
    """Where each village receives its mail: its point, else the division's own position."""
    points = points_for(np.array(places, np.int64), on)
    found: dict[int, Position | None] = {}
    for place, lon, lat in zip(places, points.lon.tolist(), points.lat.tolist(), strict=True):
        found[place] = None if np.isnan(lon) else (lon, lat)
    lacking = [place for place, position in found.items() if position is None]
    rows = Place.objects.filter(pk__in=lacking).values_list("id", "lon", "lat")
    for identifier, east, north in rows:
        found[identifier] = None if east is None or north is None else (east, north)
    return found


def _shared(places: list[int], on: date) -> dict[int, SharedPoint]:
    """The delivery point of each village (the lowest id when several serve it), with all that share it."""
    serving = DeliveryPointVillage.objects.filter(in_force(on))
    mine = list(serving.filter(place__in=places).select_related("point").order_by("-point_id"))
    members: dict[int, list[int]] = {}
    rows = serving.filter(point__in={row.point_id for row in mine}).order_by("place_id")
    for point, place in rows.values_list("point_id", "place_id"):
        members.setdefault(point, []).append(place)
    return {
        row.place_id: SharedPoint(
            row.point_id, row.point.code, row.point.name, row.point.kind, row.point.lon, row.point.lat,
            tuple(dict.fromkeys(members[row.point_id])),
        )
        for row in mine
    }  # fmt: skip
