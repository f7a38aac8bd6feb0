"""Typing in a paper slip (交接单) afterwards: one visit of source paper, once for each slip."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from math import nan
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import scope_for
from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.evidence import actions as evidence
from puyou.evidence.actions import Mention
from puyou.ingest import actions as ingest
from puyou.places.arrays import VILLAGE
from puyou.places.models import Place
from puyou.registry import queries as registry
from puyou.registry.models import Courier
from puyou.visits import batches, detailing, events, facts, particulars, problems, storing, taking, validators
from puyou.visits.batches import SOURCES, Batch
from puyou.visits.messages import NO_STOP
from puyou.visits.models import Intake, Source, Visit
from puyou.visits.screening import Columns

PERMISSION = "visits.record"
NUMBER_LIMIT = 40
CAUSE = "late_visit"
SHANGHAI = timezone(timedelta(hours=8))
NEW, SAME = 0, 1


@transaction.atomic
def record_paper_slip(
    *,
    place: Place,
    day: date,
    courier: Courier,
    number: str,
    handed: Mapping[str, int],
    photo: str | None = None,
    by: User,
    now: datetime,
) -> Visit:
    """Record what a slip on paper says: ``courier`` was in ``place`` on ``day`` and handed over ``handed``.

    ``photo``: SHA-256 of a picture of the slip. It counts as any visit does, after those that the phone reported that
    day: a village served twice on a day is served once. Says visits.taken_in and slip.recorded. Problems: out of
    scope, one's own slip, no number, a future day, a courier who did not serve then, the same slip again.
    """
    number = number.strip()
    _require(place, day, courier, number, by, now)
    _require_content(handed, photo)
    identifier, digest = _identity(place, day, courier, number), _digest(handed, photo)
    _claim(identifier, digest, number, now)
    batch = _batch(identifier, place, day, courier, now)
    storing.ensure_partitions(batch.seen.day.tolist())
    storing.lock_days(batch.seen.day)
    judged = taking.judge(batch, facts.read_register(batch.seen.place, batch.seen.courier, batch.seen.device))
    intake = Intake.objects.create(kind="paper", at=now, file_digest=digest.hex(), read=1, accepted=1)
    taking.store(judged, intake.pk)
    storing.or_day_sets(batch.seen.place[judged.counting], batch.seen.day[judged.counting])
    storing.add_changes(*taking.touched(judged), CAUSE)
    _keep_detail(identifier, place, day, number, handed, photo)
    if photo:
        mention = Mention(photo, f"visit:{identifier}", f"user:{by.pk}", "slip")
        evidence.mention_files(mentions=[mention], now=now)
    _say(identifier, intake, place, day, courier, number, by, now)
    return Visit.objects.get(pk=identifier, day=day)


def _require(place: Place, day: date, courier: Courier, number: str, by: User, now: datetime) -> None:
    if place.level != VILLAGE:
        raise problems.NOT_A_VILLAGE(name=place.name)
    scope = scope_for(by)
    scope.require(place.path, PERMISSION)
    known = registry.get_courier(scope, courier.pk)
    if known.user_id == by.pk:
        raise problems.OWN_SLIP()
    if not particulars.is_text(number, NUMBER_LIMIT):
        raise problems.NO_SLIP_NUMBER(limit=NUMBER_LIMIT)
    if day > day_of(now):
        raise problems.SLIP_OF_THE_FUTURE(day=day)
    if day < known.valid_from or (known.valid_to is not None and day >= known.valid_to):
        raise problems.NOT_SERVING_THEN(name=known.name, day=day)


def _require_content(handed: Mapping[str, int], photo: str | None) -> None:
    validators.check_handed(dict(handed))
    if photo:
        particulars.check_digest("photo", photo)


def _identity(place: Place, day: date, courier: Courier, number: str) -> UUID:
    """A UUID of version 8 from what makes a slip the same slip."""
    text = f"puyou slip {place.pk} {day.isoformat()} {courier.pk} {number}"
    value = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0x2 << 62)


def _digest(handed: Mapping[str, int], photo: str | None) -> bytes:
    return hashlib.sha256(repr((sorted(handed.items()), photo or "")).encode()).digest()


def _claim(identifier: UUID, digest: bytes, number: str, now: datetime) -> None:
    ids, digests = (np.frombuffer(each, np.uint8)[None] for each in (identifier.bytes, digest))
    (status,) = ingest.claim_identities(ids, digests, now)
    if status != NEW:
        raise (problems.SLIP_RECORDED if status == SAME else problems.SLIP_CONFLICT)(number=number)


def _batch(identifier: UUID, place: Place, day: date, courier: Courier, now: datetime) -> Batch:
    """At the end of the day, or now: after the visits that phones reported."""
    moment = min(now, datetime.combine(day, time(23, 59, 59), SHANGHAI))
    happened = np.array([batches.microseconds(moment)])
    none, blank = np.zeros(1, np.int64), np.array([nan])
    where = np.array([place.pk], np.int64)
    seen = Columns(
        ids=np.frombuffer(identifier.bytes, np.uint8)[None], place=where, day=batches.shanghai_days(happened),
        happened=happened, courier=np.array([courier.pk], np.int64), device=none, lon=blank, lat=blank, accuracy=blank,
        label=where, stop=none, skew=np.zeros(1),
    )  # fmt: skip
    source = np.array([SOURCES.index(Source.PAPER)])
    received = np.array([batches.microseconds(now)])
    stops = np.frombuffer(NO_STOP, np.uint8)[None]
    return Batch(seen, received, none, none, stops, source, np.zeros(1, bool), timely=False)


def _keep_detail(
    identifier: UUID, place: Place, day: date, number: str, handed: Mapping[str, int], photo: str | None
) -> None:
    said: dict[str, Any] = {
        "handed": dict(handed) or None,
        "note": f"交接单 {number}",
        "photos": [{"sha256": photo, "role": "slip"}] if photo else None,
    }
    detailing.write_details([(detailing.empty_detail(identifier, day) | said, place.pk)])


def _say(
    identifier: UUID,
    intake: Intake,
    place: Place,
    day: date,
    courier: Courier,
    number: str,
    by: User,
    now: datetime,
) -> None:
    actor = f"user:{by.pk}"
    data = {"place": place.pk, "day": day.isoformat(), "courier": courier.pk, "number": number}
    log.append(events.SLIP_RECORDED, subject=f"visit:{identifier}", actor=actor, now=now, data=data)
    counts = {"read": 1, "accepted": 1, "quarantined": 0, "digest": intake.file_digest}
    log.append(events.VISITS_TAKEN_IN, subject=f"intake:{intake.pk}", actor=actor, now=now, data=counts)
