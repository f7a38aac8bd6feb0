"""Rows of the past: what places were until a day, written for whole subtrees at once."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from puyou.core import paths
from puyou.places.models import Place

AFTER = "{"  # sorts after every digit of a path step
PREFIX = {0: 0, 1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
_KEEP = (
    "INSERT INTO places_placehistory (place_id, code, name, parent_id, path, valid_from, valid_to, ground)"
    " SELECT id, code, name, parent_id, path, valid_from, %s, %s FROM places_place"
    " WHERE valid_to IS NULL AND valid_from < %s AND "
)


def subtree(path: str) -> QuerySet[Place]:
    """The present places at and below a path."""
    return Place.objects.filter(path__gte=path, path__lt=path + AFTER, valid_to=None)


def keep_place(place: Place, until: date, ground: str) -> None:
    """Keep what a place was; nothing when it became so on that very day: the change is a correction."""
    keep_rows([place.pk], until, ground)


def keep_rows(ids: Collection[int], until: date, ground: str) -> None:
    """Keep what some places were until a day."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP + "id = ANY(%s)", [until, ground, until, list(ids)])


def keep_subtree(path: str, until: date, ground: str) -> None:
    """Keep what all present places at and below a path were until a day."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP + "path >= %s AND path < %s", [until, ground, until, path, path + AFTER])


def move_subtree(place: Place, parent: Place, on: date) -> int:
    """Put the subtree of a place under another parent; returns how many places moved."""
    target = parent.path + paths.step(place.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_place SET path = %s || substr(path, %s), valid_from = %s,"
            " parent_id = CASE WHEN id = %s THEN %s ELSE parent_id END"
            " WHERE valid_to IS NULL AND path >= %s AND path < %s",
            [target, len(place.path) + 1, on, place.pk, parent.pk, place.path, place.path + AFTER],
        )
        return int(cursor.rowcount)


def recoded(place: Place, code: str, below: bool) -> dict[int, str]:
    """The new codes by place id: of the place, and of those below that begin like it when ``below``."""
    if not below:
        return {place.pk: code}
    width = PREFIX[place.level]
    rows = subtree(place.path).filter(code__startswith=place.code[:width]).values_list("pk", "code")
    return {pk: code[:width] + old[width:] for pk, old in rows} | {place.pk: code}


def write_codes(codes: dict[int, str], on: date) -> None:
    """Give places their new codes; by way of none, since two may swap."""
    with connection.cursor() as cursor:
        ids = list(codes)
        cursor.execute("UPDATE places_place SET code = '#' || id WHERE id = ANY(%s)", [ids])
        cursor.execute(
            "UPDATE places_place p SET code = n.code, valid_from = %s"
            " FROM unnest(%s::int[], %s::text[]) AS n(id, code) WHERE p.id = n.id",
            [on, ids, list(codes.values())],
        )
