"""Reading and making the text of a village's tag, and what it says of a visit: pure functions."""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import date

NONE, AGREES, FORGED, OTHER_VILLAGE, ENDED = range(5)  # what a tag says of a visit
STATES = ("无村码", "村码相符", "村码不实", "村码属于另一个村", "村码当日不在用")
MAC_BYTES = 10
SHAPE = re.compile(r"PY1\.([0-9]{12})\.([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{14})")


@dataclass(frozen=True)
class Tag:
    """What a genuine tag says: the village's code when it was made, and its number there."""

    code: str
    number: int


def make_tag(code: str, number: int, secret: str) -> str:
    """The text on a tag: ``PY1.<village code>.<number>.<mac>``."""
    return f"PY1.{code}.{number}.{_mac(code, number, secret)}"


def read_tag(text: str, secret: str) -> Tag | None:
    """The tag that a text is, also within an address (``…#tag=PY1…``); None when we never made it."""
    found = SHAPE.fullmatch(text.strip().rpartition("#tag=")[2])
    if found is None:
        return None
    code, number = found[1], int(found[2])
    genuine = hmac.compare_digest(_mac(code, number, secret), found[3])
    return Tag(code, number) if genuine else None


def _mac(code: str, number: int, secret: str) -> str:
    seal = hmac.digest(secret.encode(), f"tag:{code}:{number}".encode(), "sha256")[:MAC_BYTES]
    return base64.urlsafe_b64encode(seal).rstrip(b"=").decode()


def judge_tag(said: str, known: bool, here: bool, first: date, last: date | None, on: date) -> int:
    """What a tag says of a visit: ``known``: we made it and have it on record, in force in ``[first, last)``.

    ``here``: it hangs in the visited village, or in one that shares its delivery point.
    """
    if not said:
        return NONE
    if not known:
        return FORGED
    if not here:
        return OTHER_VILLAGE
    return AGREES if first <= on and (last is None or on < last) else ENDED
