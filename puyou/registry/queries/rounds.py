"""Reading rounds: which courier serves which villages, and which villages are connected at all."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.core.copying import copy_out
from puyou.places.arrays import Tree
from puyou.registry.arrays import Bools, RoundMembership, day_numbers
from puyou.registry.queries import spans

TAKEN = (  # a substitute may have taken only a part of a round
    "(c.whole OR EXISTS (SELECT 1 FROM registry_roundcouriervillage t"
    " WHERE t.assignment_id = c.id AND t.place_id = v.place_id))"
)


def rounds_for(courier_ids: Iterable[int] | None, first: date, last: date) -> RoundMembership:
    """The villages on the rounds of couriers (None: all) on ``[first, last]``, substitutes counted."""
    found = copy_out(
        "SELECT c.courier_id, v.place_id::int8, greatest(c.valid_from, v.valid_from),"
        f" least({spans.end('c.')}, {spans.end('v.')})"
        " FROM registry_roundcourier c JOIN registry_roundvillage v USING (round_id)"
        f" WHERE {spans.touches(first, last, 'c.')} AND {spans.touches(first, last, 'v.')}"
        f" AND {spans.among('c.courier_id', courier_ids)} AND {TAKEN}",
        {"courier": "int8", "place": "int8", "first": "date", "until": "date"},
    )
    return RoundMembership(
        found["courier"], found["place"], day_numbers(found["first"]), day_numbers(found["until"])
    )


def enrolled_weeks(tree: Tree, mondays: Sequence[date]) -> Bools:
    """bool[V, W]: whether a village is, on some day of a week, on a round whose courier holds a device."""
    enrolled = np.zeros((len(tree), len(mondays)), np.bool_)
    if not mondays:
        return enrolled
    first, last = min(mondays), max(mondays) + timedelta(days=6)
    crews = _crews(first, last)
    stops = copy_out(
        f"SELECT round_id, place_id::int8, valid_from, {spans.end()} FROM registry_roundvillage"
        f" WHERE {spans.touches(first, last)}",
        {"round": "int8", "place": "int8", "first": "date", "until": "date"},
    )
    parts = _parts(first, last)
    position, taken = tree.position(stops["place"]), tree.position(parts["place"])
    rounds = int(max(stops["round"].max(initial=0), crews["round"].max(initial=0))) + 1
    for at, monday in enumerate(mondays):
        manned = np.zeros(rounds, np.bool_)
        manned[crews["round"][_in_week(crews, monday)]] = True
        here = _in_week(stops, monday) & (position >= 0) & manned[stops["round"]]
        enrolled[position[here], at] = True
        enrolled[taken[_in_week(parts, monday) & (taken >= 0)], at] = True
    return enrolled


def enrolled_on(tree: Tree, monday: date) -> Bools:
    """bool[V]: ``enrolled_weeks`` of one week; where it is false the reason for a miss is 未接入."""
    return enrolled_weeks(tree, [monday])[:, 0]


def _crews(first: date, last: date) -> dict[str, NDArray[Any]]:
    """Rounds and the spans in which a courier on the whole of them held a device."""
    return copy_out(
        "SELECT c.round_id, greatest(c.valid_from, b.valid_from),"
        f" least({spans.end('c.')}, {spans.end('b.')})"
        " FROM registry_roundcourier c JOIN registry_devicebinding b USING (courier_id)"
        f" WHERE {spans.touches(first, last, 'c.')} AND {spans.touches(first, last, 'b.')} AND c.whole",
        {"round": "int8", "first": "date", "until": "date"},
    )


def _parts(first: date, last: date) -> dict[str, NDArray[Any]]:
    """Villages that a substitute took as a part of a round, and the spans in which he held a device."""
    return copy_out(
        "SELECT t.place_id::int8, greatest(c.valid_from, b.valid_from, v.valid_from),"
        f" least({spans.end('c.')}, {spans.end('b.')}, {spans.end('v.')})"
        " FROM registry_roundcourier c JOIN registry_devicebinding b USING (courier_id)"
        " JOIN registry_roundcouriervillage t ON t.assignment_id = c.id"
        " JOIN registry_roundvillage v ON v.round_id = c.round_id AND v.place_id = t.place_id"
        f" WHERE {spans.touches(first, last, 'c.')} AND {spans.touches(first, last, 'b.')} AND NOT c.whole",
        {"place": "int8", "first": "date", "until": "date"},
    )


def _in_week(rows: dict[str, NDArray[Any]], monday: date) -> Bools:
    start = np.datetime64(monday, "D")
    first, until = rows["first"], rows["until"]
    inside: Bools = (first < start + 7) & (until > start) & (until > first)
    return inside
