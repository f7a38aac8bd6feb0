"""Judging what a division code says: its level, its full form, and whether it is an established village."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

DIGITS = (2, 4, 6, 9, 12)
COMMITTEES_OF_VILLAGERS = range(200, 400)
LIKE_COMMITTEES_OF_VILLAGERS = range(500, 600)


def is_established_village(code: str | int, with_similar: bool = False) -> bool:
    """Whether a level-5 code of 12 digits names an established village (建制村).

    The last three digits tell (国家统计局《统计用区划代码和城乡划分代码编制规则》): 001–199 are residents'
    committees (居委会), 200–399 villagers' committees (村委会). That 400–499 are units like residents'
    committees and 500–599 units like villagers' committees (类似村委会) is read from the codes in use and not
    verified against the rule's text; the latter count only on request.
    """
    tail = int(code) % 1000
    return tail in COMMITTEES_OF_VILLAGERS or (with_similar and tail in LIKE_COMMITTEES_OF_VILLAGERS)


def clean_code(text: str) -> str:
    """Digits as a person may type them (full-width, with spaces), trimmed to plain ones."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def is_code(text: str) -> bool:
    """Whether a cleaned text has the form of a division code: 2, 4, 6, 9 or 12 plain digits."""
    return len(text) in DIGITS and text.isascii() and text.isdigit()


def full_code(text: str) -> str:
    """A code of 2, 4, 6, 9 or 12 digits in its full 12; ValueError when it has no such form."""
    code = clean_code(text)
    if not is_code(code):
        raise ValueError(text)
    return code.ljust(12, "0")


def short_code(code: str) -> str:
    """The shortest of the accepted forms that reads back as the same 12 digits: 520000000000 → 52."""
    return next(code[:digits] for digits in DIGITS if code[:digits].ljust(12, "0") == code)


def holds(rings: Iterable[Sequence[Sequence[float]]], x: float, y: float) -> bool:
    """Whether an area of rings (outer ones and holes alike) holds a point: a ray crosses it an odd number of times."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside
