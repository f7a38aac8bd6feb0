"""A small real place to judge: two counties of Guizhou, some villages, duties and days laid on by hand."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import connection

from puyou.compliance.models import Excuse
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.registry.arrays import AREA_CLASSES
from puyou.registry.models import Duty
from puyou.visits import storing

EPOCH = date(1970, 1, 1)


def moment(day: date, hour: int = 9) -> datetime:
    """A moment on a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)


def villages_of(code: str, count: int) -> list[Place]:
    """The first villages below a place, by code."""
    place = places.get_place(code)
    found = Place.objects.filter(path__startswith=place.path, level=5, valid_to=None).order_by("code")
    return list(found[:count])


def lay_duty(
    village: Place,
    times: int = 3,
    period: str = "week",
    first: date = date(2020, 1, 1),
    until: date | None = None,
    area: int = 2,
    timetable: int = 0,
) -> Duty:
    return Duty.objects.create(
        place=village,
        area_class=AREA_CLASSES[area],
        times=times,
        period=period,
        valid_from=first,
        valid_to=until,
        timetable=timetable,
    )


def serve(village: Place, days: Iterable[date], cause: str = "late_visit") -> None:
    """Days with a counting visit, as the room visits leaves them: visits, day set and word for the judge."""
    days = list(days)
    numbers = np.array([(day - EPOCH).days for day in days], np.int64)
    storing.ensure_partitions(numbers.tolist())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visits_visit (id, happened_at, received_at, intake_id, day, place_id, source)"
            " SELECT gen_random_uuid(), day, day, 0, day, %s, 'app' FROM unnest(%s::date[]) AS t(day)",
            [village.pk, days],
        )
    owners = np.full(len(numbers), village.pk)
    storing.or_day_sets(owners, numbers)
    storing.add_changes(owners, numbers, cause)


def excuse(place: Place, first: date, until: date, **more: object) -> Excuse:
    values = {
        "ground": "flood",
        "document": "黔邮管〔2026〕1号",
        "notice": "00000000-0000-0000-0000-000000000001",
        "status": "approved",
        "proposed_at": moment(first),
    }
    return Excuse.objects.create(place=place, valid_from=first, valid_to=until, **(values | more))


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(count)]
