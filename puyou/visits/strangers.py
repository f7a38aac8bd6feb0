"""Strangers who became known: their visits get the numbers that the registry gave them since."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from puyou.registry.models import Courier, Device
from puyou.visits.models import Stranger

KNOWN = """
SELECT -s.id, c.id FROM visits_stranger s JOIN registry_{registry} c ON c.{text} = s.text WHERE s.kind = '{kind}'
"""
LINK = """
UPDATE visits_visit v SET {column} = n.registered FROM unnest(%s::int[], %s::int[]) AS n(stranger, registered)
WHERE v.{column} = n.stranger AND v.day = ANY(%s)
"""
WAITING = """
SELECT n.registered FROM unnest(%s::int[], %s::int[]) AS n(stranger, registered)
WHERE EXISTS (SELECT 1 FROM visits_visit v WHERE v.{column} = n.stranger)
"""
REPORTERS = {
    "courier_id": KNOWN.format(registry="courier", text="number", kind="courier"),
    "device_id": KNOWN.format(registry="device", text="identifier", kind="device"),
}


def numbers_of_couriers(ids: Iterable[int]) -> list[int]:
    """These couriers' ids, and the numbers (below zero) they had as strangers."""
    wanted = list(ids)
    texts = Courier.objects.filter(pk__in=wanted).values("number")
    return wanted + _as_strangers(Stranger.Kind.COURIER, texts)


def numbers_of_devices(ids: Iterable[int]) -> list[int]:
    """These devices' ids, and the numbers (below zero) they had as strangers."""
    wanted = list(ids)
    texts = Device.objects.filter(pk__in=wanted).values("identifier")
    return wanted + _as_strangers(Stranger.Kind.DEVICE, texts)


def _as_strangers(kind: str, texts: Any) -> list[int]:
    return [-each for each in Stranger.objects.filter(kind=kind, text__in=texts).values_list("pk", flat=True)]


def link(days: Sequence[date], courier_ids: Sequence[int] | None, device_ids: Sequence[int] | None) -> int:
    """Give the visits of some days the numbers of couriers and devices that were strangers; how many visits.

    None means every courier (or device) that is registered by now.
    """
    linked = 0
    wanted = {"courier_id": courier_ids, "device_id": device_ids}
    with connection.cursor() as cursor:
        for column, sql in REPORTERS.items():
            among = wanted[column]
            cursor.execute(sql)
            pairs = [pair for pair in cursor.fetchall() if among is None or pair[1] in among]
            if pairs:
                cursor.execute(LINK.format(column=column), [*_columns(pairs), list(days)])
                linked += cursor.rowcount
    return linked


def waiting() -> tuple[list[int], list[int]]:
    """Couriers and devices, registered by now, of whom visits still carry a stranger's number."""
    found: list[list[int]] = []
    with connection.cursor() as cursor:
        for column, sql in REPORTERS.items():
            cursor.execute(sql)
            cursor.execute(WAITING.format(column=column), _columns(cursor.fetchall()))
            found.append([row[0] for row in cursor.fetchall()])
    return found[0], found[1]


def _columns(pairs: list[tuple[int, int]]) -> list[list[int]]:
    return [[pair[0] for pair in pairs], [pair[1] for pair in pairs]]
