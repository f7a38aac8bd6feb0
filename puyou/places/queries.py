"""Reading divisions: one by its code, the tree as arrays, search, place sets."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from puyou.core import paths
from puyou.places import finder, rules, snapshot
from puyou.places.arrays import CodeIndex, Tree
from puyou.places.models import Place, PlaceHistory, PlaceSet, PlaceSetMember, Vintage
from puyou.places.problems import BAD_CODE, CODE_CHANGED, NO_SUCH_SET, RETIRED, UNKNOWN

Found = finder.Found


def get_place(code: str) -> Place:
    """The present place of a code of 2, 4, 6, 9 or 12 digits; a problem in Chinese when there is none."""
    try:
        full = rules.full_code(code)
    except ValueError:
        raise BAD_CODE(code=code[:40]) from None
    place = Place.objects.filter(code=full, valid_to=None).first()
    if place is None:
        raise _why_not(full)
    return place


def _why_not(code: str) -> Exception:
    """What became of a code that nobody has now."""
    past = PlaceHistory.objects.filter(code=code).select_related("place").order_by("-valid_to").first()
    if past and past.place.valid_to is None:
        return CODE_CHANGED(code=code, day=past.valid_to, now=past.place.code, name=past.place.name)
    gone = Place.objects.filter(code=code).select_related("successor").order_by("-valid_to").first()
    gone = gone or (past.place if past else None)
    if gone is None:
        return UNKNOWN(code=code)
    successor = f"，并入{gone.successor.name}（{gone.successor.code}）" if gone.successor else ""
    return RETIRED(name=gone.name, code=code, day=gone.valid_to, successor=successor)


def get_places(ids: Iterable[int]) -> dict[int, Place]:
    """Places by id, present or retired; one query."""
    return Place.objects.in_bulk(list(ids))


def get_root() -> Place:
    """The nation."""
    return get_place("000000000000")


def list_children(scope: Any, place: Place) -> list[Place]:
    """The present children of a place in code order. Names are public: the scope does not narrow them."""
    return list(Place.objects.filter(parent=place, valid_to=None).order_by("code"))


def ancestors(place: Place) -> list[Place]:
    """Everything above a place, from the nation down, the place itself not included; one query."""
    above = paths.ids(place.path)[:-1]
    found = Place.objects.in_bulk(above)
    return [found[identifier] for identifier in above]


def current_tree() -> Tree:
    """The tree as it is now; kept in this process until any process changes it."""
    mark = snapshot.stamp()
    return snapshot.keep("tree", snapshot.PRESENT, mark, lambda: snapshot.open_tree(mark))


def tree_on(day: date) -> Tree:
    """The tree as it was on a day; days before the loaded edition are answered with the edition's tree.

    Days between the same two changes share one tree: a year of weeks costs as many trees as it saw changes.
    """
    mark = snapshot.stamp()
    changes = snapshot.keep("changes", snapshot.PRESENT, mark, _change_days)
    past = [change for change in changes if change <= day] or changes[:1]
    if len(past) == len(changes):
        return current_tree()
    since = past[-1]
    return snapshot.keep("tree", str(since), mark, lambda: snapshot.read_tree(since))


def _change_days() -> list[date]:
    """The day of the edition and, in order, the days on which the tree changed since."""
    edition = Vintage.objects.values_list("cut_off", flat=True).first() or date.min
    days = {edition} | set(PlaceHistory.objects.values_list("valid_to", flat=True).distinct())
    retired = Place.objects.values_list("valid_to", flat=True).distinct()
    days |= {day for day in retired if day is not None}
    days |= set(Place.objects.filter(valid_from__gt=edition).values_list("valid_from", flat=True).distinct())
    return sorted(days)


def code_index() -> CodeIndex:
    """Level-5 codes to place ids, present codes first, past ones where nobody else has them."""
    mark = snapshot.stamp()
    return snapshot.keep("codes", snapshot.PRESENT, mark, lambda: snapshot.open_code_index(mark))


def search(text: str, limit: int = 20) -> list[Found]:
    """Places by a piece of their name or the beginning of their code, best first (finder.Finder.find)."""
    mark = snapshot.stamp()
    kept = snapshot.keep("finder", snapshot.PRESENT, mark, lambda: snapshot.open_finder(mark))
    return kept.find(text, limit)


def get_place_set(code: str) -> PlaceSet:
    """A place set by its code."""
    found = PlaceSet.objects.filter(code=code).first()
    if found is None:
        raise NO_SUCH_SET(code=code[:40])
    return found


def list_place_sets(scope: Any) -> list[PlaceSet]:
    """All place sets by name; what they are called is public."""
    return list(PlaceSet.objects.order_by("name"))


def list_members(scope: Any, place_set: PlaceSet, day: date | None = None) -> QuerySet[PlaceSetMember]:
    """Who belongs to a set on a day, or ever did; lists of places are public."""
    found = place_set.members.select_related("place__parent__parent").order_by("place__code", "valid_from")
    if day is None:
        return found
    return found.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))


def members_of(place_set_code: str, day: date) -> list[Place]:
    """The places that belong to a set on a day, in code order."""
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    members = get_place_set(place_set_code).members.filter(in_force).select_related("place")
    return [member.place for member in members.order_by("place__code")]
