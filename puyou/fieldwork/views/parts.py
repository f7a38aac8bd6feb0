"""What the desk's pages share: the doors between them, the place and day asked for, answers that follow the facts."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import OfficerRequest
from puyou.core import clock, formats, paths
from puyou.fieldwork import problems
from puyou.places import queries as places
from puyou.places.models import Place

RUN = "fieldwork.run"
COUNTY = 3
DOORS = (
    ("今日班务", "fieldwork"),
    ("设备", "fieldwork_devices"),
    ("请假与代班", "fieldwork_leave"),
    ("村码", "fieldwork_tags"),
    ("纸质补录", "fieldwork_slips"),
    ("培训", "fieldwork_training"),
)


@dataclass(frozen=True)
class Desk:
    """A place in someone's scope on a day."""

    scope: Scope
    place: Place
    on: date
    today: date

    @property
    def live(self) -> bool:
        return self.on == self.today

    @property
    def when(self) -> str:
        """今天, or the day in words."""
        return "今天" if self.live else formats.day(self.on)

    def day_address(self, days: int) -> str:
        """The same page on another day; empty for days to come."""
        on = self.on + timedelta(days=days)
        return f"?place={self.place.code}&day={on}" if on <= self.today else ""


def open_desk(request: OfficerRequest) -> Desk:
    """Read place and day of the address; the person's own highest place and today unless told otherwise."""
    place = own_place(request)
    request.scope.require(place.path)
    return Desk(request.scope, place, read_day(request), clock.today())


def own_place(request: OfficerRequest) -> Place:
    """The place asked for, else the highest that the person may see."""
    code = request.GET.get("place", "").strip()
    if code:
        return places.get_place(code)
    path = min(request.scope.paths(), key=lambda one: (len(one), one))
    return places.get_places([paths.ids(path)[-1]]).popitem()[1] if path else places.get_root()


def read_day(request: HttpRequest) -> date:
    """The day asked for, today without one; Problem fieldwork.bad_day."""
    text = request.GET.get("day", "").strip()
    if not text:
        return clock.today()
    try:
        day = date.fromisoformat(text)
        if date(2000, 1, 1) <= day <= clock.today():
            return day
    except ValueError:
        pass
    raise problems.BAD_DAY(day=text[:20])


def chain(scope: Scope, place: Place, name: str = "fieldwork") -> list[dict[str, str]]:
    """The places above and the place itself, as crumbs; doors only where the scope reaches."""
    return [
        {"name": one.name, "url": f"{reverse(name)}?place={one.code}" if scope.covers(one.path) else ""}
        for one in [*places.ancestors(place), place]
    ]


def doors(request: OfficerRequest) -> list[dict[str, Any]]:
    """The desk's pages, the present one marked."""
    addresses = [(label, reverse(name)) for label, name in DOORS]
    here = max((a for _, a in addresses if request.path.startswith(a)), key=len, default="")
    return [{"label": label, "address": address, "here": address == here} for label, address in addresses]


def page(request: OfficerRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the desk with the doors to its neighbours."""
    shown = {"doors": doors(request), "may_run": request.scope.may(RUN)} | context
    response = render(request, template, shown, status=status)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def etag_of(*said: object) -> str:
    """A tag that changes when anything of it does."""
    return f'"{blake2b(repr(said).encode(), digest_size=12).hexdigest()}"'


def follow(
    request: OfficerRequest, etag: str, template: str, context: dict[str, Any]
) -> HttpResponse | HttpResponseNotModified:
    """The part of a page that follows the facts: 304 while nothing moved."""
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    response = render(request, template, context)
    for name, value in headers.items():
        response.headers[name] = value
    return response
