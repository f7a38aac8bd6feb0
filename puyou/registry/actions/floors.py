"""Comparing duties with the floor that standards set for their area class and place."""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.places import queries as places
from puyou.registry import rules
from puyou.registry.arrays import AREA_CLASSES
from puyou.registry.models import Duty
from puyou.standards import queries as standards

EPOCH = date(1970, 1, 1).toordinal()
Columns = dict[str, NDArray[Any]]


def below_floor(fresh: Columns, today: date) -> NDArray[np.bool_]:
    """bool[D]: which duties ask less than the floor in force today, or on their day nearest to today.

    ``fresh`` has the columns place, area, count, span, first, until (NaT = open).
    """
    count = len(fresh["place"])
    below = np.zeros(count, np.bool_)
    if not count:
        return below
    open_end = np.datetime64("9999-12-31")
    last = np.where(np.isnat(fresh["until"]), open_end, fresh["until"]).astype("datetime64[D]") - 1
    days = np.clip(np.datetime64(today, "D"), fresh["first"].astype("datetime64[D]"), last)
    areas, paths = np.array(AREA_CLASSES), ["", *standards.override_paths("delivery_floor")]
    area = np.argmax(fresh["area"].astype("U16")[:, None] == areas, axis=1)
    keys = np.stack([area, days.astype(np.int64), _nearest_override(fresh["place"], paths)])
    distinct, which = _distinct(keys)
    floors = np.array(
        [_floor(str(areas[a]), date.fromordinal(EPOCH + int(day)), paths[p]) for a, day, p in distinct.T]
    )
    asked = np.where(fresh["span"] == "day", rules.DAYS_IN_WEEK, 1) * fresh["count"].astype(np.int64)
    return asked < floors[which]


def _distinct(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The distinct columns of ``keys`` and which of them each column is."""
    low = keys.min(axis=1, keepdims=True)
    sizes = (keys.max(axis=1) - low[:, 0] + 1).tolist()
    packed = np.ravel_multi_index(tuple(keys - low), sizes)
    values, which = np.unique(packed, return_inverse=True)
    return np.stack(np.unravel_index(values, sizes)) + low, which


def _nearest_override(place_ids: NDArray[Any], paths: list[str]) -> NDArray[np.int64]:
    """For each village which of ``paths`` (wider first) is the nearest above it."""
    tree = places.current_tree()
    position = tree.position(place_ids)
    found = np.zeros(len(place_ids), np.int64)
    for number, path in enumerate(paths[1:], start=1):
        inside = tree.under(path)
        found[(position >= inside.start) & (position < inside.stop)] = number
    return found


def _floor(area_class: str, day: date, path: str) -> float:
    """The floor in times a week; 0 when no version is in force."""
    value = standards.find_value("delivery_floor", day, area_class, path)
    return rules.weekly(value.number, value.unit == "per day") if value else 0.0


def is_duty_below_floor(duty: Duty, today: date) -> bool:
    """The same for one duty that is not saved yet."""
    day = max(duty.valid_from, min(today, duty.valid_to or today))
    floor = _floor(duty.area_class, day, duty.place.path)
    return rules.weekly(duty.times, duty.period == Duty.Period.DAY) < floor
