"""Finding the head of a sheet and which column means which field, wherever it was moved to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from puyou.core.grids import plain_heading
from puyou.ledgers.definition import Definition

LOOKED = 20  # rows from the top in which the head is looked for
PLACE, PLACE_CODE, OPERATOR = "@place", "@place_code", "@operator"  # columns that every sheet may have


@dataclass(frozen=True)
class Head:
    """Where the head stands (0 for the first row) and what was made of it.

    ``columns``: field → index; ``units``: field → unit named in the heading; ``ignored``: headings nobody asked for.
    """

    row: int
    columns: dict[str, int]
    units: dict[str, str]
    ignored: list[str]
    repeated: list[str]


def find_head(found: Definition, grid: Sequence[Sequence[str]]) -> Head | None:
    """The row that names most fields; None when no row names two of them, or the only one there is."""
    heads = [_head(found, at, row) for at, row in enumerate(grid[:LOOKED])]
    best = max(heads, key=lambda head: len(head.columns), default=None)
    least = min(2, len(found.written))
    return best if best is not None and len(best.columns) >= least else None


def _head(found: Definition, at: int, row: Sequence[str]) -> Head:
    known = names_of(found)
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    ignored: list[str] = []
    repeated: list[str] = []
    for index, heading in enumerate(row):
        if not heading.strip():
            continue
        code, unit = _meaning(heading, known)
        if code is None:
            ignored.append(heading.strip()[:40])
        elif code in columns:
            repeated.append(heading.strip()[:40])
        else:
            columns[code] = index
            if unit:
                units[code] = unit
    return Head(at, columns, units, ignored, repeated)


def names_of(found: Definition) -> dict[str, str]:
    """Every heading that is understood, in plain spelling → field."""
    known = {plain_heading(name): PLACE for name in (found.place_name, "地点", "地区")} | {
        "区划代码": PLACE_CODE
    }
    if found.has_operator:
        known |= {"企业": OPERATOR, "企业名称": OPERATOR}
    for field in found.written:
        known |= {plain_heading(name): field.code for name in (field.code, field.name, *field.aliases)}
    return known


def _meaning(heading: str, known: dict[str, str]) -> tuple[str | None, str]:
    plain = plain_heading(heading)
    if plain in known:
        return known[plain], ""
    match = re.fullmatch(r"(.+?)\(([^()]{1,12})\)", plain)
    if match and match[1] in known:
        return known[match[1]], match[2]
    return None, ""


def missing(found: Definition, head: Head) -> list[str]:
    """Required columns that the sheet does not have."""
    lacking = [] if {PLACE, PLACE_CODE} & set(head.columns) else [found.place_name]
    return lacking + [
        field.name for field in found.written if field.required and field.code not in head.columns
    ]
