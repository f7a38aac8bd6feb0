"""A courier's day as a table of stops and a small drawing of the way."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, isnan, radians
from typing import Any
from uuid import UUID

from puyou.accounts.scopes import Scope
from puyou.places import queries as places
from puyou.visits.models import Visit
from puyou.visits.rules import DEGREE_M, distance_m

WIDTH, HEIGHT, EDGE = 320.0, 200.0, 16.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stop:
    """One visit of the day: where, when, how far and how fast from the one before; ``x``, ``y`` on the drawing.

    ``name`` is empty and there is no position where the scope does not reach.
    """

    number: int
    id: UUID
    name: str
    at: datetime
    metres: float | None
    kmh: float | None
    here: bool
    seen: bool
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True)
class Trail:
    """The stops, and the points of the line that joins those with a position."""

    stops: list[Stop]
    line: str
    width: float = WIDTH
    height: float = HEIGHT


def lay_out(scope: Scope, rows: list[dict[str, Any]], visit: Visit) -> Trail:
    """The day's stops in order, those outside the scope named as such and not drawn."""
    known = places.get_places([row["place_id"] for row in rows])
    seen = [row["place_id"] in known and scope.covers(known[row["place_id"]].path) for row in rows]
    drawn = [row for row, may in zip(rows, seen, strict=True) if may and not isnan(row["lon"])]
    at = dict(zip((row["id"] for row in drawn), _scaled(drawn), strict=True))
    stops, before = [], None
    for number, (row, may) in enumerate(zip(rows, seen, strict=True), 1):
        placed = row["id"] in at
        metres, kmh = _way(before, row) if placed and before else (None, None)
        x, y = at.get(row["id"], (None, None))
        name = known[row["place_id"]].name if may else "管辖范围以外"
        moment = EPOCH + timedelta(microseconds=row["happened"])
        stops.append(
            Stop(number, UUID(row["id"]), name, moment, metres, kmh, UUID(row["id"]) == visit.pk, may, x, y)
        )
        before = row if placed else before
    line = " ".join(f"{stop.x:.1f},{stop.y:.1f}" for stop in stops if stop.x is not None)
    return Trail(stops, line)


def _way(before: dict[str, Any], row: dict[str, Any]) -> tuple[float, float | None]:
    metres = distance_m(before["lon"], before["lat"], row["lon"], row["lat"])
    seconds = (row["happened"] - before["happened"]) / 1_000_000
    return metres, metres / seconds * 3.6 if seconds > 0 else None


def _scaled(rows: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """Positions as points of the drawing, north up, one scale both ways."""
    if not rows:
        return []
    narrow = cos(radians(rows[0]["lat"]))
    east = [row["lon"] * DEGREE_M * narrow for row in rows]
    north = [row["lat"] * DEGREE_M for row in rows]
    wide, high = max(east) - min(east), max(north) - min(north)
    scale = min((WIDTH - 2 * EDGE) / max(wide, 1.0), (HEIGHT - 2 * EDGE) / max(high, 1.0))
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    return [
        (round(left + (x - min(east)) * scale, 1), round(top + (max(north) - y) * scale, 1))
        for x, y in zip(east, north, strict=True)
    ]
