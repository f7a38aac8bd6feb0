"""Judging what villagers said of a day, beside the visits claimed on it: pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

ABSENT, CAME = "absent", "came"


@dataclass(frozen=True)
class Said:
    """One villager's word: from which device and network (blinded), what, when."""

    device: str
    address: str
    said: str
    at: datetime


@dataclass(frozen=True)
class Tally:
    """What a village's people said of a day: devices for and against, the networks of those against.

    ``after``: those against who spoke after the visit in question (after any hour when there is none).
    """

    absent: int = 0
    came: int = 0
    networks: int = 0
    after: int = 0

    @property
    def spoken(self) -> bool:
        return bool(self.absent or self.came)


def weigh(words: Iterable[Said], visited_at: datetime | None = None) -> Tally:
    """Each device once, by its last word: whoever says in the morning that nobody came may see him come at noon."""
    last: dict[str, Said] = {}
    for word in sorted(words, key=lambda each: each.at):
        last[word.device] = word
    against = [word for word in last.values() if word.said == ABSENT]
    after = [word for word in against if visited_at is None or word.at > visited_at]
    return Tally(len(against), len(last) - len(against), len({word.address for word in against}), len(after))


def worth_a_look(tally: Tally, enough: int) -> bool:
    """Whether a claimed visit deserves a look: enough people said after it that nobody came, more than saw him."""
    return tally.after >= enough and tally.after > tally.came


def tell(tally: Tally) -> str:
    """The tally in words; empty when nobody said anything."""
    parts = []
    if tally.absent:
        networks = f"（来自 {tally.networks} 个网络）" if tally.absent > 1 else ""
        parts.append(f"{tally.absent} 人次反映没来{networks}")
    if tally.came:
        parts.append(f"{tally.came} 人次反映来了")
    return "，".join(parts)
