"""Screening visits on whole columns: the vector form of rules, and the one that decides."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.visits import rules
from puyou.visits.rules import MASK, Limits

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Masks = NDArray[np.int32]
SHIFTS = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))


@dataclass(frozen=True)
class Columns:
    """n visits as columns; the meaning of each is that of ``rules.Seen``. ``ids`` is uint8[n, 16]."""

    ids: NDArray[np.uint8]
    place: Ints
    day: Ints
    happened: Ints
    courier: Ints
    device: Ints
    lon: Floats
    lat: Floats
    accuracy: Floats
    label: Ints
    stop: Ints
    skew: Floats

    def __len__(self) -> int:
        return len(self.place)

    def take(self, rows: Any) -> "Columns":
        """The same columns for some rows (indexes or a mask)."""
        return Columns(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    @staticmethod
    def join(parts: "list[Columns]") -> "Columns":
        """Several sets of visits one after the other."""
        names = Columns.__dataclass_fields__
        return Columns(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def distances_m(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Great-circle distances in metres, element by element; NaN where a position is absent."""
    half_lat, half_lon = np.radians(other_lat - lat) / 2, np.radians(other_lon - lon) / 2
    chord = (
        np.sin(half_lat) ** 2
        + np.cos(np.radians(lat)) * np.cos(np.radians(other_lat)) * np.sin(half_lon) ** 2
    )
    found: Floats = 2 * rules.EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(chord)))
    return found


def judge_days(visits: Columns, limits: Limits) -> Masks:
    """The findings that depend on other visits of the same courier's or device's day, int32[n]."""
    masks = np.zeros(len(visits), np.int32)
    if not len(visits):
        return masks
    words = visits.ids.view(">u8").reshape(-1, 2)
    in_time = np.lexsort((words[:, 1], words[:, 0], visits.happened))
    for reporter in (visits.courier, visits.device):
        _judge_reporters(visits, reporter, in_time, limits, masks)
    _judge_clocks(visits, limits, masks)
    return masks


def _judge_reporters(visits: Columns, reporter: Ints, in_time: Ints, limits: Limits, masks: Masks) -> None:
    """Rows of each reporter's day in order of time, then each finding in turn."""
    rows = in_time[reporter[in_time] != 0]
    key = reporter[rows] * (1 << 20) + visits.day[rows]
    rows = rows[np.argsort(key, kind="stable")]
    group = _numbers(reporter[rows] * (1 << 20) + visits.day[rows])
    _mark(masks, rows[_repeats(group, visits.place[rows])], "second_of_day")
    placed = ~np.isnan(visits.lon[rows])
    _mark(masks, rows[placed][_moves(visits, rows[placed], group[placed], limits)], "implausible_speed")
    close = _close_rows(visits, rows[placed], group[placed], limits)
    if not len(close):
        return
    where = np.flatnonzero(placed)[close]
    concerned = np.isin(group, group[where])
    labels = np.zeros(len(rows), np.int64)
    labels[concerned] = _labels(visits, rows[concerned], group[concerned])
    survivors, of_group, served = rows[where], group[where], labels[where]
    same = _crowds([of_group, visits.lon[survivors], visits.lat[survivors]], served, 2)
    _mark(masks, survivors[same], "copied_position")
    for lat_shift, lon_shift in SHIFTS:
        band, column = _squares(visits.lon[survivors], visits.lat[survivors], lon_shift, lat_shift, limits)
        crowd = _crowds([of_group, band, column], served, limits.one_spot_villages)
        _mark(masks, survivors[crowd], "many_from_one_spot")


def _mark(masks: Masks, rows: Ints, finding: str) -> None:
    masks[rows] |= MASK[finding]


def _numbers(ordered: NDArray[Any]) -> Ints:
    """0, 1, 2 … for runs of equal values in an ordered array."""
    if not len(ordered):
        return np.zeros(0, np.int64)
    return np.concatenate(([0], np.cumsum(ordered[1:] != ordered[:-1])))


def _repeats(group: Ints, place: Ints) -> Ints:
    """Positions of rows whose place stood earlier in the same group; rows are in order of time within a group."""
    order = np.argsort(group * (1 << 32) + place, kind="stable")
    again = (group[order][1:] == group[order][:-1]) & (place[order][1:] == place[order][:-1])
    found: Ints = order[1:][again]
    return found


def _moves(visits: Columns, rows: Ints, group: Ints, limits: Limits) -> Ints:
    """Positions of rows that were reached too fast from the row before in the same group."""
    before, after = rows[:-1], rows[1:]
    accuracy = np.nan_to_num(visits.accuracy, nan=0.0) if len(rows) > len(visits) // 4 else None
    blur = (
        accuracy[before] + accuracy[after]
        if accuracy is not None
        else np.nan_to_num(visits.accuracy[before], nan=0.0) + np.nan_to_num(visits.accuracy[after], nan=0.0)
    )
    way = distances_m(visits.lon[before], visits.lat[before], visits.lon[after], visits.lat[after])
    way = way - blur - limits.one_spot_radius_m
    seconds = np.maximum((visits.happened[after] - visits.happened[before]) / 1_000_000, 1.0)
    fast = (group[1:] == group[:-1]) & (way * 3.6 > limits.implausible_speed_kmh * seconds)
    return np.flatnonzero(fast) + 1


def _close_rows(visits: Columns, rows: Ints, group: Ints, limits: Limits) -> Ints:
    """Positions of rows with a neighbour of the group so near in latitude that they might share a spot.

    A cheap first look: few real days pass it, and only those are counted by distinct villages.
    """
    lat = visits.lat[rows]
    order = np.lexsort((lat, group))
    near = (group[order][1:] == group[order][:-1]) & (
        np.diff(lat[order]) <= 2.000001 * limits.one_spot_radius_m / rules.DEGREE_M
    )
    touched = np.zeros(len(rows), bool)
    touched[order[1:][near]] = True
    touched[order[:-1][near]] = True
    return np.flatnonzero(touched)


def _labels(visits: Columns, rows: Ints, group: Ints) -> Ints:
    """What each row served: rows of one stop in a group share the stop's smallest label."""
    label, stop = visits.label[rows].copy(), visits.stop[rows]
    stopped = np.flatnonzero(stop != 0)
    if len(stopped):
        order = stopped[np.lexsort((stop[stopped], group[stopped]))]
        new = (group[order][1:] != group[order][:-1]) | (stop[order][1:] != stop[order][:-1])
        starts = np.concatenate(([0], np.flatnonzero(new) + 1))
        sizes = np.diff(np.concatenate((starts, [len(order)])))
        label[order] = np.repeat(np.minimum.reduceat(label[order], starts), sizes)
    return label


def _squares(
    lon: Floats, lat: Floats, lon_shift: float, lat_shift: float, limits: Limits
) -> tuple[Floats, Floats]:
    side = 2 * limits.one_spot_radius_m / rules.DEGREE_M
    band = np.floor(lat / side + lat_shift)
    narrow = np.cos(np.radians((band + 0.5 - lat_shift) * side))
    return band, np.floor(lon * narrow / side + lon_shift)


def _crowds(keys: list[NDArray[Any]], served: Ints, least: int) -> Ints:
    """Positions of rows whose key (all ``keys`` together) has at least ``least`` distinct ``served``."""
    order = np.lexsort((served, *keys))
    new_key = np.ones(len(order), bool)
    new_key[1:] = False
    for key in keys:
        new_key[1:] |= key[order][1:] != key[order][:-1]
    new_pair = new_key.copy()
    new_pair[1:] |= served[order][1:] != served[order][:-1]
    number = np.cumsum(new_key) - 1
    distinct = np.bincount(number, weights=new_pair).astype(np.int64)
    found: Ints = order[distinct[number] >= least]
    return found


def _judge_clocks(visits: Columns, limits: Limits, masks: Masks) -> None:
    """Device days whose middle skew is beyond the limit, and device days of several couriers."""
    alone = (visits.device == 0) & (np.abs(visits.skew) > limits.skew_seconds)
    _mark(masks, np.flatnonzero(alone), "clock_skew")
    rows = np.flatnonzero(visits.device != 0)
    if not len(rows):
        return
    key = visits.device[rows] * (1 << 20) + visits.day[rows]
    order = np.lexsort((visits.skew[rows], key))
    rows, key = rows[order], key[order]
    starts = np.concatenate(([0], np.flatnonzero(key[1:] != key[:-1]) + 1))
    sizes = np.diff(np.concatenate((starts, [len(rows)])))
    middle = visits.skew[rows][starts + (sizes - 1) // 2]
    _mark(masks, rows[np.repeat(np.abs(middle) > limits.skew_seconds, sizes)], "clock_skew")
    courier = visits.courier[rows]
    highest = np.iinfo(np.int64).max
    least = np.minimum.reduceat(np.where(courier == 0, highest, courier), starts)
    most = np.maximum.reduceat(np.where(courier == 0, -highest, courier), starts)
    _mark(masks, rows[np.repeat((least < most), sizes)], "shared_device")


@dataclass(frozen=True)
class Circumstances:
    """What each visit alone is judged by: columns beside ``Columns``, of the same length.

    ``received`` in microseconds since 1970, or None when it is not known (imports); ``point_lon``/``point_lat`` of the
    nearest reference (NaN when there is none), ``firm`` when that point is confirmed or learnt; ``area_class`` 0–3;
    ``withdrawn`` and ``nothing_today`` None when none is.
    """

    received: Ints | None
    distance: Floats
    firm: Bools
    area_class: Ints
    known_courier: Bools
    known_device: Bools
    device_of_another: Bools
    off_round: Bools
    withdrawn: Bools | None = None
    nothing_today: Bools | None = None


def judge_alone(visits: Columns, around: Circumstances, limits: Limits) -> Masks:
    """The findings that need no other visit, int32[n]."""
    masks = np.zeros(len(visits), np.int32)
    blur = np.nan_to_num(visits.accuracy, nan=0.0)
    far = around.distance - blur > np.asarray(limits.too_far_m)[around.area_class]
    tests = {
        "too_far": far & around.firm,
        "far_from_reference": far & ~around.firm,
        "no_position": np.isnan(visits.lon),
        "coarse_position": visits.accuracy > limits.coarse_accuracy_m,
        "clock_1970": visits.day < rules.CLOCK_UNSET_BEFORE_DAY,
        "unknown_courier": ~around.known_courier,
        "unknown_device": ~around.known_device,
        "device_of_another": around.device_of_another,
        "off_round": around.off_round,
    }
    if around.received is not None:
        tests["stale"] = (around.received - visits.happened) > limits.stale_hours * 3_600_000_000
    if around.withdrawn is not None:
        tests["withdrawn"] = around.withdrawn
    if around.nothing_today is not None and not limits.nothing_today_counts:
        tests["nothing_not_counted"] = around.nothing_today
    for code, found in tests.items():
        masks |= found.astype(np.int32) * MASK[code]
    return masks
