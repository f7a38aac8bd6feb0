"""What every page of the room begins with: the place, whether it may be seen, its view, its state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from hashlib import blake2b
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest, Page
from puyou.atlas import board, figures, outlook, sentences
from puyou.atlas.forms import in_words
from puyou.atlas.outlook import Outlook, Weeks
from puyou.core import clock
from puyou.core.periods import Week
from puyou.core.steady import steadily
from puyou.places import queries as places
from puyou.places.models import Place, PlaceSet
from puyou.places.problems import UNKNOWN
from puyou.places.rules import clean_code, is_code
from puyou.standards import queries as standards

VILLAGE = 5
AS_OF_SECONDS = 300


@dataclass(frozen=True)
class Opened:
    """A page's place in someone's scope, as the address wants to see it."""

    scope: Scope
    place: Place
    above: list[Place]
    children: list[Place]
    view: Outlook
    weeks: Weeks
    today: date
    place_sets: Sequence[PlaceSet]
    levels: tuple[int, ...]
    state: figures.State
    asked: str

    @property
    def running(self) -> bool:
        """Whether the shown week is not over."""
        return self.view.week == self.weeks.running

    @property
    def settle_days(self) -> int:
        """How many days after its end the shown week settles."""
        return int(standards.get_value("settle_days", self.view.week.monday).number)

    @property
    def standing(self) -> str:
        """Whether the shown week is running, provisional or settled."""
        return sentences.standing_of(self.view.week, self.today, self.settle_days)

    @property
    def level(self) -> int:
        """The level that the table lists."""
        return self.view.level or self.levels[0]

    @property
    def words(self) -> list[tuple[str, str]]:
        """The filters in words."""
        return in_words(self.view, self.place_sets)

    @property
    def etag(self) -> str:
        """Changes whenever the page could: with the figures, the day, and what was asked."""
        said = f"{self.state}|{self.place.pk}|{self.asked}"
        return f'"{blake2b(said.encode(), digest_size=12).hexdigest()}"'

    def shell(self) -> dict[str, Any]:
        """The shell's share of the context: breadcrumbs (links in scope only) and the week."""
        chain = [
            {
                "name": one.name,
                "url": f"/atlas/{one.code}/?{self.view.query(level='', sort='')}"
                if self.scope.covers(one.path)
                else "",
            }
            for one in [*self.above, self.place]
        ]
        return {
            "place": self.place,
            "place_chain": chain,
            "week": self.view.week,
            "view": self.view,
            "weeks": self.weeks,
        }


def reads_steadily(view: Page) -> Page:
    """A page whose parts all speak of the same state of tree and rules."""

    @wraps(view)
    def steady_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with steadily():
            return view(request, *args, **kwargs)

    return steady_view


def said(request: HttpRequest) -> dict[str, str]:
    """What the address says, without characters that no database takes."""
    return {key: str(value).replace("\0", "") for key, value in request.GET.items()}


def find_place(code: str) -> Place:
    """The place of a code in an address; what is no code at all is not found either."""
    if not is_code(clean_code(code)):
        raise UNKNOWN(code=code[:40])
    return places.get_place(code)


def canonical(request: OfficerRequest, place: Place, code: str) -> HttpResponseRedirect | None:
    """The way to the address with the twelve digits, when another form was used."""
    if place.code == code:
        return None
    address = request.path.replace(f"/atlas/{code}/", f"/atlas/{place.code}/", 1)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def open_place(request: OfficerRequest, place: Place) -> Opened:
    """Read the address for a place in scope; Problem accounts.out_of_scope outside."""
    request.scope.require(place.path)
    today = clock.today()
    weeks = board.weeks_known(today)
    above = places.ancestors(place)
    children = places.list_children(request.scope, place) if place.level < VILLAGE else []
    levels = board.levels_of(place, children) if place.level < VILLAGE else ()
    sets = places.list_place_sets(request.scope)
    view = outlook.read(
        said(request),
        weeks,
        default=default_week(place, weeks),
        place_sets=tuple(one.code for one in sets),
        levels=levels,
    )
    if place.level >= VILLAGE:
        view = replace(view, area="", place_set="", tree="week")
    return Opened(
        scope=request.scope,
        place=place,
        above=above,
        children=children,
        view=view,
        weeks=weeks,
        today=today,
        place_sets=sets,
        levels=levels,
        state=figures.state_of(place, above, today),
        asked=view.query(page=request.GET.get("page", "")[:6]),
    )


def default_week(place: Place, weeks: Weeks) -> Week:
    """A map opens on the last week that is over, a village on the running one (decision 0045)."""
    return weeks.running if place.level == VILLAGE else weeks.ended


def answer(request: HttpRequest, template: str, context: dict[str, Any], etag: str = "") -> HttpResponse:
    """A page of the room: for this person only, and asked for again every time."""
    return follow(render(request, template, context), etag)


def follow(response: HttpResponse, etag: str = "") -> HttpResponse:
    """Let the browser ask again every time, telling what it has."""
    response.headers["Cache-Control"] = "private, no-cache"
    if etag:
        response.headers["ETag"] = etag
    return response


def kept(request: HttpRequest, opened: Opened, template: str, make: Callable[[], dict[str, Any]]) -> str:
    """A rendered part of a page that holds nothing but what its state, scope and address say; made once for all.

    Made again after some minutes, so that the moment it states is never far back.
    """
    spell = int(clock.now().timestamp()) // AS_OF_SECONDS
    scope, query = opened.scope, request.META["QUERY_STRING"]
    key = ("part", template, opened.etag, scope.grips, scope.everything, query, spell)
    return cast(str, figures.keep(key, lambda: render_to_string(template, make(), request)))


def not_modified(etag: str) -> HttpResponseNotModified:
    """Nothing moved since the page was made."""
    return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": "private, no-cache"})
