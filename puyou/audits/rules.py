"""Drawing by lot, so that anybody can draw again: tickets, shares of strata, and comparing two draws.

A ticket is SHA-256 over the seed's UTF-8 bytes followed by the visit's id as lower-case text. In each stratum the
lowest tickets are drawn. Nothing else decides: neither order nor clock nor machine.
"""

import hashlib
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Unit = tuple[str, str]  # a visit's id, and its stratum


@dataclass(frozen=True, order=True)
class Drawn:
    """A unit that was drawn, ordered by stratum and ticket."""

    stratum: str
    ticket: str
    visit_id: str


def ticket(seed: str, visit_id: str) -> str:
    """The lot of a visit under a seed, in hex."""
    return hashlib.sha256(seed.encode() + visit_id.encode()).hexdigest()


def count_strata(frame: Iterable[Unit]) -> dict[str, int]:
    """How many units each stratum holds, by name."""
    counts: dict[str, int] = {}
    for _, stratum in frame:
        counts[stratum] = counts.get(stratum, 0) + 1
    return dict(sorted(counts.items()))


def allocate(counts: Mapping[str, int], size: int, least: int) -> dict[str, int]:
    """How many to draw from each stratum: at least ``least`` of each, the rest in proportion to what they hold still.

    Largest remainders, ties by name; no stratum gives more than it holds. When even the least is too much for
    ``size``, the least is drawn all the same: a stratum without a sample could not be estimated.
    """
    sizes = {name: min(count, least) for name, count in sorted(counts.items())}
    left = min(size, sum(counts.values())) - sum(sizes.values())
    while left > 0:
        room = {name: counts[name] - sizes[name] for name in sizes if counts[name] > sizes[name]}
        whole, share = sum(room.values()), left
        wanted = {name: Fraction(share * space, whole) for name, space in room.items()}
        order = sorted(room, key=lambda name: (-(wanted[name] - int(wanted[name])), name))
        given = {name: min(int(wanted[name]), room[name]) for name in room}
        for name in order[: left - sum(given.values())]:
            given[name] += int(given[name] < room[name])
        for name, more in given.items():
            sizes[name] += more
        left -= sum(given.values())
    return sizes


def draw(frame: Iterable[Unit], sizes: Mapping[str, int], seed: str) -> list[Drawn]:
    """The lowest tickets of each stratum; the frame may come in any order and is gone through once."""
    heaps: dict[str, list[tuple[int, str, str]]] = {}
    for visit_id, stratum in frame:
        lot = ticket(seed, visit_id)
        entry = (-int(lot, 16), lot, visit_id)
        heap = heaps.setdefault(stratum, [])
        if len(heap) < sizes.get(stratum, 0):
            heapq.heappush(heap, entry)
        elif heap and entry > heap[0]:
            heapq.heapreplace(heap, entry)
    return sorted(Drawn(stratum, lot, one) for stratum, heap in heaps.items() for _, lot, one in heap)


def compare(published: Iterable[Drawn], drawn: Iterable[Drawn]) -> list[str]:
    """What a published draw and a repeated one do not share, in words."""
    said, found = set(published), set(drawn)
    extra = [f"公布了但不应抽中：{each.visit_id}（{each.stratum}）" for each in sorted(said - found)]
    missing = [f"应抽中但没有公布：{each.visit_id}（{each.stratum}）" for each in sorted(found - said)]
    return extra + missing
