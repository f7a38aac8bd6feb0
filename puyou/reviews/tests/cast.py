"""The cast of this room's tests: a courier with doubtful visits, officers, and envelopes to the desk."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client

from puyou.accounts.models import User
from puyou.core import partitions
from puyou.core.periods import day_index, day_of
from puyou.places import queries as places
from puyou.registry.models import Courier, Device
from puyou.scrutiny.rules import REASONS
from puyou.visits import actions as visits
from puyou.visits.models import Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message

NEAR = {"lon": 106.7, "lat": 26.6, "accuracy_m": 10}
FAR = {"lon": 108.5, "lat": 27.9, "accuracy_m": 10}
BODY = "INSERT INTO ingest_envelope (id, received_at, happened_at, skew_seconds, device_id, courier_id, kind, body)"
SCORE = """
INSERT INTO scrutiny_score (visit_id, day, place_id, courier_id, score, reasons, rule_version, at)
VALUES (%s, %s, %s, %s, %s, %s, 1, %s)
"""
GROUND = "照片与村点不符"


def officer(name: str, code: str = "52", permission: str = "visits.review") -> User:
    return cast.officer(name, places.get_place(code), permission)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, cast.BACKEND)
    return client


def doubtful_day(person: Courier, phone: Device, count: int = 4, day: datetime = NOW) -> list[Visit]:
    """Visits of one day from one spot: the courier never moved."""
    at = day - timedelta(hours=6)
    ids = cast.send(
        *(
            Message(village, at + timedelta(minutes=i), person.pk, phone.pk, NEAR)
            for i, village in enumerate(cast.villages(count))
        )
    )
    visits.take_in_pending(now=NOW)
    found = list(Visit.objects.filter(pk__in=ids).order_by("happened_at"))
    for visit in found:
        score(visit, 20)
    return found


def score(visit: Visit, points: int, reasons: str = "one_spot") -> None:
    """Say that a visit was scored."""
    mask = next(reason.mask for reason in REASONS if reason.code == reasons)
    partitions.ensure_months("scrutiny_score", [visit.day])
    with connection.cursor() as cursor:
        cursor.execute(SCORE, [visit.pk, visit.day, visit.place_id, visit.courier_id, points, mask, NOW])


def say(
    kind: str,
    payload: dict[str, Any],
    courier: int,
    at: datetime,
    skew: float = 0.0,
    received: datetime | None = None,
) -> uuid.UUID:
    """Put one accepted envelope of a kind behind the door."""
    came = received or at
    partitions.ensure_months("ingest_envelope", [came.date(), day_of(came)])
    identifier = uuid.uuid4()
    body = json.dumps({"kind": kind, "source": "app", "payload": payload}).encode()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{BODY} VALUES (%s, %s, %s, %s, 1, %s, %s, %s)",
            [identifier, came, at, skew, courier, kind, body],
        )
        cursor.execute("INSERT INTO ingest_pending VALUES (%s, %s, %s)", [identifier, kind, came])
    return identifier


def is_served(visit: Visit) -> bool:
    year, index = day_index(visit.day)
    return cast.day_sets()[(visit.place_id, year)][index] == "1"
