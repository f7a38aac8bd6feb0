"""Simulated days as envelopes: what each phone says in the words of the protocol."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import numpy as np

from puyou.simulator import phones
from puyou.simulator.crew import TRUTHS
from puyou.simulator.days import Day
from puyou.simulator.phones import Phone
from puyou.simulator.traces import Made, uuid7

SOURCES = ("app", "pda", "paper")
NOTHING = 0.08
SHANGHAI = timezone(timedelta(hours=8))
KINDS = {"letters": 4, "papers": 6, "parcels": 2}


@dataclass(frozen=True, eq=False)
class Cast:
    """Names behind the numbers: by tour the courier's number and phone, by stop the village, its point and tag."""

    couriers: Sequence[str]
    phones: Sequence[Phone]
    villages: Sequence[str]
    points: Sequence[str]
    tags: Sequence[str]
    seed: int


def envelopes(told: Sequence[Day], cast: Cast, random: np.random.Generator) -> list[Made]:
    """Every visit of some days as an envelope, each phone's in the order in which it made them."""
    rows = [
        (day.made[row], day.device[row], number, row)
        for number, day in enumerate(told)
        for row in range(len(day))
    ]
    rows.sort()
    return [_made(told[number], row, cast, random) for _, _, number, row in rows]


def _made(day: Day, row: int, cast: Cast, random: np.random.Generator) -> Made:
    phone, source = cast.phones[int(day.device[row])], SOURCES[int(day.source[row])]
    identifier = uuid7(_moment(day.made[row]), random)
    envelope: dict[str, Any] = {
        "schema": 1, "id": identifier, "kind": "visit", "happened_at": _text(day.told[row]),
        "device": phone.device, "source": source, "payload": _payload(day, row, cast, random),
    }  # fmt: skip
    signature, chain = int(day.signature[row]), int(day.chain[row])
    if signature:
        by = cast.phones[int(day.device[row]) - 1] if signature == 3 else None
        envelope = phones.enclose(envelope, phone, float(day.nonce[row]), chain, by)
        envelope = phones.spoil(envelope) if signature == 2 else envelope
    else:
        phone.counter += 1
        envelope["counter"] = phone.counter
    return Made(
        identifier, phone.device, cast.couriers[int(day.tour[row])], _moment(day.sent[row]),
        timedelta(seconds=float(day.skew[row])), envelope, TRUTHS[int(day.truth[row])],
    )  # fmt: skip


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _text(seconds: float) -> str:
    return datetime.fromtimestamp(float(seconds), SHANGHAI).isoformat()


def _payload(day: Day, row: int, cast: Cast, random: np.random.Generator) -> dict[str, Any]:
    call = int(day.call[row])
    payload: dict[str, Any] = {"village": cast.villages[call]}
    if cast.points[call]:
        payload["point"] = cast.points[call]
    if day.stop[row]:
        payload["stop"] = str(UUID(int=int(day.stop[row]) | 0x4000 << 64 | 0x8 << 60))
    if not np.isnan(day.lon[row]):
        payload["position"] = _position(day, row)
    if random.random() < NOTHING:
        payload["nothing_today"] = True
    else:
        payload["handed"] = {kind: int(random.poisson(mean)) for kind, mean in KINDS.items()}
    return payload | (_particulars(day, row, cast) if day.source[row] == 0 else {})


def _position(day: Day, row: int) -> dict[str, Any]:
    position = {
        "lon": float(day.lon[row]),
        "lat": float(day.lat[row]),
        "accuracy_m": float(day.accuracy[row]),
    }
    if day.source[row] == 0:
        return position | {"fixed_at": _text(day.told[row] - day.fix_age[row])}
    return position


def _particulars(day: Day, row: int, cast: Cast) -> dict[str, Any]:
    said: dict[str, Any] = {
        "clock": {
            "session": f"{int(day.session[row]):x}",
            "monotonic_ms": max(int(day.monotonic[row] * 1000), 0),
            "wall_jump_ms": int(day.wall_jump[row] * 1000),
        },
        "integrity": {"shell": "web", "mock": None, "rooted": None},
        "receiver": "committee",
        "mode": "point",
    }
    if day.mock[row] >= 0:
        said["integrity"] = {
            "shell": "native",
            "mock": bool(day.mock[row]),
            "rooted": bool(day.rooted[row] == 1),
        }
    fixes = day.approach[row]
    if not np.isnan(fixes[0, 0]):
        said["approach"] = [[float(number) for number in fix] for fix in fixes if not np.isnan(fix[0])]
    if day.tag[row] and cast.tags[int(day.call[row])]:
        said["tag"] = cast.tags[int(day.call[row])]
    if day.photos[row]:
        digest = hashlib.sha256(f"{cast.seed}:{int(day.picture[row])}".encode()).hexdigest()
        said["photos"] = [{"sha256": digest, "role": "slip", "taken_at": _text(day.told[row] - 20)}]
    return said
