"""Phones in couriers' hands, visits on the day, and people at the desk, for the tests of this room."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection
from django.test import Client

from puyou.fieldwork.models import RoundMark
from puyou.ingest import actions as ingest
from puyou.places.models import Place
from puyou.registry.models import Courier, Device
from puyou.registry.tests.conftest import NOW, Network, client_of
from puyou.visits import storing

TODAY = date(2026, 11, 20)  # a Friday
EPOCH = date(1970, 1, 1)

__all__ = ["NOW", "TODAY", "bearer", "come", "desk_of", "mark", "phone_of"]


def phone_of(network: Network) -> str:
    """A token for the network's phone."""
    return ingest.issue_token(courier=network.courier, device=network.device, by="system:tests", now=NOW)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def desk_of(place: Place) -> Client:
    """A company's manager at a place, who may run the field there."""
    return client_of("company_manager", place)


def come(
    courier: Courier,
    villages: Iterable[Place],
    at: datetime = NOW - timedelta(hours=3),
    device: Device | None = None,
    findings: int = 0,
    late: timedelta = timedelta(minutes=1),
) -> list[uuid.UUID]:
    """Visits of a courier, one a village, ten minutes apart, as the room visits keeps them."""
    made = []
    for number, village in enumerate(villages):
        happened = at + timedelta(minutes=10 * number)
        day = (happened + timedelta(hours=8)).date()
        storing.ensure_partitions([(day - EPOCH).days])
        made.append(uuid.uuid4())
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO visits_visit (id, happened_at, received_at, intake_id, day, place_id, courier_id,"
                " device_id, findings, source) VALUES (%s, %s, %s, 0, %s, %s, %s, %s, %s, 'app')",
                [
                    made[-1], happened, happened + late, day, village.pk, courier.pk,
                    device.pk if device else None, findings,
                ],
            )  # fmt: skip
    return made


def mark(courier: Courier, device: Device, kind: str, at: datetime, day: date = TODAY) -> None:
    """A round begun or ended."""
    RoundMark.objects.create(
        id=uuid.uuid4(), courier=courier, device=device, day=day, kind=kind, happened_at=at, received_at=at
    )
