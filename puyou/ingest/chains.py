"""The chain of what a phone signed, judged from the set of its proofs, so that the order of arrival does not matter."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

NONE, FIRST, LINKED, GAP, FORK = range(5)
NAMES = ("none", "first", "linked", "gap", "fork")
UNREADABLE = b""  # a predecessor that is no digest: nothing can be it
# What more knowledge can make of a state: a gap is healed, anything but none may turn out to be a fork.
_KNOWS = {NONE: 0, GAP: 1, FIRST: 2, LINKED: 2, FORK: 3}


class Link(NamedTuple):
    """One proof of a device: ``prev`` is the digest of the envelope signed before, None for a key's first."""

    device: int
    key_id: str
    counter: int
    digest: bytes
    prev: bytes | None
    valid: bool


def states(links: Sequence[Link]) -> list[int]:
    """Each proof's state among all of them: fork | first | linked | gap; none where the signature is not valid.

    A fork is said of both who claim one predecessor or one counter of a key: only valid signatures may accuse.
    Any envelope of the device may be a predecessor: it came, whatever its own signature is worth.
    """
    valid = [link for link in links if link.valid]
    counters = Counter(_counter(link) for link in valid)
    claims = Counter(_claim(link) for link in valid if link.prev != UNREADABLE)
    came = {(link.device, link.digest) for link in links}
    return [_state(link, counters, claims, came) for link in links]


def later(known: int, seen: int) -> int:
    """What holds when a state was ``known`` from some proofs and ``seen`` from others: whoever saw more is right."""
    return max(known, seen, key=_KNOWS.__getitem__)


def _counter(link: Link) -> tuple[int, str, int]:
    return link.device, link.key_id, link.counter


def _claim(link: Link) -> tuple[int, str, bytes | None]:
    return link.device, link.key_id, link.prev


def _state(
    link: Link,
    counters: Counter[tuple[int, str, int]],
    claims: Counter[tuple[int, str, bytes | None]],
    came: set[tuple[int, bytes]],
) -> int:
    if not link.valid:
        return NONE
    if counters[_counter(link)] > 1 or claims[_claim(link)] > 1:
        return FORK
    if link.prev is None:
        return FIRST
    return LINKED if (link.device, link.prev) in came else GAP
