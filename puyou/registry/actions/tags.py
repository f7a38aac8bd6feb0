"""Hanging tags (村码) in villages, and ending those that are lost."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from puyou.core import events as log
from puyou.places.models import Place
from puyou.registry import events, problems
from puyou.registry.actions.villages import require_village
from puyou.registry.models import VillageTag


@transaction.atomic
def issue_tag(
    *, place: Place, kind: str = VillageTag.Kind.QR, valid_from: date, by: str, now: datetime
) -> VillageTag:
    """Make a tag for a village, in force from ``valid_from``; others that hang there stay in force."""
    require_village(place)
    if kind not in VillageTag.Kind.values:
        raise problems.UNKNOWN_TAG_KIND(kind=kind[:20])
    Place.objects.select_for_update().get(pk=place.pk)
    last = VillageTag.objects.filter(code=place.code).aggregate(last=Max("number"))["last"] or 0
    tag = VillageTag.objects.create(
        place=place, code=place.code, number=last + 1, kind=kind, valid_from=valid_from
    )
    data = {"place": place.pk, "number": tag.number, "kind": kind, "valid_from": str(valid_from)}
    log.append(events.TAG_ISSUED, subject=f"tag:{tag.pk}", actor=by, now=now, data=data)
    return tag


@transaction.atomic
def end_tag(*, tag: VillageTag, on: date, ground: str, by: str, now: datetime) -> VillageTag:
    """A tag is lost or replaced: it is not in force from ``on``. Problem without ground or when ended before."""
    tag = VillageTag.objects.select_for_update().get(pk=tag.pk)
    if not ground.strip():
        raise problems.GROUND_MISSING()
    if on < tag.valid_from:
        raise problems.ENDS_BEFORE_START(on=on, first=tag.valid_from)
    if tag.valid_to is not None and tag.valid_to <= on:
        raise problems.ENDED_ALREADY(on=tag.valid_to)
    tag.valid_to, tag.ground = on, ground.strip()[:200]
    tag.save(update_fields=["valid_to", "ground"])
    data = {"place": tag.place_id, "on": str(on), "ground": tag.ground}
    log.append(events.TAG_ENDED, subject=f"tag:{tag.pk}", actor=by, now=now, data=data)
    return tag
