"""Kinds of bulletin as data: what is written in which order; pieces with ``*`` are written place by place."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from puyou.reports import problems

SHIPPED = Path(__file__).parent / "kinds.json"
WEAKEST, CHANGES = "*weakest", "*changes"


@dataclass(frozen=True)
class Kind:
    """What a paper of a kind consists of; ``sections``: heading and pieces."""

    code: str
    name: str
    title: str
    company: bool
    sections: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code."""
    return {
        each["code"]: Kind(
            each["code"], each["name"], each["title"], each["company"],
            tuple((section["title"], tuple(section["pieces"])) for section in each["sections"]),
        )
        for each in json.loads(SHIPPED.read_text())
    }  # fmt: skip


def get_kind(code: str) -> Kind:
    """One kind; Problem (404) when unknown."""
    found = kinds().get(code)
    if found is None:
        raise problems.UNKNOWN_KIND(code=code[:40])
    return found
