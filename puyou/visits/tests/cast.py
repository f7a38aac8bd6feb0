"""The cast of this room's tests: villages of Guizhou, couriers with phones, officers, and envelopes from the door."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from puyou.accounts.models import Appointment, Grant, Organisation, Post, Role, User
from puyou.core import partitions
from puyou.core.periods import day_of
from puyou.places.models import Place
from puyou.registry.models import Courier, Device, DeviceBinding, VillagePoint
from puyou.visits.models import VillageYear, Visit

NOW = datetime(2026, 10, 8, 10, tzinfo=UTC)
BEGIN = date(2026, 1, 1)
BODY = "INSERT INTO ingest_envelope (id, received_at, happened_at, skew_seconds, device_id, courier_id, kind, body)"


def villages(count: int, county: str = "520102") -> list[Place]:
    return list(
        Place.objects.filter(level=5, code__startswith=county, valid_to=None).order_by("code")[:count]
    )


def courier(number: str = "K1", device: str = "D1", user: User | None = None) -> tuple[Courier, Device]:
    person = Courier.objects.create(number=number, name=f"投递员{number}", valid_from=BEGIN, user=user)
    phone = Device.objects.create(identifier=device, enrolled_at=NOW - timedelta(days=200))
    DeviceBinding.objects.create(device=phone, courier=person, valid_from=BEGIN)
    return person, phone


def confirm_point(place: Place, lon: float, lat: float, standing: str = "confirmed") -> None:
    VillagePoint.objects.create(
        place=place, lon=lon, lat=lat, standing=standing, source="核实", valid_from=date(2000, 1, 1)
    )


def officer(name: str, place: Place, *permissions: str) -> User:
    office, _ = Organisation.objects.get_or_create(
        kind="regulator", name=f"{place.name}邮政管理局", place=place
    )
    post = Post.objects.create(organisation=office, title=f"科员{name}")
    role = Role.objects.create(code=f"role-{name}", name=name, permissions=["see", *permissions])
    Grant.objects.create(post=post, role=role, place=place, valid_from=BEGIN)
    user = User.objects.create(username=name, name=name)
    Appointment.objects.create(user=user, post=post, valid_from=BEGIN)
    return user


def proposer() -> User:
    """Whoever asked for a rejection that another person confirms."""
    return User.objects.get_or_create(username="proposer", defaults={"name": "提出人"})[0]


@dataclass
class Message:
    """A visit as a phone would send it."""

    village: Place
    at: datetime = NOW - timedelta(hours=2)
    courier: int = 1
    device: int = 1
    position: dict[str, Any] | None = None
    skew: float = 0.0
    id: uuid.UUID | None = None
    changes: dict[str, Any] | None = None
    kind: str = "visit"


def send(*messages: Message, received: datetime = NOW) -> list[uuid.UUID]:
    """Put accepted envelopes behind the door, as ingest does."""
    partitions.ensure_months("ingest_envelope", [received.date(), day_of(received)])
    ids = []
    with connection.cursor() as cursor:
        for message in messages:
            identifier = message.id or uuid.uuid4()
            payload: dict[str, Any] = {"village": message.village.code} if message.kind == "visit" else {}
            if message.position:
                payload["position"] = message.position
            body = {"source": "app", "payload": payload | (message.changes or {})}
            cursor.execute(
                f"{BODY} VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [identifier, received, message.at, message.skew, message.device, message.courier, message.kind,
                 json.dumps(body).encode()],
            )  # fmt: skip
            cursor.execute(
                "INSERT INTO ingest_pending VALUES (%s, %s, %s)", [identifier, message.kind, received]
            )
            ids.append(identifier)
    return ids


def day_sets() -> dict[tuple[int, int], str]:
    """All day sets as text of 371 digits."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT place_id, iso_year, days::text FROM {VillageYear._meta.db_table}")
        return {(place, year): days for place, year, days in cursor.fetchall()}


def findings(identifier: uuid.UUID) -> set[str]:
    return {finding.code for finding in Visit.objects.get(pk=identifier).described}


BACKEND = "django.contrib.auth.backends.ModelBackend"


def noon(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
