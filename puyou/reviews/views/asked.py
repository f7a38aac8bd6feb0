"""What a request to the desk says: who asks, which place, which week."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core.periods import Week
from puyou.places import queries as places
from puyou.places.models import Place
from puyou.reviews import problems
from puyou.visits.listing import DESK_DAYS


def scope_of(request: HttpRequest) -> Scope:
    """What the asker may see."""
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> User:
    """Who asks."""
    return cast(User, request.user)


def place_of(request: HttpRequest) -> Place | None:
    """The place asked for, in scope; None for everything in scope."""
    code = request.GET.get("place", "").strip()
    if not code:
        return None
    place = places.get_place(code)
    scope_of(request).require(place.path)
    return place


def week_of(request: HttpRequest) -> Week | None:
    """The week asked for; None for the last four."""
    name = request.GET.get("week", "").strip()
    if not name:
        return None
    try:
        week = Week.parse(name)
        if date(1969, 1, 1) <= week.monday <= date(2200, 1, 1):
            return week
    except ValueError:
        pass
    raise problems.BAD_WEEK(name=name[:20])


def threshold_of(request: HttpRequest) -> int | None:
    """The score asked for, below which visits are listed; None for the rule's."""
    text = request.GET.get("threshold", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def span_of(place: Place | None, week: Week | None) -> str:
    """Place and time of a list in words."""
    return f"{place.name if place else '管辖范围'} {week.label if week else f'近 {DESK_DAYS} 天'}"


def chain_of(scope: Scope, place: Place | None) -> list[dict[str, Any]]:
    """The places above and the place itself, as the crumbs show them; doors only where the scope reaches."""
    if place is None:
        return []
    return [
        {"name": each.name, "url": f"/reviews/?place={each.code}" if scope.covers(each.path) else ""}
        for each in [*places.ancestors(place), place]
    ]


def doors_below(scope: Scope, place: Place | None) -> list[Place]:
    """The places one level down that lie in scope, to narrow a list by; those held themselves when none is asked."""
    if place is None:
        held = Place.objects.filter(path__in=[path for path in scope.paths() if path], valid_to=None)
        found = list(held.order_by("code"))
        return places.list_children(scope, found[0]) if len(found) == 1 else found
    return places.list_children(scope, place) if place.level < 4 else []
