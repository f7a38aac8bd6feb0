"""Filing a report: one row and one case, however often the sender repeats it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from puyou.accounts.scopes import Scope
from puyou.cases import actions as cases
from puyou.cases import events
from puyou.cases.feedback import codes, problems, rules
from puyou.cases.feedback.models import Category, Report
from puyou.cases.feedback.repeats import find_earlier
from puyou.cases.names import Actor
from puyou.core import events as log
from puyou.evidence import actions as evidence
from puyou.places.models import Place

PROCEDURE = "report"
REPORTER = Actor(Scope.system("reporter"))  # a reporter acts under no name
LEAST = 2


@dataclass(frozen=True)
class Position:
    """Where a report was made."""

    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Filed:
    """What the sender is told: the report, and how to follow it. ``repeated``: it had come before."""

    report: Report
    tracking: str
    code: str
    repeated: bool


@transaction.atomic
def file_report(
    *,
    client_id: UUID,
    source: str,
    category: Category,
    place: Place,
    text: str,
    now: datetime,
    happened_at: datetime | None = None,
    photos: Sequence[str] = (),
    position: Position | None = None,
    hidden: bool = True,
    reporter: str = "",
    contact: str = "",
    attributes: dict[str, Any] | None = None,
    owner: str = "public",
    actor: Actor = REPORTER,
) -> Filed:
    """Take a report in and open its case; the same ``client_id`` with the same content answers as the first time did.

    ``photos``: SHA-256 of files that evidence has or will get, ``owner``: who brings them (``device:12``);
    ``hidden``: the company never learns who reported; ``actor``: an officer who writes down what somebody said, else
    the reporter.

    Problems: the same id with other content (409), text, photos, position, no office.
    """
    content: dict[str, Any] = {
        "source": source,
        "category": category.code,
        "place": place.code,
        "text": _checked("反映内容", text, LEAST, rules.TEXT_LIMIT),
        "photos": _photos(photos),
        "position": _position(position),
        "hidden": hidden,
        "reporter": _checked("姓名", reporter, 0, 60),
        "contact": _checked("联系方式", contact, 0, 100),
        "attributes": attributes or {},
    }
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    _one_at_a_time(client_id)
    before = Report.objects.select_related("case", "category", "place").filter(client_id=client_id).first()
    if before is not None:
        if before.digest != digest:
            raise problems.CONFLICT()
        return Filed(before, before.tracking, codes.code_for(client_id), True)
    number, code = codes.number_for(client_id), codes.code_for(client_id)
    case = cases.open_case(
        procedure=PROCEDURE,
        title=f"{category.name}：{place.name}",
        place=place,
        actor=actor,
        now=now,
        subject=f"place:{place.pk}",
        fields={"category": category.name, "tracking": number},
        starts=("accept",),
    )
    report = Report.objects.create(
        case=case,
        client_id=client_id,
        digest=digest,
        source=source,
        category=category,
        place=place,
        text=content["text"],
        attributes=content["attributes"],
        photos=content["photos"],
        lon=position.lon if position else None,
        lat=position.lat if position else None,
        accuracy_m=position.accuracy_m if position else None,
        happened_at=happened_at or now,
        filed_at=now,
        hidden=hidden,
        reporter=content["reporter"],
        contact=content["contact"],
        tracking=number,
        code_hash=codes.digest(number, code),
        repeats=find_earlier(place, category, now),
    )
    subject = subject_of(report)
    mentions = [evidence.Mention(one, subject, owner, "other", happened_at) for one in report.photos]
    evidence.mention_files(mentions=mentions, now=now)
    data = {"case": case.number, "category": category.code, "source": source, "digest": digest}
    log.append(events.REPORT_FILED, subject=f"case:{case.pk}", actor=actor.name, now=now, data=data)
    return Filed(report, number, code, False)


def subject_of(report: Report) -> str:
    """A report as evidence names it."""
    return f"report:{report.client_id}"


def _one_at_a_time(client_id: UUID) -> None:
    """Two sendings of one report wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7065))", [str(client_id)])


def _checked(field: str, text: str, least: int, limit: int) -> str:
    found = text.replace("\x00", "").strip()
    if not least <= len(found) <= limit:
        raise problems.BAD_TEXT(field=field, least=least, limit=limit, count=len(found))
    return found


def _photos(photos: Sequence[str]) -> list[str]:
    if not rules.are_hashes(list(photos)):
        raise problems.BAD_PHOTOS(limit=rules.PHOTOS_LIMIT)
    return list(dict.fromkeys(photos))


def _position(position: Position | None) -> list[float | None] | None:
    if position is None:
        return None
    if not rules.is_position(position.lon, position.lat, position.accuracy_m):
        raise problems.BAD_POSITION()
    return [position.lon, position.lat, position.accuracy_m]
