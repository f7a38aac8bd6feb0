"""A village's place on a round, and a visit as a phone will send it, with the truth about it beside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Stop:
    """A village on a round: its code and where its mail is received."""

    code: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Made:
    """One visit as the phone will send it, when it will be sent, and the truth about it.

    ``clock_off``: how far the phone's clock is ahead when it sends; ``envelope`` is whole and, from the app, signed.
    """

    id: str
    device: str
    courier: str
    sent_at: datetime
    clock_off: timedelta
    envelope: dict[str, Any]
    truth: str


def uuid7(moment: datetime, random: np.random.Generator) -> str:
    """A UUIDv7 (RFC 9562) of a moment, its random part from a seeded generator."""
    value = int(moment.timestamp() * 1000) << 80 | int.from_bytes(random.bytes(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
