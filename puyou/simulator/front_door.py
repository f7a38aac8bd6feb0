"""Sending simulated envelopes the way phones do: over the front door's own address, at their own time."""

import gzip
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.test import Client

from puyou.core import clock
from puyou.core.progress import Step
from puyou.simulator.phones import Phone
from puyou.simulator.traces import Made

BATCH = 50
ADDRESS = "/api/v1/envelopes"


class Refused(Exception):
    """The front door did not accept what an honest simulator sent."""


def _batches(visits: Iterable[Made]) -> Iterator[tuple[datetime, str, list[Made]]]:
    """Visits in the order of sending, one batch per phone, courier and moment."""

    def batch(made: Made) -> tuple[datetime, str, str, timedelta]:
        return made.sent_at, made.device, made.courier, made.clock_off

    ordered = sorted(visits, key=lambda made: (*batch(made), made.envelope["counter"]))
    for (sent_at, _, courier, _), group in groupby(ordered, key=batch):
        together = list(group)
        for start in range(0, len(together), BATCH):
            yield sent_at, courier, together[start : start + BATCH]


def enrol(phones: Iterable[Phone], codes: Iterable[str], now: datetime) -> list[str]:
    """Bring phones to the door with their codes and keys; returns their tokens."""
    client = Client(raise_request_exception=True, SERVER_NAME="localhost")
    tokens = []
    for phone, code in zip(phones, codes, strict=True):
        asked = {
            "code": code, "device": phone.device, "key": phone.jwk, "label": "模拟手机",
            "signature": phone.sign(f"enrol:{code}:{phone.device}".encode()),
        }  # fmt: skip
        with clock.frozen(now):
            answer = client.post("/api/v1/enrolments", asked, "application/json")
        if answer.status_code != 200:
            raise Refused(f"{answer.status_code} {answer.content.decode()[:300]}")
        tokens.append(answer.json()["token"])
    return tokens


def send(visits: Iterable[Made], tokens: dict[tuple[str, str], str], step: Step) -> int:
    """Post every visit with its token (by courier and device); returns how many were accepted or known.

    The server's clock is held at each batch's time of sending, so receive times are those of the story.
    """
    client = Client(raise_request_exception=True, SERVER_NAME="localhost")
    taken = 0
    for sent_at, courier, batch in _batches(visits):
        body = gzip.compress(json.dumps([made.envelope for made in batch]).encode(), 1)
        device_time = sent_at + (batch[0].clock_off)
        with clock.frozen(sent_at):
            answer = client.generic(
                "POST",
                ADDRESS,
                body,
                "application/json",
                headers={
                    "authorization": f"Bearer {tokens[courier, batch[0].device]}",
                    "content-encoding": "gzip",
                    "device-time": device_time.isoformat(),
                },
            )
        if answer.status_code != 200:
            raise Refused(f"{answer.status_code} {answer.content.decode()[:300]}")
        refused = [receipt for receipt in answer.json()["receipts"] if receipt["status"] == "refused"]
        if refused:
            raise Refused(str(refused[0]))
        taken += len(batch)
        step.advance(len(batch))
    return taken
