"""Reading where villages receive their mail, and which villages share a delivery point."""

from datetime import date
from typing import Any

import numpy as np

from puyou.accounts.models import in_force
from puyou.core.copying import copy_out
from puyou.registry.arrays import STANDINGS, Points
from puyou.registry.models import DeliveryPointVillage
from puyou.registry.queries import spans

STANDING_NUMBER = " ".join(f"WHEN '{code}' THEN {number}" for number, code in enumerate(STANDINGS))
TYPES = {"place": "int8", "standing": "int2", "lon": "float8", "lat": "float8"}
MANY = 5000  # beyond so many villages reading the whole table costs less than naming them


def points_for(place_ids: Any, day: date) -> Points:
    """The best point of each village on a day: confirmed, else learnt, else reference; in the ids' order."""
    wanted = np.asarray(place_ids, np.int64)
    named = None if len(wanted) > MANY else np.unique(wanted).tolist()
    found = copy_out(
        f"SELECT place_id::int8, (CASE standing {STANDING_NUMBER} END)::int2, lon, lat"
        f" FROM registry_villagepoint WHERE {spans.touches(day, day)} AND {spans.among('place_id', named)}",
        TYPES,
    )
    order = np.lexsort((found["standing"], found["place"]))
    places = found["place"][order]
    at = np.searchsorted(places, wanted, "right") - 1
    known = (at >= 0) & (len(places) > 0)
    known[known] = places[at[known]] == wanted[known]
    rows = order[at[known]]
    points = Points(
        np.full(len(wanted), np.nan), np.full(len(wanted), np.nan), np.zeros(len(wanted), np.uint8)
    )
    points.lon[known], points.lat[known] = found["lon"][rows], found["lat"][rows]
    points.standing[known] = found["standing"][rows]
    return points


def shared_points(day: date) -> dict[int, tuple[int, ...]]:
    """Village id → ids of the delivery points (接转点) that serve it on a day."""
    serving: dict[int, list[int]] = {}
    rows = DeliveryPointVillage.objects.filter(in_force(day)).order_by("point_id")
    for place, point in rows.values_list("place_id", "point_id"):
        serving.setdefault(place, []).append(point)
    return {place: tuple(points) for place, points in serving.items()}
