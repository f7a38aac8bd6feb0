"""Changes of single divisions and their subtrees, each dated, grounded and kept in the history."""

import unicodedata
from datetime import date, datetime

from django.db import transaction

from puyou.core import events, paths
from puyou.core.periods import day_of
from puyou.places import history, loading, problems, queries, rules
from puyou.places.events import PLACE_CREATED, PLACE_MOVED, PLACE_RECODED, PLACE_RENAMED, PLACE_RETIRED
from puyou.places.models import Kind, Place

NAME_LENGTH = 100
GROUND_LENGTH = 200


@transaction.atomic
def create_place(
    *,
    code: str,
    name: str,
    level: int,
    kind: Kind,
    parent: Place,
    on: date,
    ground: str,
    by: str,
    now: datetime,
) -> Place:
    """A division that begins on a day (``on``, not in the future), under a present one of a higher level."""
    loading.lock_tree()
    _check_day(on, now)
    ground, code, name = _checked_ground(ground), _free_code(code), _checked_name(name)
    above = _held(parent)
    if above.level >= level:
        raise problems.WRONG_LEVEL(name=name, parent=above.name)
    if on < above.valid_from:
        raise problems.TOO_EARLY(name=above.name, since=above.valid_from, day=on)
    place = Place(code=code, name=name, level=level, kind=kind, parent=above, path="", valid_from=on)
    place.path = "-"  # the path holds the id, which the database gives
    place.save()
    place.path = above.path + paths.step(place.pk)
    place.save(update_fields=["path"])
    data = {"on": on, "ground": ground, "code": code, "name": name, "parent": above.code}
    return _say(PLACE_CREATED, place, by, now, data)


@transaction.atomic
def rename_place(*, place: Place, name: str, on: date, ground: str, by: str, now: datetime) -> Place:
    """Give a place another name from a day on; what it was called before stays in the history."""
    place, ground = _ready(place, on, ground, now)
    name, before = _checked_name(name), place.name
    if name == before:
        raise problems.SAME(name=before)
    history.keep_place(place, on, ground)
    Place.objects.filter(pk=place.pk).update(name=name, valid_from=on)
    return _say(PLACE_RENAMED, place, by, now, {"on": on, "ground": ground, "before": before, "after": name})


@transaction.atomic
def recode_place(
    *, place: Place, code: str, on: date, ground: str, by: str, now: datetime, below: bool = False
) -> Place:
    """Give a place another code from a day on; with ``below`` its subtree's codes change their prefix too.

    The id stays, so no duty, visit or grant notices. The old code still leads here (queries.code_index).
    """
    place, ground = _ready(place, on, ground, now)
    before, after = place.code, _full(code)
    if after == before:
        raise problems.SAME(name=place.name)
    if below:
        _check_subtree(place, on)
    moves = history.recoded(place, after, below)
    _refuse_taken(moves)
    history.keep_rows(list(moves), on, ground)
    history.write_codes(moves, on)
    data = {"on": on, "ground": ground, "before": before, "after": after, "places": len(moves)}
    return _say(PLACE_RECODED, place, by, now, data)


@transaction.atomic
def move_place(*, place: Place, parent: Place, on: date, ground: str, by: str, now: datetime) -> Place:
    """Put a place and all below it under another parent from a day on; everyone moved gets a history row."""
    place, ground = _ready(place, on, ground, now)
    above = _held(parent)
    if above.path.startswith(place.path):
        raise problems.INTO_ITSELF(name=place.name)
    if above.level >= place.level:
        raise problems.WRONG_LEVEL(name=place.name, parent=above.name)
    if above.pk == place.parent_id:
        raise problems.SAME(name=place.name)
    if on < above.valid_from:
        raise problems.TOO_EARLY(name=above.name, since=above.valid_from, day=on)
    _check_subtree(place, on)
    before = queries.ancestors(place)[-1]
    history.keep_subtree(place.path, on, ground)
    moved = history.move_subtree(place, above, on)
    data = {"on": on, "ground": ground, "from": before.code, "to": above.code, "places": moved}
    return _say(PLACE_MOVED, place, by, now, data)


@transaction.atomic
def retire_place(
    *, place: Place, on: date, ground: str, by: str, now: datetime, successor: Place | None = None
) -> Place:
    """End a place on a day (the first one without it); its children must have been moved or ended before."""
    place, ground = _ready(place, on, ground, now)
    children = Place.objects.filter(parent_id=place.pk, valid_to=None).count()
    if children:
        raise problems.HAS_CHILDREN(name=place.name, count=children)
    heir = _held(successor) if successor else None
    if heir and heir.pk == place.pk:
        raise problems.INTO_ITSELF(name=place.name)
    Place.objects.filter(pk=place.pk).update(valid_to=on, successor=heir)
    data = {"on": on, "ground": ground, "successor": heir.code if heir else None}
    return _say(PLACE_RETIRED, place, by, now, data)


def _ready(place: Place, on: date, ground: str, now: datetime) -> tuple[Place, str]:
    """The place as it is now, held for change, when it may change on that day."""
    loading.lock_tree()
    _check_day(on, now)
    ground = _checked_ground(ground)
    held = _held(place)
    if held.parent_id is None:
        raise problems.IS_NATION()
    if on < held.valid_from:
        raise problems.TOO_EARLY(name=held.name, since=held.valid_from, day=on)
    return held, ground


def _held(place: Place) -> Place:
    held = Place.objects.select_for_update().get(pk=place.pk)
    if held.valid_to is not None:
        raise problems.RETIRED(name=held.name, code=held.code, day=held.valid_to, successor="")
    return held


def _check_day(on: date, now: datetime) -> None:
    if on > day_of(now):
        raise problems.FUTURE(day=on)


def _checked_ground(ground: str) -> str:
    ground = ground.strip()
    if not ground or len(ground) > GROUND_LENGTH:
        raise problems.NO_GROUND()
    return ground


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or any(unicodedata.category(c).startswith("C") for c in name):
        raise problems.NO_NAME()
    return name


def _full(code: str) -> str:
    try:
        return rules.full_code(code)
    except ValueError:
        raise problems.BAD_CODE(code=code[:40]) from None


def _free_code(code: str) -> str:
    full = _full(code)
    _refuse_taken({0: full})
    return full


def _refuse_taken(wanted: dict[int, str]) -> None:
    """Refuse codes (by place id) that a present place other than those changing has."""
    holder = (
        Place.objects.filter(code__in=list(wanted.values()), valid_to=None)
        .exclude(pk__in=list(wanted))
        .first()
    )
    if holder:
        raise problems.CODE_TAKEN(code=holder.code, name=holder.name)


def _check_subtree(place: Place, on: date) -> None:
    """Refuse a day on which something below had not yet become what it is now."""
    later = history.subtree(place.path).filter(valid_from__gt=on).order_by("-valid_from").first()
    if later:
        raise problems.TOO_EARLY(name=later.name, since=later.valid_from, day=on)


def _say(kind: str, place: Place, by: str, now: datetime, data: dict[str, object]) -> Place:
    loading.stamp_tree()
    events.append(kind, subject=f"place:{place.pk}", actor=by, now=now, data=data)
    place.refresh_from_db()
    return place
