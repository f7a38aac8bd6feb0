"""The shell's share of every page: what the navigation shows to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.urls import Resolver404, resolve

BOTTOM = 4


class Asker(Protocol):
    """Whoever looks at the page, as far as the shell must know."""

    def may(self, permission: str) -> bool: ...


@dataclass(frozen=True)
class Entry:
    """A door in the navigation; ``permission`` empty means everybody who is logged in."""

    label: str
    address: str
    permission: str = "see"
    icon: str = "more"


@dataclass(frozen=True)
class Shown:
    """An entry as one person sees it on one page."""

    label: str
    address: str
    icon: str
    here: bool


def entries_for(asker: Asker | None, entries: Iterable[Entry], path: str) -> list[Shown]:
    """The entries whose page exists and which the asker may use; ``here`` marks the one ``path`` lies in."""
    open_doors = [e for e in entries if exists(e.address) and _may(asker, e.permission)]
    inside = [
        e.address
        for e in open_doors
        if path == e.address or (e.address != "/" and path.startswith(e.address))
    ]
    here = max(inside, key=len, default="")
    return [Shown(e.label, e.address, e.icon, e.address == here) for e in open_doors]


def split_for_phone(shown: list[Shown]) -> tuple[list[Shown], list[Shown]]:
    """What stands in the phone's bottom bar of four, and what stands behind 更多."""
    return (shown, []) if len(shown) <= BOTTOM else (shown[: BOTTOM - 1], shown[BOTTOM - 1 :])


@cache
def exists(address: str) -> bool:
    """Whether any room answers at the address."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def _may(asker: Asker | None, permission: str) -> bool:
    return asker is not None and (not permission or asker.may(permission))
