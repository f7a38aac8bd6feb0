"""Reading village tags: the lists of pages, and what tags say of visits."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet

from puyou.accounts.scopes import Scope
from puyou.places.models import Place
from puyou.registry import tags
from puyou.registry.models import DeliveryPointVillage, VillageTag


class TagSaid(NamedTuple):
    """What a visit's phone read from a tag: in which village it says it was, and when."""

    text: str
    place_id: int
    on: date


def list_tags(scope: Scope, place: Place) -> QuerySet[VillageTag]:
    """Tags of the villages of a place in scope, newest first."""
    below = Q(place__path__gte=place.path, place__path__lt=place.path + "{")
    found = VillageTag.objects.filter(below, scope.q("place__path"))
    return found.select_related("place").order_by("-valid_from", "-id")


def tag_text(tag: VillageTag) -> str:
    """What a tag says, for printing it or writing it to a chip."""
    return tags.make_tag(tag.code, tag.number, settings.SECRET_KEY)


def tag_states(said: Sequence[TagSaid]) -> list[int]:
    """For each reading what it says of the visit: one of ``tags.STATES``."""
    read = [tags.read_tag(each.text, settings.SECRET_KEY) if each.text else None for each in said]
    codes = {tag.code for tag in read if tag}
    rows = {(row.code, row.number): row for row in VillageTag.objects.filter(code__in=codes)}
    points = _points({row.place_id for row in rows.values()} | {each.place_id for each in said if each.text})
    states = []
    for each, tag in zip(said, read, strict=True):
        row = rows.get((tag.code, tag.number)) if tag else None
        if row is None:
            states.append(tags.judge_tag(each.text, False, False, date.min, None, each.on))
            continue
        here = row.place_id == each.place_id or bool(
            _serving(points, row.place_id, each.on) & _serving(points, each.place_id, each.on)
        )
        states.append(tags.judge_tag(each.text, True, here, row.valid_from, row.valid_to, each.on))
    return states


def _points(places: set[int]) -> dict[int, list[DeliveryPointVillage]]:
    found: dict[int, list[DeliveryPointVillage]] = {}
    for row in DeliveryPointVillage.objects.filter(place__in=places) if places else ():
        found.setdefault(row.place_id, []).append(row)
    return found


def _serving(points: dict[int, list[DeliveryPointVillage]], place: int, on: date) -> set[int]:
    return {
        row.point_id
        for row in points.get(place, ())
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    }
