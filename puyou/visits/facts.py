"""What the registry and the standards knew on a day, fetched for a whole batch of visits at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from puyou.standards import queries as standards
from puyou.visits import screening
from puyou.visits.batches import SOURCES, Batch
from puyou.visits.dated import FOREVER, Dated
from puyou.visits.models import Source
from puyou.visits.rules import AREA_CLASSES, CLOCK_UNSET_BEFORE_DAY, Limits
from puyou.visits.screening import Circumstances, Columns

EPOCH = date(1970, 1, 1)
PAPER = SOURCES.index(Source.PAPER)  # a slip comes from no device
RURAL = AREA_CLASSES.index("rural")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DATES = f"valid_from - DATE '1970-01-01', coalesce(valid_to - DATE '1970-01-01', {FOREVER})"
POINTS = f"""SELECT place_id, {DATES}, lon, lat, standing <> 'reference'
    FROM registry_villagepoint WHERE place_id = ANY(%s) ORDER BY id"""
SHARED = f"""SELECT v.place_id, {DATES}, p.id, p.lon, p.lat
    FROM registry_deliverypointvillage v JOIN registry_deliverypoint p ON p.id = v.point_id
    WHERE v.place_id = ANY(%s) ORDER BY p.id DESC"""
AREAS = f"SELECT place_id, {DATES}, area_class FROM registry_duty WHERE place_id = ANY(%s) ORDER BY id"
BINDINGS = f"SELECT device_id, {DATES}, courier_id FROM registry_devicebinding WHERE device_id = ANY(%s)"
COURIER_ROUNDS = f"""SELECT courier_id, {DATES}, round_id, CASE WHEN whole THEN 0 ELSE id END
    FROM registry_roundcourier WHERE courier_id = ANY(%s)"""
PARTS = """SELECT t.assignment_id, t.place_id FROM registry_roundcouriervillage t
    JOIN registry_roundcourier c ON c.id = t.assignment_id WHERE c.courier_id = ANY(%s)"""
VILLAGE_ROUNDS = f"SELECT place_id, {DATES}, round_id FROM registry_roundvillage WHERE place_id = ANY(%s)"


@dataclass(frozen=True, eq=False)
class Register:
    """Dated registry facts about some villages, couriers and devices; the values stand beside each ``Dated``."""

    points: Dated
    point_lon: Floats
    point_lat: Floats
    point_firm: NDArray[np.bool_]
    shared: Dated
    shared_id: Ints
    shared_lon: Floats
    shared_lat: Floats
    areas: Dated
    area_class: Ints
    bindings: Dated
    bound_to: Ints
    courier_rounds: Dated
    courier_round: Ints
    courier_part: Ints  # the assignment where it is a part of the round, 0 where it is the whole
    part_keys: Ints  # (assignment, village) pairs of parts
    village_rounds: Dated
    village_round: Ints


def read_register(places: NDArray[Any], couriers: NDArray[Any], devices: NDArray[Any]) -> Register:
    """Read what is known about distinct ids (negative and 0 are nobody)."""
    points, lon, lat, firm = _rows(POINTS, places, 3)
    shared, shared_id, shared_lon, shared_lat = _rows(SHARED, places, 3)
    areas, classes = _rows(AREAS, places, 1)
    bindings, bound_to = _rows(BINDINGS, devices, 1)
    courier_rounds, courier_round, courier_part = _rows(COURIER_ROUNDS, couriers, 2)
    village_rounds, village_round = _rows(VILLAGE_ROUNDS, places, 1)
    return Register(
        points, _floats(lon), _floats(lat), np.array(firm, bool),
        shared, _ints(shared_id), _floats(shared_lon), _floats(shared_lat),
        areas, _ints([AREA_CLASSES.index(each) for each in classes]),
        bindings, _ints(bound_to), courier_rounds, _ints(courier_round), _ints(courier_part), _parts(couriers),
        village_rounds, _ints(village_round),
    )  # fmt: skip


def _rows(sql: str, ids: NDArray[Any], values: int) -> tuple[Any, ...]:
    wanted = np.asarray(ids)
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted[wanted > 0].tolist()])
        columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * (3 + values)
    return (Dated.of(_ints(columns[0]), _ints(columns[1]), _ints(columns[2])), *columns[3:])


def _parts(couriers: NDArray[Any]) -> Ints:
    wanted = np.asarray(couriers)
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [wanted[wanted > 0].tolist()])
        rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
    return _pair(rows[:, 0], rows[:, 1])


def _pair(assignment: Ints, place: Ints) -> Ints:
    return np.asarray((assignment << 24) | place)  # place ids stay below 36**4 < 2**24


def _ints(values: Any) -> Ints:
    return np.array(values, np.int64)


def _floats(values: Any) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def shared_points(register: Register, place: Ints, day: Ints) -> Ints:
    """The delivery point that serves each village on its day (the lowest id when several do), 0 when none."""
    lowest = np.zeros(len(place), np.int64)
    for rows in register.shared.each(place, day):
        held = rows >= 0
        numbers = np.where(held, register.shared_id[rows], 0)
        lowest = np.where(held & ((lowest == 0) | (numbers < lowest)), numbers, lowest)
    return lowest


def circumstances(register: Register, batch: Batch) -> Circumstances:
    """What each visit alone is judged by."""
    visits = batch.seen
    distance, firm = _nearest(register, visits)
    areas = register.areas.latest(visits.place, visits.day)
    area = np.where(areas >= 0, register.area_class[areas], RURAL) if len(register.area_class) else None
    return Circumstances(
        received=batch.received if batch.timely else None,
        distance=distance,
        firm=firm,
        area_class=np.full(len(visits), RURAL) if area is None else area,
        known_courier=visits.courier > 0,
        known_device=(visits.device > 0) | ((visits.device == 0) & (batch.source == PAPER)),
        device_of_another=_is_of_another(register, visits),
        off_round=_is_off_round(register, visits, batch.round_id),
        withdrawn=batch.withdrawn,
        nothing_today=batch.nothing_today,
    )


def _nearest(register: Register, visits: Columns) -> tuple[Floats, NDArray[np.bool_]]:
    """Metres to the village's own point, and whether that point is firm (confirmed or learnt).

    A firm point goes before a mere reference. A delivery point that serves the village and lies nearer shortens the
    distance, but never makes a point firm: it can clear a visit, not condemn it.
    """
    own = register.points.latest(visits.place, visits.day)
    distance, firm = np.full(len(visits), np.nan), np.zeros(len(visits), bool)
    for wanted in (False, True):
        for rows in register.points.each(visits.place, visits.day):
            holds = (rows >= 0) & (register.point_firm[rows] == wanted)
            own = np.where(holds, rows, own)
    if len(register.point_lon):
        held = own >= 0
        distance = np.where(held, _metres(visits, register.point_lon[own], register.point_lat[own]), np.nan)
        firm = held & register.point_firm[own]
    for rows in register.shared.each(visits.place, visits.day):
        away = np.where(
            rows >= 0, _metres(visits, register.shared_lon[rows], register.shared_lat[rows]), np.nan
        )
        distance = np.fmin(distance, away)
    return distance, firm


def _metres(visits: Columns, lon: Floats, lat: Floats) -> Floats:
    return screening.distances_m(visits.lon, visits.lat, lon, lat)


def _is_of_another(register: Register, visits: Columns) -> NDArray[np.bool_]:
    bound, own = np.zeros(len(visits), bool), np.zeros(len(visits), bool)
    for rows in register.bindings.each(visits.device, visits.day):
        bound |= rows >= 0
        own |= (rows >= 0) & (register.bound_to[rows] == visits.courier)
    return np.asarray(bound & ~own & (visits.courier != 0))


def _is_off_round(register: Register, visits: Columns, round_id: Ints) -> NDArray[np.bool_]:
    """The courier has rounds that day and none has the village, or the round that was named has it not.

    A substitute's part of a round has the villages that he took, no others.
    """
    has_round, on_round = np.zeros(len(visits), bool), np.zeros(len(visits), bool)
    on_named = round_id == 0
    villages = register.village_rounds.each(visits.place, visits.day)
    for rows in villages:
        on_named |= (rows >= 0) & (register.village_round[rows] == round_id)
    for mine in register.courier_rounds.each(visits.courier, visits.day):
        has_round |= mine >= 0
        part = register.courier_part[mine]
        taken = (part == 0) | np.isin(_pair(part, visits.place), register.part_keys)
        for rows in villages:
            both = (mine >= 0) & (rows >= 0) & taken
            on_round |= both & (register.courier_round[mine] == register.village_round[rows])
    return np.asarray((has_round & ~on_round) | ~on_named)


def limits_on(days: Sequence[int]) -> list[Limits]:
    """The thresholds in force on each day (days since 1970; a clock that was never set is judged by the oldest)."""
    dates = [date.fromordinal(EPOCH.toordinal() + max(int(day), CLOCK_UNSET_BEFORE_DAY)) for day in days]

    def numbers(code: str, area_class: str = "") -> list[float]:
        return [value.number for value in standards.values_by_week(code, dates, area_class)]

    columns = zip(
        zip(*(numbers("too_far_m", area) for area in AREA_CLASSES), strict=True),
        numbers("implausible_speed_kmh"),
        numbers("one_spot_radius_m"),
        map(int, numbers("one_spot_villages")),
        numbers("coarse_accuracy_m"),
        numbers("stale_hours"),
        numbers("skew_seconds"),
        [_counts_nothing(day) for day in dates],
        strict=True,
    )
    return [Limits(*column) for column in columns]


def _counts_nothing(day: date) -> bool:
    """Whether a visit without mail counts: it does where no rule says otherwise."""
    rule = standards.find_value("nothing_today_counts", day)
    return rule is None or rule.value != "no"
