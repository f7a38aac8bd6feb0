"""Judging who is expected where on a day, and in which order villages are walked: pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, hypot, inf, radians

Position = tuple[float, float]


@dataclass(frozen=True)
class Walk:
    """An assignment in force on the day: ``part`` None stands for the whole round; ``away``: on leave that day."""

    id: int
    courier_id: int
    substitute: bool = False
    part: frozenset[int] | None = None
    away: bool = False

    def covers(self, place: int) -> bool:
        """Whether the village is among those that were taken on."""
        return self.part is None or place in self.part


def is_running(weekdays: int, on: date) -> bool:
    """Whether a timetable (bit 0 is Monday) runs on a day (班期)."""
    return bool(weekdays >> on.weekday() & 1)


def expected(place: int, walks: Collection[Walk]) -> list[Walk]:
    """Who is expected in a village of a round: substitutes who took it, else the regular couriers; nobody on leave."""
    covering = [walk for walk in walks if walk.covers(place) and not walk.away]
    standing_in = [walk for walk in covering if walk.substitute]
    return standing_in or covering


def replaced(place: int, walks: Collection[Walk]) -> Walk | None:
    """The regular courier whom a substitute stands in for; None when the round has none."""
    regular = [walk for walk in walks if not walk.substitute and walk.covers(place)]
    return min(regular, key=lambda walk: walk.id, default=None)


def tour(
    places: Sequence[int], orders: Mapping[int, int | None], positions: Mapping[int, Position | None]
) -> list[int]:
    """Villages in the order that was laid down; the others follow, each the nearest to the one before.

    Those without a position come last. Ties keep the order in which they were given.
    """
    laid: list[tuple[int, int]] = []
    others: list[int] = []
    for place in places:
        order = orders.get(place)
        if order is None:
            others.append(place)
        else:
            laid.append((order, place))
    found = [place for _, place in sorted(laid, key=lambda each: each[0])]
    placed = [place for place in others if positions.get(place) is not None]
    here = next((positions[place] for place in reversed(found) if positions.get(place)), None)
    while placed:
        nearest = placed[0] if here is None else min(placed, key=lambda place: _away(positions[place], here))
        placed.remove(nearest)
        found.append(nearest)
        here = positions[nearest]
    return found + [place for place in others if positions.get(place) is None]


def _away(position: Position | None, here: Position | None) -> float:
    """Flat distance in degrees of latitude: enough to compare neighbours."""
    if position is None or here is None:
        return inf
    return hypot((position[0] - here[0]) * cos(radians(here[1])), position[1] - here[1])
